// A local installation in memory, that people edit and that outlives the agent.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "agent/ports.hpp"
#include "support/gate.hpp"

namespace samsynk::support {

struct Books {
    std::string name = "main";
    std::map<std::string, sync::LocalCompany> places;
    std::optional<Error> offline;
    std::string mark;
    agent::Capabilities capabilities;
    std::size_t preference_writes = 0, notice_writes = 0;
    std::map<std::string, sync::Notice> notices;  ///< what was told, by place
    /// Called before the agent's write takes effect.
    std::function<void(const agent::PreferenceWrite&, const sync::LocalCompany& before)> on_write;
    /// Called before the local program is told.
    std::function<void(const agent::NoticeWrite&, const sync::LocalCompany& before)> on_notice;
    std::set<std::string> locked;   ///< places whose files are in use
    std::set<std::string> away;     ///< places that are not there now, and may come back as they were
    bool configured = true;         ///< false: the installation was taken out of the configuration
    bool no_room = false;           ///< nothing can be written
    int news_throw = 0;             ///< so many times, who asks for news gets an exception
    bool compare_and_set = true;    ///< false: a planted fault
    bool absence_is_false = false;  ///< a planted fault
    std::set<std::string> news;     ///< places that changed, and nobody asked yet
    std::set<Bell*> bells;          ///< of those who wait for news

    /// What a person does is noticed by those who listen.
    void tell(const std::string& place) {
        news.insert(place);
        for (Bell* bell : bells) (*bell)();
    }

    sync::LocalCompany& add(const std::string& place, const OrgNumber& company, sync::Preferences preferences = {}) {
        return places[place] = sync::LocalCompany{.place = place,
                                                  .company = company,
                                                  .name = place + " AB",
                                                  .preferences = preferences,
                                                  .notice = {},
                                                  .trouble = {}};
    }
};

class FakeBooks : public agent::LocalSide {
public:
    FakeBooks(Books& books, Gate& gate) : books_{books}, gate_{gate} {}
    ~FakeBooks() override { books_.bells.erase(&bell_); }

    std::string name() const override { return books_.name; }
    std::string program() const override { return "fake"; }
    std::string location() const override { return "/fake/" + books_.name; }

    agent::Async<std::vector<sync::LocalCompanyPtr>> scan(bool) override {
        const Fate fate = co_await gate_.pass("scan");
        co_await gate_.settle(fate);
        if (books_.offline) co_return *books_.offline;
        if (fate != Fate::go_on) co_return gate_.trouble("scan", fail(Errc::installation_offline, "share gone"));
        std::vector<sync::LocalCompanyPtr> found;
        for (const auto& [place, company] : books_.places)
            if (!books_.away.contains(place))
                found.push_back(std::make_shared<const sync::LocalCompany>(seen(company)));
        co_return found;
    }

    agent::Async<std::string> mark() override {
        const Fate fate = co_await gate_.pass("mark");
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return fail(Errc::installation_offline, "share gone");
        co_return books_.mark;
    }

    agent::Async<> leave_mark(std::string mark) override {
        const Fate fate = co_await gate_.pass("leave_mark");
        if (is_done(fate)) books_.mark = mark;
        co_await gate_.settle(fate);
        if (fate != Fate::go_on) co_return fail(Errc::write_failed, "read-only");
        co_return Result<void>{};
    }
    std::string mark_file() const override { return location() + "/.mark"; }

    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        const Fate fate = co_await gate_.pass("read");
        co_await gate_.settle(fate);
        const auto at = books_.places.find(place);
        if (fate != Fate::go_on || at == books_.places.end() || books_.away.contains(place))
            co_return fail(Errc::not_found, "no such place");
        co_return std::make_shared<const sync::LocalCompany>(seen(at->second));
    }

