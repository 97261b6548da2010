#include "installations/exec/exec_installation.hpp"

#include <algorithm>

#include "async/event.hpp"
#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"
#include "installations/companies.hpp"
#include "installations/exec/bridge.hpp"

namespace samsynk::installations {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_shown = 120;

// The program alone: its arguments may hold a secret, also where they were written into one word with it.
std::string shown(const std::vector<std::string>& command) {
    const std::string program = command.empty() ? "" : command.front();
    const std::string path = shortened(program.substr(0, program.find_first_of(" \t\r\n")), longest_shown);
    return plain(path) + (path == program ? "" : " …");
}

bool tells_a_secret(const std::string& name) {
    const std::string small = lower_case(name);
    for (const char* part : {"pass", "pwd", "secret", "token", "key", "credential", "auth", "senord"})
        if (small.find(part) != std::string::npos) return true;
    return false;
}

// Letters and digits in one word; not a path, nor a host by its name.
bool looks_like_a_secret(const std::string& word) {
    constexpr std::size_t least = 8;
    constexpr const char* of_hosts = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    if (word.size() < least || word.starts_with('/')) return false;
    const bool host = word.find('.') != std::string::npos && word.find_first_not_of(of_hosts) == std::string::npos;
    const bool digits = std::any_of(word.begin(), word.end(), is_digit);
    const bool letters =
        std::any_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    return !host && digits && letters;
}

// The bridge may repeat what it was given, on standard error or in an answer.
std::vector<PresentSecret> secrets_of(const ExecOptions& options) {
    std::vector<PresentSecret> secrets;
    for (const auto& [name, value] : options.environment)
        if (tells_a_secret(name) || looks_like_a_secret(value)) secrets.emplace_back(value);
    for (std::size_t i = 1; i < options.command.size(); ++i) {
        const std::string& word = options.command[i];
        if (looks_like_a_secret(word)) secrets.emplace_back(word);
        const auto value = std::min(word.find('='), word.size());
        if (value < word.size() && tells_a_secret(word.substr(0, value))) secrets.emplace_back(word.substr(value + 1));
        const std::string before = i > 1 ? options.command[i - 1] : std::string{};
        const bool follows = before.starts_with('-') && before.find('=') == std::string::npos && !word.starts_with('-');
        if (follows && tells_a_secret(before)) secrets.emplace_back(word);
    }
    return secrets;
}

Error can_not(const char* what) { return fail(Errc::write_failed, what); }

// Hello, the list, and (where it can) a write that it only pretends to make.
asio::awaitable<std::vector<agent::Probe>> test_bridge(std::shared_ptr<Bridge> bridge, std::string path) {
    std::vector<agent::Probe> probes;
    const auto ready = co_await bridge->ready();
    probes.push_back({{N_("{path} runs and answers."), {{"path", path}}}, {}});
    if (ready.has_error()) {
        probes.back().trouble = ready.error();
        co_return probes;
    }
    BridgeRequest list{Asked::list, {}, list_request};
    auto found = co_await bridge->ask(std::move(list));
    if (found.has_error()) {
        probes.push_back({{N_("The companies can be read."), {}}, found.error()});
        co_return probes;
    }
    probes.push_back(companies_found(found->companies));
    const auto good = first_usable(found->companies);
    const BridgeSkills& can = bridge->hello().can;
    if (!good || !can.dry_run || !can.write_preferences) co_return probes;
    std::vector<BridgeRequest> requests;
    for (const agent::PreferenceWrite& write : inverted_choices(*good))
        requests.push_back(
            {Asked::write, write.place, [write](std::uint64_t id) { return write_request(id, write, true); }});
    const auto results = co_await bridge->ask_all(std::move(requests));
    probes.push_back(
        {{N_("Preferences can be written (tried with {place}, without a change)."), {{"place", good->place}}},
         first_error(results)});
    co_return probes;
}

// Each call has the bridge in its own hands: it may end after the installation has gone.
class ExecInstallation : public agent::LocalSide {
public:
    ExecInstallation(std::string id, ExecOptions options, asio::any_io_executor executor)
        : id_{std::move(id)},
          listens_{options.listens},
          location_{shown(options.command)},
          hidden_{secrets_of(options)},
          bridge_{std::make_shared<Bridge>(location_, std::move(options), executor)},
          wake_{executor} {}
    ~ExecInstallation() override { bridge_->close(); }
    ExecInstallation(const ExecInstallation&) = delete;
    ExecInstallation& operator=(const ExecInstallation&) = delete;

