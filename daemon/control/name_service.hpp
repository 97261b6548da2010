// What the machine's name services (files, LDAP) say of users and groups. They may take their time, or hang.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace samsynk::control {

struct Person {
    std::string name;
    std::vector<gid_t> groups;
};

/// What was asked for, where the service could be asked at all.
template <class T>
struct Answered {
    bool reached = false;
    std::optional<T> found{};
};

/// Is called on threads beside the loop, several at a time.
class NameService {
public:
    virtual ~NameService() = default;
    virtual Answered<gid_t> group(const std::string& name) = 0;
    virtual Answered<Person> person(uid_t uid) = 0;
};

class SystemNames : public NameService {
public:
    Answered<gid_t> group(const std::string& name) override;
    Answered<Person> person(uid_t uid) override;
};

}  // namespace samsynk::control
