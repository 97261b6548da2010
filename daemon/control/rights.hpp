// What a caller may do at this moment: rights end when they end, not when a connection does.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/asked_aside.hpp"
#include "control/access.hpp"
#include "control/name_service.hpp"

namespace samsynk::control {

/// It takes both: a process that holds the group (fixed when the person signed in), and a name service that still
/// counts the user in it. Root and the daemon's own user are asked nothing.
class Rights {
public:
    using Seconds = std::chrono::seconds;
    static constexpr Seconds kept{10};                          ///< how long an answer of the name service is used
    static constexpr std::chrono::milliseconds patience{2000};  ///< how long one is waited for
    static constexpr std::size_t most_people = 256;             ///< of whom answers are kept

    Rights(boost::asio::any_io_executor executor, std::shared_ptr<NameService> names,
           std::vector<std::string> observers, std::chrono::milliseconds waits = patience,
           std::chrono::milliseconds keeps = kept);

    /// From now on, and for all who are connected.
    void let_look(std::vector<std::string> observers);

    /// By the process's groups alone, with nothing asked.
    Access at_first_sight(const Caller& caller) const;
    /// Where the name service does not answer: as it was known last, and reading only.
    boost::asio::awaitable<Peer> judge(Caller caller);

private:
    using Numbers = AskedAside<GroupNumbers>;
    using People = AskedAside<Answered<Person>>;

    boost::asio::awaitable<bool> renew_numbers();
    boost::asio::awaitable<bool> renew(std::shared_ptr<People> person, uid_t uid);
    std::shared_ptr<People> person(uid_t uid);
    bool is_new(Numbers::Instant since) const { return Numbers::Instant::clock::now() - since <= keeps_; }

    boost::asio::any_io_executor executor_;
    std::shared_ptr<NameService> names_;
    std::vector<std::string> observers_;
    std::chrono::milliseconds waits_, keeps_;
    Numbers numbers_;
    std::map<uid_t, std::shared_ptr<People>> people_;
    Numbers::Instant told_{};  ///< when `observers_` were set: what was asked before is old
};

}  // namespace samsynk::control
