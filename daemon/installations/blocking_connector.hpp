// Books that may block, as those on a share or in a database, as the agent sees them: worked with on a thread of their
// own, waited for a time only, and listened to or polled between the runs.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/ports.hpp"
#include "async/event.hpp"
#include "async/worker.hpp"
#include "installations/companies.hpp"
#include "posix/unique_fd.hpp"

namespace samsynk::installations {

/// How changes are learned of between the runs.
enum class Listening {
    none,       ///< not at all
    automatic,  ///< from the kernel, where it tells of all of them; else they are polled for
    events,     ///< from the kernel
    looking,    ///< they are polled for, every ten seconds or (where that is slow) more seldom
};

using WriteResults = std::vector<Result<void>>;

/// Used from one thread at a time. See agent::LocalSide for what each call means.
class BlockingRepository {
public:
    virtual ~BlockingRepository() = default;

    virtual Result<Companies> scan() = 0;
    /// The same, but what was not notified of may be taken for unchanged, where all changes are.
    virtual Result<Companies> scan_notified() { return scan(); }
    virtual Result<sync::LocalCompanyPtr> read(const std::string& place) = 0;
    virtual Result<std::string> mark() = 0;
    virtual Result<void> leave_mark(const std::string& mark) = 0;
    virtual WriteResults write_preferences(const std::vector<agent::PreferenceWrite>& writes) = 0;
    virtual WriteResults write_notices(const std::vector<agent::NoticeWrite>& writes) = 0;
    virtual std::vector<agent::Probe> test() = 0;
    virtual Result<agent::Preparation> prepare(bool /*apply*/) { return agent::Preparation{}; }
    virtual std::vector<Message> identity_trail(const std::string& /*place*/) { return {}; }

    /// By what changes are listened for, from a scan on.
    struct Watch {
        std::uint64_t number = 0;  ///< another one with each descriptor; 0: nothing is listened for
        int descriptor = -1;       ///< readable where something changed
        Reason trouble;            ///< why nothing is listened for, though it was to be
    };
    virtual Watch watch() const { return {}; }
    /// What changed since it was last asked.
    virtual agent::LocalNews take_changes() { return {.everything = true, .places = {}, .trouble = {}}; }
};

class BlockingConnector : public agent::LocalSide {
public:
    struct Description {
        std::string id, connector, program, location, mark_file;
        agent::Capabilities capabilities{};
    };

    /// `patience`: for a call. `watches`: between the runs changes are listened for where the repository can, else they
    /// are polled for every ten seconds or (where that is slow) more seldom.
    BlockingConnector(Description description, std::shared_ptr<BlockingRepository> repository, bool watches,
                      boost::asio::any_io_executor executor, std::chrono::milliseconds patience);

    std::string name() const override { return description_.id; }
    std::string program() const override { return description_.program; }
    std::string connector() const override { return description_.connector; }
    std::string location() const override { return description_.location; }
    std::string mark_file() const override { return description_.mark_file; }
    agent::Capabilities capabilities() const override { return description_.capabilities; }

    agent::Async<Companies> scan(bool trusting) override;
    agent::Async<std::string> mark() override;
    agent::Async<> leave_mark(std::string mark) override;
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override;
    boost::asio::awaitable<WriteResults> write_preferences(std::vector<agent::PreferenceWrite> writes) override;
    boost::asio::awaitable<WriteResults> write_notices(std::vector<agent::NoticeWrite> writes) override;
    agent::Async<std::vector<Message>> identity_trail(std::string place) override;
    boost::asio::awaitable<std::vector<agent::Probe>> test() override;
    agent::Async<agent::Preparation> prepare(bool apply) override;

    agent::Async<agent::LocalNews> news() override;
    void stop_watching() override;
    agent::Watching watching() const override { return watching_; }
    void close() override { worker_.give_up(); }

private:
    /// What is shown of the repository must not be looked at while the other thread works with it.
    struct WatchState {
        posix::UniqueFd descriptor;  ///< a copy: the other thread may close its own
        Reason trouble;
    };

    Error does_not_answer() const;
    template <class T>
    agent::Async<T> ask(std::function<Result<T>()> job);
    boost::asio::awaitable<WriteResults> ask_to_write(std::function<WriteResults()> job, std::size_t count);
    boost::asio::awaitable<agent::LocalNews> watch_or_poll();
    boost::asio::awaitable<agent::LocalNews> listen();
    boost::asio::awaitable<agent::LocalNews> poll();

    const Description description_;
    std::shared_ptr<BlockingRepository> repository_;
    bool watches_, scanned_ = false, stopped_ = false, told_trouble_ = false;
    agent::Watching watching_ = agent::Watching::none;
    std::chrono::milliseconds last_poll_{0};
    std::uint64_t watch_ = 0;  ///< by which one is listened
    Companies seen_;           ///< by the last scan or poll, where nothing is listened for
    Worker worker_;
    AsyncEvent wake_;
    boost::asio::posix::stream_descriptor readable_;
};

}  // namespace samsynk::installations
