#include "installations/exec/bridge_company.hpp"

#include <array>
#include <charconv>

#include "core/json_text.hpp"
#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/exec/bridge_lines.hpp"
#include "installations/exec/shown_text.hpp"
#include "installations/wrong_number.hpp"

namespace samsynk::installations {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_number = 40;

class CompanyReader {
public:
    explicit CompanyReader(const json::object& object) : object_{object} {}

    // A text; null or left out: nothing.
    Result<std::optional<std::string>> text(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || value->is_null()) return std::optional<std::string>{};
        if (!value->is_string() || view(value->get_string()).find(no_character) != std::string_view::npos)
            return wrong(key);
        return std::optional{std::string{view(value->get_string())}};
    }
    bool has(const char* key) const { return object_.contains(key); }
    Result<bool> flag(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || value->is_null()) return false;
        if (!value->is_bool()) return wrong(key);
        return value->get_bool();
    }
    // Must be there: one that is misspelt would be read as a choice that was taken away.
    Result<sync::Choice> choice(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || (!value->is_null() && !value->is_bool())) return wrong(key);
        return value->is_null() ? sync::Choice{} : sync::Choice{value->get_bool()};
    }
    // The place, once it is known, for what is wrong with the rest.
    void stands_at(std::string place) { place_ = std::move(place); }

private:
    Error wrong(const char* key) const {
        return fail(Errc::bad_file,
                    N_("{place}: the bridge tells “{field}” in another way than agreed, or not at all. This company is "
                       "set aside until the bridge is corrected."),
                    {{"place", place_}, {"field", key}});
    }

    const json::object& object_;
    std::string place_;
};

// What is not a fingerprint is not ours: the agent was there, and must tell it anew.
std::uint64_t fingerprint_in(const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return failed == std::errc{} && end == text.data() + text.size() ? value : 0;
}

Result<void> read_identity(sync::LocalCompany& company, const CompanyReader& reader) {
    const auto name = reader.text("name");
    if (name.has_error()) return name.error();
    company.name = plain(on_one_line(shortened(name->value_or(""), longest_name)));
    const auto ignored = reader.flag("ignored");
    if (ignored.has_error()) return ignored.error();
    company.ignored = *ignored;
    const auto trouble = reader.text("error");
    if (trouble.has_error()) return trouble.error();
    if (*trouble)
        return fail(Errc::unreadable, N_("{place} can't be read: {said}"),
                    {{"place", company.place}, {"said", said_by_bridge(**trouble)}});
    const auto number = reader.text("number");
    if (number.has_error()) return number.error();
    if (number->value_or("").find_first_not_of(' ') == std::string::npos)
        return fail(Errc::missing_number,
                    N_("{place} ({name}) has no organisation number. Enter it in the accounting program."),
                    {{"place", company.place}, {"name", company.name}});
    const auto parsed = OrgNumber::parse(shortened(**number, longest_number));
    if (parsed.has_error()) return wrong_number_of(parsed.error(), company.place, company.name);
    company.company = *parsed;
    return {};
}

Result<void> read_times(sync::LocalCompany& company, const CompanyReader& reader) {
    const auto told = reader.text("collaboration_revision");
    if (told.has_error()) return told.error();
    if (*told) company.notice = fingerprint_in(**told);
    const auto chosen_at = reader.text("changed_at");
    if (chosen_at.has_error()) return chosen_at.error();
    if (!*chosen_at) return {};
    const auto time = parse_rfc3339(**chosen_at);
    if (time.has_error())
        return fail(Errc::bad_file,
                    N_("{place}: “changed_at” is no time as 2026-11-02T08:00:00Z. This company is set aside until the "
                       "bridge is corrected."),
                    {{"place", company.place}});
    company.chosen_at = *time;
    return {};
}

// Words of before 0.1. Passed over, they would look as if nothing had been said.
Result<void> look_for_old_words(const CompanyReader& reader, const std::string& place) {
    constexpr std::array<std::pair<const char*, const char*>, 3> renamed{
        {{"told", "collaboration_revision"}, {"trouble", "error"}, {"chosen_at", "changed_at"}}};
    for (const auto& [old, now] : renamed)
        if (reader.has(old))
            return fail(
                Errc::bad_file,
                N_("{place}: the bridge says “{old}”, which is called “{now}” now. This company is set aside until "
                   "the bridge is corrected."),
                {{"place", place}, {"old", old}, {"now", now}});
    return {};
}

Result<void> read_rest(sync::LocalCompany& company, const CompanyReader& reader, bool with_preferences) {
    if (auto old = look_for_old_words(reader, company.place); old.has_error()) return old;
    if (auto identity = read_identity(company, reader); identity.has_error()) return identity;
    if (auto times = read_times(company, reader); times.has_error()) return times;
    if (!with_preferences) return {};
    for (const auto preference : sync::all_preferences) {
        const auto choice = reader.choice(name_of(preference).data());
        if (choice.has_error()) return choice.error();
        company.preferences[preference] = *choice;
    }
    return {};
}

}  // namespace

sync::LocalCompany read_bridge_company(const json::value& value, bool with_preferences) {
    sync::LocalCompany company{.place = {}, .identity_source = "bridge"};
    if (!value.is_object()) return company;
    CompanyReader reader{value.get_object()};
    const auto place = reader.text("place");
    if (place.has_error() || !*place || !can_be_place(**place)) return company;
    company.place = **place;
    reader.stands_at(company.place);
    if (const auto rest = read_rest(company, reader, with_preferences); rest.has_error()) {
        company.trouble = rest.error();
        company.preferences = {};
    }
    return company;
}

}  // namespace samsynk::installations