    boost::asio::awaitable<std::vector<Result<void>>> write_preferences(
        std::vector<agent::PreferenceWrite> writes) override {
        const Fate fate = co_await gate_.pass("write_preferences");
        const std::size_t done = fate == Fate::go_on ? writes.size() : is_done(fate) ? gate_.of(writes.size()) : 0;
        std::vector<Result<void>> results;
        for (std::size_t i = 0; i < writes.size(); ++i)
            results.push_back(i < done ? write(writes[i]) : Result<void>{fail(Errc::write_failed, "disk error")});
        co_await gate_.settle(fate);
        // A write whose flush failed is told as failed, though it may stand.
        if (fate == Fate::do_then_fail)
            for (Result<void>& result : results) result = fail(Errc::write_failed, "flush failed");
        co_return results;
    }

    boost::asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<agent::NoticeWrite> writes) override {
        const Fate fate = co_await gate_.pass("write_notices");
        const std::size_t done = fate == Fate::go_on ? writes.size() : is_done(fate) ? gate_.of(writes.size()) : 0;
        std::vector<Result<void>> results;
        for (std::size_t i = 0; i < writes.size(); ++i) {
            const auto at = books_.places.find(writes[i].place);
            if (i >= done || at == books_.places.end() || books_.no_room || books_.locked.contains(writes[i].place) ||
                books_.away.contains(writes[i].place)) {
                const bool in_use = i < done && !books_.no_room && books_.locked.contains(writes[i].place);
                results.emplace_back(fail(in_use ? Errc::busy : Errc::write_failed, "disk error"));
                continue;
            }
            if (books_.on_notice) books_.on_notice(writes[i], at->second);
            at->second.notice = sync::fingerprint(writes[i].notice);
            books_.notices.insert_or_assign(writes[i].place, writes[i].notice);
            ++books_.notice_writes;
            results.emplace_back();
        }
        co_await gate_.settle(fate);
        co_return results;
    }

    agent::Async<agent::LocalNews> news() override {
        if (books_.news_throw > 0) {
            --books_.news_throw;
            throw std::runtime_error{"planted"};
        }
        books_.bells.insert(&bell_);
        while (books_.news.empty() && !stopped_) co_await gate_.sleep(std::chrono::hours{24 * 365}, &bell_);
        const Fate fate = co_await gate_.pass("news");
        if (stopped_) co_return fail(Errc::cancelled, "stopped");
        agent::LocalNews told{.everything = fate == Fate::fail || fate == Fate::do_then_fail,
                              .places = {books_.news.begin(), books_.news.end()}};
        books_.news.clear();
        co_await gate_.settle(fate);
        co_return told;
    }
    void stop_watching() override {
        stopped_ = true;
        bell_();
    }
    agent::Watching watching() const override { return agent::Watching::events; }
    agent::Capabilities capabilities() const override { return books_.capabilities; }
    boost::asio::awaitable<std::vector<agent::Probe>> test() override {
        co_return std::vector<agent::Probe>{{{"reached", {}}, books_.offline ? Reason{*books_.offline} : Reason{}}};
    }

private:
    sync::LocalCompany seen(sync::LocalCompany company) const {
        if (books_.absence_is_false)
            for (const auto preference : sync::all_preferences)
                company.preferences[preference] = company.preferences[preference].value_or(false);
        return company;
    }

    Result<void> write(const agent::PreferenceWrite& write) {
        const auto at = books_.places.find(write.place);
        if (at == books_.places.end() || at->second.trouble || books_.away.contains(write.place))
            return fail(Errc::unreadable, "gone");
        sync::Choice& value = at->second.preferences[write.preference];
        if (books_.locked.contains(write.place)) return fail(Errc::busy, "locked");
        if (books_.no_room) return fail(Errc::write_failed, "no room");
        if (books_.compare_and_set && (at->second.company != write.company || value != write.from))
            return fail(Errc::changed_meanwhile, "theirs stands");
        if (books_.on_write) books_.on_write(write, at->second);
        value = write.to;
        ++books_.preference_writes;
        return {};
    }

    Books& books_;
    Gate& gate_;
    Bell bell_;
    bool stopped_ = false;
};

}  // namespace samsynk::support
