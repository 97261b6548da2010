#include "control/name_service.hpp"

#include <grp.h>
#include <pwd.h>

#include <cerrno>

namespace samsynk::control {
namespace {

constexpr std::size_t most_room = 64 * 1024 * 1024;  ///< a group of a million members has room in it

// With more room where there was too little: a large group's members are all in one answer.
template <class Ask>
int with_room(Ask ask) {
    for (std::vector<char> room(4096);; room.resize(room.size() * 2)) {
        const int code = ask(room);
        if (code != ERANGE || room.size() >= most_room) return code;
    }
}

// The ways in which C libraries say that there is no such entry.
bool says_no(int code) { return code == 0 || code == ENOENT || code == ESRCH || code == EBADF || code == EPERM; }

std::vector<gid_t> groups_named(const std::string& user, gid_t primary) {
    std::vector<gid_t> groups(64);
    for (;;) {
        int count = static_cast<int>(groups.size());
        const bool all = ::getgrouplist(user.c_str(), primary, groups.data(), &count) >= 0;
        const auto told = static_cast<std::size_t>(count);
        if (all) {
            groups.resize(told);
            return groups;
        }
        groups.resize(told > groups.size() ? told : groups.size() * 2);
    }
}

}  // namespace

Answered<gid_t> SystemNames::group(const std::string& name) {
    ::group entry{};
    ::group* found = nullptr;
    const int code =
        with_room([&](auto& room) { return ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found); });
    if (found) return {true, entry.gr_gid};
    return {says_no(code), std::nullopt};
}

Answered<Person> SystemNames::person(uid_t uid) {
    ::passwd entry{};
    ::passwd* found = nullptr;
    Person person;
    const int code = with_room([&](auto& room) {
        const int asked = ::getpwuid_r(uid, &entry, room.data(), room.size(), &found);
        if (found) person.name = entry.pw_name;  // while the room that it stands in is there
        return asked;
    });
    if (!found) return {says_no(code), std::nullopt};
    person.groups = groups_named(person.name, entry.pw_gid);
    return {true, std::move(person)};
}

}  // namespace samsynk::control
