#include "agent/feed.hpp"

namespace samsynk::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds a_moment{1000};  ///< what fails sooner was not held, but refused

// What ends a call that is held, though the service is well.
bool is_cut(const Error& error) {
    return error.code == Errc::service_unreachable || error.code == Errc::bad_reply || error.code == Errc::tls_failed;
}

}  // namespace

boost::asio::awaitable<void> Feed::serve() {
    while (!desk_.stopping()) {
        const std::shared_ptr<Sides> sides = desk_.sides();
        if (std::exchange(served_, sides) != sides) held_ = {};
        if (!sides->policy.push || !desk_.online_well()) {
            show(sides->policy.push ? FeedState::waiting : FeedState::off);
            co_await desk_.turn();
            continue;
        }
        co_await ask(sides);
    }
}

boost::asio::awaitable<void> Feed::ask(std::shared_ptr<Sides> sides) {
    auto pause = held_.pause(clock_.now(), clock_.random());
    // What the service asked for meanwhile binds, too, whoever was told it.
    for (milliseconds asked{}; (asked = sides->online->still_to_wait()) > milliseconds{0} || pause > milliseconds{0};
         pause = milliseconds{0})
        if (!co_await desk_.rest(clock_, sides, std::max(asked, pause))) co_return;
    if (!desk_.online_well()) co_return;
    const auto wait = held_.wait(clock_.now());
    if (held_.polling())
        show(FeedState::polling, polls_why_);
    else
        show(FeedState::open);
    const Time asked = clock_.now();
    const std::string after = desk_.cursor();
    auto page = co_await sides->online->held_changes(after, wait);
    if (desk_.stopping() || desk_.sides() != sides) co_return;
    co_await take(std::move(page), after, asked, wait);
}

boost::asio::awaitable<void> Feed::take(Result<ChangePage> page, std::string after, Time asked,
                                        std::chrono::seconds wait) {
    const auto lasted = std::max(milliseconds{0}, clock_.now() - asked);
    if (page.has_error()) co_return co_await look_why(page.error(), lasted);
    const bool news = !page->items.empty() || page->more || page->epoch != desk_.epoch();
    if (!news && wait.count() > 0 && lasted < std::min<milliseconds>(a_moment, wait))
        co_return cut(fail(Errc::bad_reply, N_("The online service answers at once that nothing has changed.")),
                      lasted);
    held_.answered(clock_.now());
    if (wait.count() > 0) show(FeedState::open);
    if (!news) co_return;
    News told{.scope = {}, .page = std::move(*page), .page_after = std::move(after)};
    for (const sync::Record& record : told.page->items) told.scope.companies.insert(record.company);
    (void)co_await desk_.carry(std::move(told));
}

// Where it was not held at all, a run tells what is the matter: one that fails says so, and tries again in its time.
boost::asio::awaitable<void> Feed::look_why(Error error, milliseconds lasted) {
    if (error.code == Errc::cancelled) co_return;
    if (is_cut(error) && lasted >= a_moment) co_return cut(std::move(error), lasted);
    // It is busy: no reason to ask it once more at once.
    if (error.code == Errc::rate_limited || desk_.sides()->online->still_to_wait().count() > 0) {
        const auto pause = a_moment * 5 + milliseconds{static_cast<long>(5000 * clock_.random())};
        (void)co_await desk_.rest(clock_, desk_.sides(), pause);
        co_return;
    }
    News unknown{.scope = Scope::everything(), .page = {}, .page_after = {}};
    const auto run = co_await desk_.carry(std::move(unknown));
    if (run && run->outcome == Outcome::completed) cut(std::move(error), milliseconds{0});
}

void Feed::cut(Error why, milliseconds lasted) {
    held_.cut(lasted, clock_.now());
    if (!held_.polling()) return;
    polls_why_ = std::move(why);
    show(FeedState::polling, polls_why_);
}

// One line when it is lost, one when it is back, whatever lies between.
void Feed::show(FeedState state, Reason reason) {
    if (state == shown_.state) return;
    shown_ = {state, clock_.now(), std::move(reason)};
    desk_.publish_feed(shown_);
    const bool lost = state == FeedState::polling;
    if (lost ? told_polling_ : !(told_polling_ && state == FeedState::open)) return;
    told_polling_ = lost;
    Event event{.name = lost ? "feed.polling" : "feed.open",
                .level = lost ? Level::warning : Level::notice,
                .message = {},
                .company = {},
                .run = {},
                .fields = {},
                .code = {}};
    event.message = {N_("Online changes come at once again."), {}};
    if (lost) {
        const std::string seconds = std::to_string(sync::HeldFeed::poll_every.count());
        event.fields = {{"seconds", seconds}, {"why", to_text(shown_.reason->message)}};
        event.message = {
            N_("Something between us and the online service, probably a proxy, does not let a request wait "
               "for changes. They are asked for every {seconds} s instead; nothing is lost. ({why})"),
            event.fields};
        event.code = shown_.reason->code;
    }
    events_.publish(std::move(event));
}

}  // namespace samsynk::agent
