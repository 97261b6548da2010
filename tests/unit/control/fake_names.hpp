// A name service as a test wants it: it can be told to hang, or not to answer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

#include "control/name_service.hpp"

namespace samsynk::control {

class FakeNames : public NameService {
public:
    std::map<std::string, gid_t> groups{{"samsynk", 10}, {"adm", 20}};
    std::map<uid_t, Person> people;
    std::atomic<int> asked{0};

    void hang() { hold(true); }
    void go_on() { hold(false); }

    Answered<gid_t> group(const std::string& name) override {
        const auto known = groups.find(name);
        return {true, known == groups.end() ? std::nullopt : std::optional{known->second}};
    }
    Answered<Person> person(uid_t uid) override {
        ++asked;
        std::unique_lock lock{mutex_};
        moved_.wait(lock, [this] { return !hangs_; });
        const auto known = people.find(uid);
        return {true, known == people.end() ? std::nullopt : std::optional{known->second}};
    }
    void change(uid_t uid, Person person) {
        const std::lock_guard lock{mutex_};
        people[uid] = std::move(person);
    }

private:
    void hold(bool hangs) {
        const std::lock_guard lock{mutex_};
        hangs_ = hangs;
        moved_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable moved_;
    bool hangs_ = false;
};

}  // namespace samsynk::control
