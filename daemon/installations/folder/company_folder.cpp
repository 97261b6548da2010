#include "installations/folder/company_folder.hpp"

#include <cerrno>
#include <cstring>

#include "installations/folder/atomic_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using namespace posix::literals;

constexpr std::int64_t most_ahead = 5 * 60 * 1'000'000'000LL;  // a file server's clock before ours

Error not_its_own(const fs::path& folder) {
    return fail(Errc::unreadable, N_("{file} is not a folder of its own. Links are not followed."),
                {{"file", folder.string()}});
}

Error own_error(const fs::path& own, int number) {
    if (number == posix::no_folder) return not_its_own(own);
    if (number == posix::another_device)
        return fail(Errc::unreadable,
                    N_("{file} is on another file system than the company's folder, and is not read or written. Take "
                       "away what is mounted there, or mount the company's whole folder."),
                    {{"file", own.string()}});
    return folder_error(own, number);
}

}  // namespace

Error folder_error(const fs::path& folder, int number) {
    Error error = read_error(folder, number);
    if (error.code != Errc::unreadable) return error;
    return fail(Errc::unreadable, N_("The folder {file} can't be read ({why}). Check its permissions."),
                {{"file", folder.string()}, {"why", std::strerror(number)}});
}

Result<CompanyFolderPtr> open_company(const posix::Directory& root, const std::string& folder, const fs::path& path) {
    const auto name = posix::Name::of(folder);
    auto company = name ? root.open_any(*name) : posix::Outcome<posix::Directory>{posix::error_of(ENOENT)};
    if (company.has_error()) return folder_error(path, company.error().value());
    auto opened = std::make_shared<CompanyFolder>(CompanyFolder{path, std::move(*company), std::nullopt});
    auto own = opened->company.open_below("samsynk"_name);
    if (own.has_error() && own.error().value() != ENOENT) return own_error(opened->own_path(), own.error().value());
    // Without that right each file in it would look as if it were not there.
    if (own.has_value() && !own->is_searchable()) return folder_error(opened->own_path(), EACCES);
    if (own.has_value()) opened->own = std::move(*own);
    return CompanyFolderPtr{std::move(opened)};
}

Result<posix::Directory> make_own(const CompanyFolder& folder) {
    auto own = folder.company.make_below("samsynk"_name);
    if (own.has_value()) return std::move(*own);
    const int number = own.error().value();
    if (number == posix::no_folder || number == posix::another_device) return own_error(folder.own_path(), number);
    return write_error(folder.own_path(), number);
}

bool is_young(std::int64_t changed, std::int64_t now) {
    return changed + settle_time > now && changed < now + most_ahead;
}

// Cut off a moment ago and not yet written anew: an editor that writes in place does it in two steps, on a share a
// while apart. That is not the absence of a choice; and what would be put in its place, its second step would never
// reach.
bool is_being_written(const CompanyFolder& folder, const std::optional<std::string>& text, std::int64_t now) {
    if (!text || !text->empty() || !folder.own) return false;
    const auto status = folder.own->status_of(preferences_name());
    return status.has_value() && is_young(stamp_of(*status).changed, now);
}

Error in_use(const fs::path& file) {
    return fail(Errc::busy, N_("{file} is in use. It is tried again."), {{"file", file.string()}});
}

const posix::Name& preferences_name() {
    static const posix::Name name = "preferences.yaml"_name;
    return name;
}
const posix::Name& notice_name() {
    static const posix::Name name = "collaboration.yaml"_name;
    return name;
}

Result<std::optional<std::string>> read_own(const CompanyFolder& folder, const posix::Name& name, Locks locks) {
    if (!folder.own) return std::optional<std::string>{};
    return read_small_file(*folder.own, name, folder.own_path() / name.text(), small_file_limit, false, locks);
}

}  // namespace samsynk::installations
