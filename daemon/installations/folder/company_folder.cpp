#include "installations/folder/company_folder.hpp"

#include <cerrno>
#include <cstring>

#include "installations/folder/atomic_file.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;
using namespace posix::literals;

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

}  // namespace samsynk::installations
