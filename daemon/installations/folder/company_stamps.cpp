#include "installations/folder/company_stamps.hpp"

#include <fcntl.h>
#include <strings.h>

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <cstring>

#include "core/text.hpp"
#include "installations/folder/place_names.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::array own_files{"samsynk/company.yaml", "samsynk/preferences.yaml", "samsynk/collaboration.yaml"};
constexpr std::size_t of_preferences = 1;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

// All that is looked at goes through here, always in the same order: the folder, its SIE files by name, its own folder,
// the files in that. Beside the time that a program may set (mtime) the one counts that it can't (ctime).
class Fingerprint {
public:
    void add(const struct stat& status) {
        boost::hash_combine(value_, status.st_dev);
        boost::hash_combine(value_, status.st_ino);
        boost::hash_combine(value_, status.st_size);
        boost::hash_combine(value_, nanoseconds(status.st_mtim));
        boost::hash_combine(value_, nanoseconds(status.st_ctim));
        youngest_ = std::max({youngest_, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)});
    }
    void add(const std::string& name) { boost::hash_combine(value_, std::hash<std::string>{}(name)); }
    std::uint64_t value() const { return value_ == 0 ? 1 : value_; }
    std::int64_t youngest() const { return youngest_; }

private:
    std::size_t value_ = 0;
    std::int64_t youngest_ = 0;
};

const char* name_in_own(const char* file) { return std::strchr(file, '/') + 1; }

bool look_at(int folder, const char* name, struct stat& status) {
    return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool same_but_for_case(const char* name, const char* wanted) {
    return ::strcasecmp(name, wanted) == 0 && std::strcmp(name, wanted) != 0;
}

// Takes an ending of the list away; whether there was one.
bool without_ending(std::string_view& name, std::initializer_list<std::string_view> endings) {
    for (const std::string_view ending : endings)
        if (name.ends_with(ending)) {
            name.remove_suffix(ending.size());
            return true;
        }
    return false;
}

// `preferences.yaml` by another ending, as a copy, misspelt or in other letters: `Preferences.yml`,
// `preferences.yaml.txt`, `preferences (1).yaml`, `preferences - Kopia.yaml`, `preferances.yaml`. What is hidden, or
// was put away by an editor (`.bak`, `~`), was not meant to be read.
bool is_meant_as(const std::string& name, std::string_view wanted) {
    if (name == wanted || name.starts_with('.') || name.starts_with("~$")) return false;
    const std::string small = lower_case(name);
    std::string_view stem = small;
    without_ending(stem, {".txt", ".json"});
    const bool yaml = without_ending(stem, {".yaml", ".yml"});
    const std::string_view key = wanted.substr(0, wanted.find('.'));
    const auto is_key = [&](std::string_view word) { return word == key || meant_key(word, {{.key = key}}); };
    if (is_key(stem)) return true;
    constexpr std::string_view separators = " .-_(";
    const std::size_t first = stem.find_first_of(separators);
    return yaml && first != std::string_view::npos &&
           (is_key(stem.substr(0, first)) || is_key(stem.substr(stem.find_last_of(separators) + 1)));
}

// What Windows made in other letters, through Samba, is another file here. Nobody meant it as the absence of a choice.
Error misspelt(const fs::path& file, const std::string& wanted) {
    return fail(Errc::bad_file, N_("{file} is not read by that name. Call it {name}, in small letters, or remove it."),
                {{"file", file.string()}, {"name", wanted}});
}

struct Listed {
    std::vector<std::string> sie;  // in order
    std::string misspelt;          // of our own folder
};

Result<Listed> list(const CompanyFolder& folder) {
    Listed listed;
    const auto entries = folder.company.list();
    if (entries.has_error()) return folder_error(folder.path, entries.error().value());
    for (const posix::Entry& entry : *entries) {
        if (is_sie_name(entry.name)) listed.sie.push_back(entry.name);
        if (same_but_for_case(entry.name.c_str(), "samsynk")) listed.misspelt = entry.name;
    }
    std::sort(listed.sie.begin(), listed.sie.end());
    return listed;
}

// Of our own files: one that is called otherwise, and could have said whose the folder is, or that it is to be ignored.
Result<void> look_for_misspelt(const CompanyFolder& folder) {
    const auto entries = folder.own->list();
    if (entries.has_error()) return folder_error(folder.own_path(), entries.error().value());
    for (const posix::Entry& entry : *entries)
        for (const char* own : {own_files.front(), own_files.at(of_preferences)})
            if (is_meant_as(entry.name, name_in_own(own)))
                return misspelt(folder.own_path() / entry.name, name_in_own(own));
    return {};
}

void add_sie_files(int folder, const std::vector<std::string>& names, CompanyStamps& stamps, Fingerprint& print) {
    for (const std::string& name : names) {
        struct stat status {};
        if (!look_at(folder, name.c_str(), status)) continue;
        stamps.sie.push_back({name, stamp_of(status).changed, S_ISREG(status.st_mode)});
        print.add(name);
        print.add(status);
    }
}

Result<void> add_own_files(const CompanyFolder& folder, CompanyStamps& stamps, Fingerprint& print) {
    if (!folder.own) return {};
    const auto own = folder.own->status();
    if (own.has_error()) return folder_error(folder.own_path(), own.error().value());
    stamps.entries.own_folder = true;
    print.add(*own);
    struct stat status {};
    for (std::size_t i = 0; i < own_files.size(); ++i) {
        if (!look_at(folder.own->descriptor(), name_in_own(own_files.at(i)), status)) continue;
        stamps.entries.own.at(i) = true;
        print.add(status);
        if (i == of_preferences) stamps.preferences = stamp_of(status);
    }
    return look_for_misspelt(folder);
}

}  // namespace

Result<CompanyStamps> stamps_of(const CompanyFolder& folder) {
    CompanyStamps stamps;
    Fingerprint print;
    const auto status = folder.company.status();
    if (status.has_error()) return folder_error(folder.path, status.error().value());
    print.add(*status);
    const auto listed = list(folder);
    if (listed.has_error()) return listed.error();
    add_sie_files(folder.company.descriptor(), listed->sie, stamps, print);
    if (!listed->misspelt.empty() && !folder.own) return misspelt(folder.path / listed->misspelt, "samsynk");
    if (auto own = add_own_files(folder, stamps, print); own.has_error()) return own.error();
    stamps.youngest = print.youngest();
    stamps.fingerprint = print.value();
    return stamps;
}

std::uint64_t look_again_at(int root, const std::string& place, const CompanyEntries& entries,
                            const std::string& only_sie) {
    Fingerprint print;
    std::string path = place;
    const auto add = [&](const char* name) {
        path.resize(place.size());
        if (*name) (path += '/') += name;
        struct stat status {};
        // What is gone adds nothing, so that the fingerprint is another one.
        if (look_at(root, path.c_str(), status)) print.add(status);
    };
    const auto add_sie = [&](const std::string& name) {
        print.add(name);
        add(name.c_str());
    };
    add("");
    if (entries.only_sie) add_sie(only_sie);
    if (entries.sie) std::for_each(entries.sie->begin(), entries.sie->end(), add_sie);
    if (entries.own_folder) add("samsynk");
    for (std::size_t i = 0; i < own_files.size(); ++i)
        if (entries.own.at(i)) add(own_files.at(i));
    return print.value();
}

}  // namespace samsynk::installations
