// What the agent needs of the rooms around it. Everything that waits goes through one of these,
// so that the whole agent also runs on a simulated clock, local side, online side and store.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/reason.hpp"
#include "sync/memory.hpp"
#include "sync/model.hpp"

namespace samsynk::agent {

/// A coroutine that gives a value or an Error. It never throws for an expected outcome.
template <class T = void>
using Async = boost::asio::awaitable<Result<T>>;

class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
    /// Ends early, without error, when `wake` is called.
    virtual boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) = 0;
    virtual void wake() = 0;
    /// 0 <= value < 1, for jitter.
    virtual double random() = 0;
};

/// A change of one preference at one place: made only if the value is still `from`.
struct PreferenceWrite {
    std::string place;
    OrgNumber company;
    sync::Preference preference{};
    sync::Choice from;
    bool to = false;
};

struct NoticeWrite {
    std::string place;
    sync::Notice notice;
};

/// How a connector learns of a change at once.
enum class Watching {
    none,    ///< not at all, or not yet: changes are found by the next run
    events,  ///< it is told
    looking  ///< it looks again and again
};
std::string_view name_of(Watching watching);

/// What changed locally.
struct LocalNews {
    bool everything = false;  ///< what it was can't be told
    std::vector<std::string> places;
    Reason trouble;  ///< from now on news comes later than it could, for this reason
};

/// What can be done at an installation, besides telling which companies there are.
struct Capabilities {
    bool read_preferences = true;
    bool write_preferences = true;
    bool write_collaboration = true;  ///< also what tells, after a lost state, that the agent was there
    bool watch = true;                ///< it can be told of changes, or look for them

    bool operator==(const Capabilities&) const = default;
};

/// One thing that was tried, and what hindered it.
struct Probe {
    Message what;
    Reason trouble;
    bool weaker = false;  ///< no trouble, but less than is promised elsewhere: `what` says so
};

/// What must be made at an installation before it can be used, for someone who may do so there.
struct Preparation {
    std::string text;      ///< statements to be read first; empty where nothing is needed
    bool applied = false;  ///< it was done
};

/// One installation: a connector and where it points.
class LocalSide {
public:
    virtual ~LocalSide() = default;
    virtual std::string name() const = 0;     ///< `id` of the configuration
    virtual std::string program() const = 0;  ///< for the online side: `folder`, or the accounting program's name
    virtual std::string connector() const { return program(); }  ///< `folder`, `sql`, `exec`
    virtual std::string location() const = 0;                    ///< for people: the path; never a secret
    /// Before the first successful scan: what is known by then.
    virtual Capabilities capabilities() const { return {}; }
    /// All companies, in order of place. Error installation_offline: the root can't be reached; then nothing is known.
    /// `trusting`: what the connector was not told of may be taken for unchanged, where it is told of all changes.
    virtual Async<std::vector<sync::LocalCompanyPtr>> scan(bool trusting) = 0;
    /// What was left at the root to tell it from another one that stands in its place; empty where nothing was.
    /// Error installation_offline.
    virtual Async<std::string> mark() = 0;
    virtual Async<> leave_mark(std::string mark) = 0;
    virtual std::string mark_file() const = 0;  ///< for people: where it stands
    /// One company, read anew. Error not_found.
    virtual Async<sync::LocalCompanyPtr> read(std::string place) = 0;
    /// One result a write, in order; a preference that was written is flushed to disk on return.
    /// Errors of a write: changed_meanwhile, busy, write_failed, bad_file, unreadable.
    virtual boost::asio::awaitable<std::vector<Result<void>>> write_preferences(
        std::vector<PreferenceWrite> writes) = 0;
    virtual boost::asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<NoticeWrite> writes) = 0;
    /// What changed since it was last asked, or since the first scan; waits until there is something. One at a time,
    /// beside other calls. What the agent writes itself need not be told. Error cancelled, after `stop_watching`.
    virtual Async<LocalNews> news() = 0;
    virtual void stop_watching() = 0;
    virtual Watching watching() const = 0;
    /// Ends what it keeps running by itself; what it is asked, now and from then on, fails at once.
    virtual void close() {}
    /// What told which company a place is, and why that counts, in sentences. Empty where there is nothing to choose.
    virtual Async<std::vector<Message>> identity_trail(std::string) { co_return std::vector<Message>{}; }
    /// Tries all that a run needs, and changes nothing; in the order in which it is needed, up to what hinders the
    /// rest.
    virtual boost::asio::awaitable<std::vector<Probe>> test() = 0;
    /// Does it only with `apply`. Errors: installation_offline, write_failed.
    virtual Async<Preparation> prepare(bool) { co_return Preparation{}; }
};

struct RecordPage {
    std::vector<sync::Record> items;
    std::optional<std::string> next;  ///< nothing on the last page
    std::string cursor;
    std::string epoch;
    bool nothing = false;  ///< the service named no company on it, not even one that can't be read
};

struct ChangePage {
    std::vector<sync::Record> items;
    std::string cursor;
    bool more = false;
    std::string epoch;
};

struct Registration {
    std::string installation;  ///< UUID
    std::string epoch;
    std::string program;
    std::string program_version;
    std::string host;
    std::vector<OrgNumber> companies;
};

