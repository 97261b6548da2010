#include "installations/sql/sql_installation.hpp"

#include <algorithm>

#include "async/event.hpp"
#include "async/worker.hpp"
#include "installations/share_unchanged.hpp"
#include "installations/sql/sql_books.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds look_every{10'000};  ///< at the most often,
constexpr int rest_for_each_look = 30;      ///< and this many times as long as a look takes

// The places that are not as they were. Both are in order of place.
std::vector<std::string> differences(const std::vector<sync::LocalCompanyPtr>& before,
                                     const std::vector<sync::LocalCompanyPtr>& now) {
    std::vector<std::string> changed;
    auto old = before.begin();
    for (const auto& company : now) {
        for (; old != before.end() && (*old)->place < company->place; ++old) changed.push_back((*old)->place);
        const bool known = old != before.end() && (*old)->place == company->place;
        if (!known || **old != *company) changed.push_back(company->place);
        if (known) ++old;
    }
    for (; old != before.end(); ++old) changed.push_back((*old)->place);
    return changed;
}

class SqlInstallation : public agent::LocalSide {
public:
    SqlInstallation(std::string id, DatabaseAddress address, Mapping mapping, bool looks,
                    asio::any_io_executor executor)
        : id_{std::move(id)},
          looks_{looks},
          books_{std::make_shared<SqlBooks>(address, std::move(mapping))},
          worker_{executor, address.patience * patience_of_calls},
          wake_{executor} {}

    std::string name() const override { return id_; }
    std::string program() const override { return books_->mapping().program; }
    std::string connector() const override { return "sql"; }
    std::string location() const override { return books_->where(); }
    std::string mark_file() const override { return books_->where() + " (samsynk_installation)"; }
    agent::Capabilities capabilities() const override {
        const Mapping& mapping = books_->mapping();
        return {.read_preferences = true,
                .write_preferences = !mapping.write[0].empty() && !mapping.write[1].empty(),
                .write_collaboration = !mapping.write_collaboration.empty(),
                .watch = true};
    }

    agent::Async<std::vector<sync::LocalCompanyPtr>> scan(bool) override {
        std::function<Found()> job = [books = books_] { return books->scan(); };
        auto found = co_await ask(std::move(job));
        if (found.has_error()) co_return found;
        share_unchanged(*found, seen_);
        seen_ = *found;
        if (!std::exchange(scanned_, true)) wake_.notify_all();
        co_return found;
    }
    agent::Async<std::string> mark() override {
        std::function<Result<std::string>()> job = [books = books_] { return books->mark(); };
        co_return co_await ask(std::move(job));
    }
    agent::Async<> leave_mark(std::string mark) override {
        std::function<Result<void>()> job = [books = books_, mark] { return books->leave_mark(mark); };
        co_return co_await ask(std::move(job));
    }
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        std::function<Result<sync::LocalCompanyPtr>()> job = [books = books_, place] { return books->read(place); };
        co_return co_await ask(std::move(job));
    }
    asio::awaitable<std::vector<Result<void>>> write_preferences(std::vector<agent::PreferenceWrite> writes) override {
        const std::size_t count = writes.size();
        std::function<Results()> job = [books = books_, writes = std::move(writes)] {
            return books->write_preferences(writes);
        };
        co_return co_await ask_to_write(std::move(job), count);
    }
    asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<agent::NoticeWrite> writes) override {
        const std::size_t count = writes.size();
        std::function<Results()> job = [books = books_, writes = std::move(writes)] {
            return books->write_notices(writes);
        };
        co_return co_await ask_to_write(std::move(job), count);
    }

    agent::Async<agent::LocalNews> news() override {
        while (!stopped_) {
            const bool looking = looks_ && scanned_;
            if (looking) watching_ = agent::Watching::looking;
            if (!looking) {
                co_await wake_.wait();
                continue;
            }
            co_await wake_.wait_for(std::max(look_every, last_look_ * rest_for_each_look));
            if (stopped_) continue;
            const auto news = co_await look();
            if (!stopped_ && (news.everything || !news.places.empty())) co_return news;
        }
        co_return fail(Errc::cancelled, N_("Nothing is listened for any more."));
    }
    void close() override { worker_.give_up(); }
    void stop_watching() override {
        stopped_ = true;
        wake_.notify_all();
    }
    agent::Watching watching() const override { return watching_; }

    asio::awaitable<std::vector<agent::Probe>> test() override {
        std::function<std::vector<agent::Probe>()> job = [books = books_] { return books->test(); };
        auto probes = co_await worker_.ask(std::move(job));
        if (probes) co_return std::move(*probes);
        co_return std::vector<agent::Probe>{{{N_("{path} can be reached."), {{"path", location()}}}, hangs()}};
    }
    agent::Async<agent::Preparation> prepare(bool apply) override {
        std::function<Result<agent::Preparation>()> job = [books = books_, apply] { return books->prepare(apply); };
        co_return co_await ask(std::move(job));
    }

private:
    using Found = Result<std::vector<sync::LocalCompanyPtr>>;
    using Results = std::vector<Result<void>>;

    Error hangs() const {
        return fail(Errc::installation_offline,
                    N_("{path} does not answer. Nothing is changed until it does; the other installations go on."),
                    {{"path", location()}});
    }

    template <class T>
    agent::Async<T> ask(std::function<Result<T>()> job) {
        auto result = co_await worker_.ask(std::move(job));
        if (!result) co_return hangs();
        co_return std::move(*result);
    }

    asio::awaitable<Results> ask_to_write(std::function<Results()> job, std::size_t count) {
        auto results = co_await worker_.ask(std::move(job));
        if (results) co_return std::move(*results);
        const Error why = hangs();
        co_return Results(count, fail(Errc::write_failed, why.message.id, why.message.args));
    }

    asio::awaitable<agent::LocalNews> look() {
        const auto before = seen_;
        const auto began = std::chrono::steady_clock::now();
        std::function<Found()> job = [books = books_] { return books->scan(); };
        auto now = co_await ask(std::move(job));
        last_look_ = std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - began);
        // What is the matter with a database that can't be looked at, a run tells.
        if (now.has_error()) co_return agent::LocalNews{.everything = true, .places = {}, .trouble = {}};
        share_unchanged(*now, seen_);
        auto changed = differences(before, *now);
        seen_ = std::move(*now);
        co_return agent::LocalNews{.everything = false, .places = std::move(changed), .trouble = {}};
    }

    std::string id_;
    bool looks_, scanned_ = false, stopped_ = false;
    agent::Watching watching_ = agent::Watching::none;
    milliseconds last_look_{0};
    std::vector<sync::LocalCompanyPtr> seen_;  ///< by the last scan or look, in order of place
    std::shared_ptr<SqlBooks> books_;
    Worker worker_;
    AsyncEvent wake_;
};

}  // namespace

Result<std::unique_ptr<agent::LocalSide>> make_sql_installation(std::string id, DatabaseAddress address,
                                                                Mapping mapping, bool looks,
                                                                asio::any_io_executor executor) {
    const std::string type{name_of(address.type)};
    if (std::find(mapping.databases.begin(), mapping.databases.end(), type) == mapping.databases.end())
        return fail(Errc::bad_settings, N_("{file} is not written for {type}. Its statements are for: {known}."),
                    {{"file", mapping.file.string()}, {"type", type}, {"known", mapping.databases.front()}});
    return std::make_unique<SqlInstallation>(std::move(id), std::move(address), std::move(mapping), looks, executor);
}

}  // namespace samsynk::installations
