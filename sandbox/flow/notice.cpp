#include "sandbox/flow/notice.hpp"

#include <array>
#include <utility>

namespace samsynk::sandbox {
namespace {

constexpr std::array<std::pair<NoticeKind, std::string_view>, 10> names{{
    {NoticeKind::invitation_with_function, "invitation_with_function"},
    {NoticeKind::invitation_without_function, "invitation_without_function"},
    {NoticeKind::invitation_new_on_spiris, "invitation_new_on_spiris"},
    {NoticeKind::reminder, "reminder"},
    {NoticeKind::approved, "approved"},
    {NoticeKind::terms_accepted, "terms_accepted"},
    {NoticeKind::declined, "declined"},
    {NoticeKind::expired, "expired"},
    {NoticeKind::ending, "ending"},
    {NoticeKind::ended, "ended"},
}};

}  // namespace

std::string_view name_of(Language language) { return language == Language::sv ? "sv" : "en"; }
Language language_named(std::string_view name) { return name == "en" ? Language::en : Language::sv; }

std::string_view name_of(NoticeKind kind) {
    for (const auto& [known, name] : names)
        if (known == kind) return name;
    return {};
}

NoticeKind notice_named(std::string_view name) {
    for (const auto& [kind, known] : names)
        if (known == name) return kind;
    return NoticeKind::expired;
}

}  // namespace samsynk::sandbox