    void close() override { bridge_->close(); }
    std::string name() const override { return id_; }
    std::string connector() const override { return "exec"; }
    std::string program() const override { return bridge_->hello().program; }
    std::string location() const override { return location_; }
    std::string mark_file() const override { return location_ + " (write_marker)"; }
    agent::Capabilities capabilities() const override {
        const BridgeSkills& can = bridge_->hello().can;
        return {.read_preferences = can.read_preferences,
                .write_preferences = can.write_preferences,
                .write_collaboration = can.collaboration,
                .watch = can.changed};
    }

    agent::Async<Companies> scan(bool) override {
        const auto bridge = bridge_;
        BridgeRequest request{Asked::list, {}, list_request};
        auto answer = co_await bridge->ask(std::move(request));
        if (answer.has_error()) co_return answer.error();
        reuse_unchanged(answer->companies, seen_);
        seen_ = answer->companies;
        if (!std::exchange(scanned_, true)) wake_.notify_all();
        co_return std::move(answer->companies);
    }
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        const auto bridge = bridge_;
        BridgeRequest request{Asked::read, place, [place](std::uint64_t id) { return read_request(id, place); }};
        auto answer = co_await bridge->ask(std::move(request));
        if (answer.has_error()) co_return answer.error();
        co_return std::move(answer->companies.front());
    }
    agent::Async<std::string> mark() override {
        const auto bridge = bridge_;
        const auto on = co_await bridge->ready();
        if (on.has_error()) co_return on.error();
        if (!bridge->hello().can.mark) co_return std::string{};
        BridgeRequest request{Asked::mark, {}, mark_request};
        auto answer = co_await bridge->ask(std::move(request));
        if (answer.has_error()) co_return answer.error();
        co_return std::move(answer->mark);
    }
    agent::Async<> leave_mark(std::string mark) override {
        const auto bridge = bridge_;
        const auto on = co_await bridge->ready();
        if (on.has_error()) co_return on.error();
        if (!bridge->hello().can.mark) co_return can_not(N_("The bridge can't keep a mark."));
        BridgeRequest request{Asked::leave_mark, {}, [mark](std::uint64_t id) { return leave_mark_request(id, mark); }};
        auto answer = co_await bridge->ask(std::move(request));
        if (answer.has_error()) co_return answer.error();
        co_return Result<void>{};
    }

    asio::awaitable<std::vector<Result<void>>> write_preferences(std::vector<agent::PreferenceWrite> writes) override {
        const auto bridge = bridge_;
        std::vector<BridgeRequest> requests;
        for (const agent::PreferenceWrite& write : writes)
            requests.push_back(
                {Asked::write, write.place, [&write](std::uint64_t id) { return write_request(id, write); }});
        const auto on = co_await bridge->ready();
        if (on.has_value() && !bridge->hello().can.write_preferences)
            co_return Results(writes.size(), can_not(N_("The bridge can't write preferences.")));
        co_return co_await bridge->ask_all(std::move(requests));
    }
    asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<agent::NoticeWrite> writes) override {
        const auto bridge = bridge_;
        std::vector<BridgeRequest> requests;
        for (const agent::NoticeWrite& write : writes)
            requests.push_back({Asked::collaboration, write.place,
                                [&write](std::uint64_t id) { return collaboration_request(id, write); }});
        const auto on = co_await bridge->ready();
        if (on.has_value() && !bridge->hello().can.collaboration)
            co_return Results(writes.size(), can_not(N_("The bridge can't write collaborations.")));
        co_return co_await bridge->ask_all(std::move(requests));
    }

    agent::Async<agent::LocalNews> news() override {
        while (!stopped_ && (!scanned_ || !listens_)) co_await wake_.wait();
        while (!stopped_) {
            auto news = bridge_->take_news();
            if (news.everything || !news.places.empty()) co_return news;
            co_await bridge_->wait_for_news();
        }
        co_return fail(Errc::cancelled, N_("Nothing is listened for any more."));
    }
    void stop_watching() override {
        stopped_ = true;
        wake_.notify_all();
        bridge_->ring();
    }
    agent::Watching watching() const override {
        const bool told = listens_ && bridge_->up() && bridge_->hello().can.changed;
        return told ? agent::Watching::events : agent::Watching::none;
    }

    asio::awaitable<std::vector<agent::Probe>> test() override { co_return co_await test_bridge(bridge_, location_); }

private:
    using Results = std::vector<Result<void>>;

    std::string id_;
    bool listens_, scanned_ = false, stopped_ = false;
    std::string location_;
    std::vector<PresentSecret> hidden_;
    Companies seen_;  ///< by the last scan, in order of place
    std::shared_ptr<Bridge> bridge_;
    AsyncEvent wake_;
};

}  // namespace

std::unique_ptr<agent::LocalSide> make_exec_installation(std::string id, ExecOptions options,
                                                         asio::any_io_executor executor) {
    return std::make_unique<ExecInstallation>(std::move(id), std::move(options), executor);
}

}  // namespace samsynk::installations