/// What the service said of one operation.
struct OperationResult {
    std::string operation_id;
    int status = 0;            ///< 200, 404, 409, 412, 422
    std::string problem_code;  ///< `version_mismatch`, `claim_held`, …; empty with 200
    std::string request_id;    ///< under which the call is found in the service's log; empty where nobody knows
    std::optional<sync::Record> record;
    Reason why;  ///< of a call that was refused as a whole, with this operation alone in it
};

/// How the daemon signs in, and how long that lasts.
struct SignInStatus {
    std::string method;                        ///< client_secret, private_key, device
    std::string state;                         ///< unknown (not tried yet), ok, required
    std::optional<std::chrono::seconds> left;  ///< until a person must renew it; nothing where it is not told
    std::optional<std::chrono::seconds> certificate_left;  ///< of the own certificate, where there is one
    Reason reason;                                         ///< why a person is required
};

/// A person's sign-in that is under way, with a code entered in a browser.
class Login {
public:
    virtual ~Login() = default;
    virtual std::string user_code() const = 0;
    virtual std::string address() const = 0;           ///< where the code is entered
    virtual std::string complete_address() const = 0;  ///< the same with the code in it; empty where not offered
    virtual std::chrono::seconds left() const = 0;     ///< until the code expires
    virtual bool ended() const = 0;
    /// Returns after `time`, or when the login has ended.
    virtual boost::asio::awaitable<void> wait(std::chrono::milliseconds time) = 0;
    /// Once ended. Errors: sign_in_failed, state_failed, cancelled, and those of the transport.
    virtual Result<void> outcome() const = 0;
};

/// What came of signing out: nobody was signed in, forgotten here only, or also withdrawn at the identity provider.
enum class Logout { nobody, forgotten, revoked };

class SignIn {
public:
    virtual ~SignIn() = default;
    virtual SignInStatus status() const = 0;
    /// The login under way, or a new one. Error bad_request: this configuration signs in without a person.
    virtual Async<std::shared_ptr<Login>> login() = 0;
    /// Withdraws the sign-in, and forgets it even where the identity provider can't be told.
    /// Errors: bad_request, state_failed.
    virtual Async<Logout> logout() = 0;
    /// Called whenever a person has signed in.
    virtual void on_signed_in(std::function<void()> signed_in) = 0;
};

/// How requests ended, since the daemon started.
struct RequestCounts {
    std::uint64_t ok = 0;
    std::uint64_t refused = 0;      ///< 4xx, but for 429
    std::uint64_t throttled = 0;    ///< 429 and 503: asked to wait
    std::uint64_t failed = 0;       ///< other 5xx, and replies that could not be used
    std::uint64_t unreachable = 0;  ///< no reply: name, connection, certificate or deadline
};

/// The online service, by its contract. Errors (all calls): service_unreachable, tls_failed, sign_in_failed,
/// forbidden, rate_limited, service_error, bad_reply, epoch_changed, cursor_expired, cancelled.
class OnlineSide {
public:
    virtual ~OnlineSide() = default;
    virtual Async<RecordPage> list(std::string after) = 0;  ///< empty: the first page
    virtual Async<ChangePage> changes(std::string cursor) = 0;
    /// The same, answered when there is a change, or with none when the time is up. Goes its own way, beside other
    /// calls; one at a time. It says nothing to `retry_after`, and does not count among `requests`.
    virtual Async<ChangePage> held_changes(std::string cursor, std::chrono::seconds wait) = 0;
    virtual void hang_up() = 0;  ///< ends a held call with `cancelled`; others go on
    virtual Async<std::vector<sync::Claim>> register_installation(Registration registration) = 0;
    /// At most 500 operations, at most one a company. An error leaves every operation unclear,
    /// but for epoch_changed: then none was done.
    virtual Async<std::vector<OperationResult>> push(std::string epoch, std::vector<sync::Operation> operations) = 0;
    /// Gives up a claim, this installation's or another's.
    virtual Async<> release(std::string installation, OrgNumber company) = 0;
    /// Ends what is under way with `cancelled`, for an orderly stop.
    virtual void cancel() = 0;
    /// After the last failed call, or before the first one: how long the service asked us to wait; 0 where it did not.
    virtual std::chrono::seconds retry_after() const = 0;
    /// How much of it is left that the service asked us to wait, whichever call it was.
    virtual std::chrono::seconds still_to_wait() const = 0;
    /// By how much this machine's clock was ahead of the service's at its last answer; 0 within a minute. Nothing where
    /// no answer has told a time.
    virtual std::optional<std::chrono::seconds> clock_ahead() const { return std::nullopt; }
    virtual std::uint64_t requests() const = 0;                    ///< made since start, sign-in included
    virtual RequestCounts request_counts() const { return {}; }    ///< since start, whatever was reloaded meanwhile
    virtual std::shared_ptr<SignIn> sign_in() { return nullptr; }  ///< null where none is needed
};

/// The agent's memory on disk.
class Store {
public:
    virtual ~Store() = default;
    virtual Async<sync::Memory> load() = 0;
    /// On disk (flushed) on return, but where it may be lost. Does nothing where the commit is empty.
    virtual Async<> commit(sync::Commit commit) = 0;
    /// The stored records of these companies; those unknown or gone are left out.
    virtual Async<std::vector<sync::Record>> records(std::vector<OrgNumber> companies) = 0;
    /// What was done, newest run first.
    virtual Async<std::vector<sync::HistoryEntry>> history(sync::HistoryQuery query) = 0;
};

}  // namespace samsynk::agent
