#include "telemetry/event_table.hpp"

#include <algorithm>
#include <array>

namespace samsynk::telemetry {
namespace {

constexpr std::array events{
    EventInfo{"daemon.ready", Level::info, "fdb2c772a0b7522ca369d3681cc9f505", "",
              N_("The daemon has started: configuration and state are read, the control socket answers."), ""},
    EventInfo{"daemon.stopping", Level::info, "c1383ef696765b0498b3c96e1b94d78a", "",
              N_("The daemon was asked to stop and ends what is under way in order."), ""},
    EventInfo{"daemon.fault", Level::error, "51c31317167d5b70975c067422d2f131", "what, why",
              N_("Something in the daemon failed that should not. What it was doing for one caller or one installation "
                 "was ended; all else goes on."),
              N_("Report it, with the line. If it comes again and again, restart samsynkd.")},
    EventInfo{"config.reloaded", Level::info, "5c779604f6ce51f59e628e117d11f5ec", "repeated",
              N_("The configuration was read again and is in force. A warning where a part of it waits for the next "
                 "restart."),
              ""},
    EventInfo{"config.refused", Level::error, "36609138821b54caa740f0a17e353ca9", "repeated",
              N_("The configuration has mistakes. The one that was in force stays in force."),
              N_("Run `samsynk config check`: it names file, line and what to write instead. Then reload.")},
    EventInfo{
        "control.audit", Level::info, "8e2b471883915dc3bc92f3fa5475e162", "by, action, status",
        N_("Someone asked for something over the control socket that is more than looking. A warning where it was "
           "not permitted."),
        ""},
    EventInfo{"log.level", Level::notice, "7705790b22615b939c488302da0144f8", "level",
              N_("The log begins at another level, until the next reload or restart."), ""},
    EventInfo{
        "log.dropped", Level::warning, "038ed882edca5d58a73c4bea490b3c6d", "count",
        N_("Lines are missing in the log: what it is written to did not keep up. Only in the log, never in the "
           "stream."),
        N_("Look at what the log is written to: a disk that hangs, or a pipe that nobody reads. Nothing else waits "
           "for it.")},
    EventInfo{"state.quarantined", Level::error, "2fcdbb4909ba52f4b62824f1bb79a11f", "file",
              N_("The state file was damaged. It is kept under another name and a new one was begun; everything is "
                 "gathered anew."),
              N_("Check the disk. Look at `samsynk companies`: companies whose two sides differ may be held for a "
                 "decision.")},
    EventInfo{"run.started", Level::debug, "45596bd7115d5fd78834266e5fff9cbc", "", N_("A run begins."), ""},
    EventInfo{"run.progress", Level::debug, "4e87732e39d4554daa7c4f7436723c87", "phase, done, total",
              N_("How far a run has come. For those who watch it live; never logged."), ""},
    EventInfo{"run.completed", Level::info, "0e36a1d359af587c82a972dc45448bce",
              "trigger, companies, changed, failed, held, waiting, offline, requests, repeated",
              N_("A run reached its end. Single companies may still have failed or be held: see their own events."),
              ""},
    EventInfo{"run.failed", Level::error, "ade6458356e1586e8d0ef430046ca9d3",
              "trigger, companies, changed, failed, held, waiting, offline, requests, detail, side, repeated",
              N_("A run could not go on. The code says why; the next run is made as usual."),
              N_("Read the message: it says what to do. `samsynk status` shows whether it has passed.")},
    EventInfo{"run.cancelled", Level::notice, "b2e161eb1cb956de8a602789c2776211",
              "trigger, companies, changed, failed, held, waiting, offline, requests",
              N_("A run was ended before its time, by a person or because the daemon stops. What was done stands; the "
                 "rest is done next time."),
              ""},
    EventInfo{"company.waiting", Level::info, "f828b5b9f15c5dce83de7c9c8fb48f86", "installation, place, repeated",
              N_("A choice waits: the collaboration of the company is not active yet."),
              N_("Nothing, if the customer is expected to approve; else remind the customer, or look at the "
                 "collaboration in the online service.")},
    EventInfo{"company.held", Level::warning, "5454ce54e26f582f907bc4c6caf5dae8", "installation, place, repeated",
              N_("A person must decide about a company. Neither side of it is touched until then."),
              N_("`samsynk show COMPANY` gives the reason and both sides' values.")},
    EventInfo{"company.failed", Level::warning, "3f950b0f00cf5c0889e18c8133f03161", "installation, place, repeated",
              N_("A company was set aside with a reason and is tried again by itself. All others go on."),
              N_("Read the message: it names the file or folder and what to correct.")},
    EventInfo{"company.recovered", Level::info, "601d7ff6587e5fd4a3dd03eb98e78d79", "installation, place, repeated",
              N_("A company that was waiting, held or had failed is synced again."), ""},
    EventInfo{
        "company.claim_released", Level::notice, "0f6a2d04ecff5e62869699d73ac42b43", "installation, place",
        N_("A company has been missing locally for longer than `sync.release_missing_after`, so its claim was given "
           "up. It is taken up again by itself when it comes back."),
        N_("If the company is gone for good, write `ignore` for it under `companies:` in the configuration.")},
    EventInfo{
        "company.name_mismatch", Level::notice, "864d8090eb3a511eb6c1e8542fd44482", "installation, place",
        N_("A company bears another name locally than online. The number decides; the two names may mean that it is "
           "wrong on one side."),
        N_("Compare the two names with `samsynk show COMPANY`. If the number is wrong, correct it where it is.")},
    EventInfo{"preference.applied", Level::info, "8c11d98301bc5ae6a4ce6dad019421e1",
              "installation, place, preference, from, to",
              N_("A choice that was made online was written to the local program."), ""},
    EventInfo{"preference.pushed", Level::info, "dc609b236a8757f2a20230c5f5e8d872",
              "installation, place, preference, from, to",
              N_("A choice that was made locally was sent to the online service."), ""},
    EventInfo{"collaboration.changed", Level::info, "11b7c0af6037591885f0ad49d27c204d", "installation, place, state",
              N_("The local program was told of a change of a collaboration."), ""},
    EventInfo{"signin.required", Level::error, "7f7bbfb5c8205e1e891ea9dea0771f58", "issuer, repeated",
              N_("The online service does not accept the sign-in any longer. Nothing is synced until it is renewed."),
              N_("Renew the client secret, or run `samsynk login`.")},
    EventInfo{"signin.refreshed", Level::debug, "c0d23714990b56b4a0333a15b5f20acc", "issuer, repeated",
              N_("The sign-in was renewed."), ""},
    EventInfo{"service.unreachable", Level::error, "719bb102216d5fd09bcdf140395eab63", "repeated",
              N_("The online service does not answer, or its certificate does not verify. The daemon keeps trying."),
              N_("Check network, proxy and certificate; the message says which of them it was.")},
    EventInfo{"service.recovered", Level::notice, "72104c15d8d95f479e2a82daba7836b2", "repeated",
              N_("The online service answers again."), ""},
    EventInfo{"installation.offline", Level::error, "8ff5e2aef55a5d3d919606fa14c84ac5",
              "installation, detail, repeated",
              N_("The root of an installation can't be reached. Its companies keep what was known of them; nothing is "
                 "taken for deleted."),
              N_("Check that the share is mounted and that the user of samsynkd may read it.")},
    EventInfo{"installation.recovered", Level::notice, "9e5ade34df9954949a207f10c27d9924", "installation, repeated",
              N_("An installation can be reached again."), ""},
    EventInfo{"installation.watch_limited", Level::warning, "d9faf8a5d3705a2fb01374252791a3bb", "installation",
              N_("The system does not tell of all changes in an installation's folders, so they are looked for now and "
                 "then: a local choice is carried over a little later."),
              N_("Raise the limit that the message names, and restart samsynkd.")},
    EventInfo{"feed.polling", Level::warning, "d5db607449d157cc8bc0153f2eccc83d", "seconds, why",
              N_("A request that waits for online changes is cut again and again, so they are asked for every few "
                 "seconds instead. Nothing is lost; holding it open is tried again after a quarter of an hour."),
              N_("Let the proxy before the service keep an idle connection open for at least a minute.")},
    EventInfo{"feed.open", Level::notice, "3dbcf0657000566582727866e1f5c86c", "",
              N_("Online changes come at once again, after a time in which they were asked for."), ""},
    EventInfo{
        "events.dropped", Level::notice, "09a99f4f4319597eba5c7acb6e92b663", "count, life",
        N_("A reader of the event stream fell behind, or the daemon was started anew since: events were left out. "
           "Only in the stream, never logged."),
        N_("Read on from here, and fetch the present state anew.")},
    EventInfo{"access.ended", Level::notice, "f5902f286b7557d9856cb05e595ad3da", "",
              N_("Who reads the event stream may no longer do so: the group or the configuration has changed. The "
                 "stream ends with it. Only in the stream, never logged."),
              N_("Ask the administrator which group you must be in.")},
};

std::string document_row(const EventInfo& event) {
    std::string row = "| `" + std::string{event.name} + "` | " + std::string{name_of(event.level)} + " | ";
    row += std::string{event.fields} + " | " + event.meaning + " | " + event.what_to_do + " | `";
    return row + std::string{event.message_id} + "` |\n";
}

constexpr std::string_view document_head = R"(# Events

Samsynk tells what happens as events with stable names. The same event is a line in the log, an object in the event
stream (`GET /v1/events`) and an entry in the journal. Names, fields and message ids are added, never changed.

| where | how an event looks |
|---|---|
| journal | `SAMSYNK_EVENT=` its name, `SAMSYNK_COMPANY=`, `SAMSYNK_RUN=`, `SAMSYNK_CODE=`, `MESSAGE_ID=`, and each field as `SAMSYNK_` and its name in capitals |
| JSON lines | `time`, `level`, `event`, `message`, then `company`, `run`, `code` where there are any, and `fields` |
| text | time, level, name, message, then `company=`, `run=`, `code=` and the fields |

Personal numbers are masked in all of these (`800101-****`). Levels become journal priorities: debug 7, info 6, notice 5,
warning 4, error 3.

Trouble that repeats is logged when it begins, when it changes and when it ends; the line that changes or ends it has
`repeated`, how many times it was seen before. `samsynkd` with `log.level: debug` does not change that.

```
journalctl -u samsynkd SAMSYNK_EVENT=company.failed
journalctl -u samsynkd SAMSYNK_COMPANY=556016-0680
```

| event | level | fields | meaning | what to do | MESSAGE_ID |
|---|---|---|---|---|---|
)";

}  // namespace

std::span<const EventInfo> event_table() { return events; }

const EventInfo* find_event(std::string_view name) {
    const auto at =
        std::find_if(events.begin(), events.end(), [&](const EventInfo& event) { return event.name == name; });
    return at == events.end() ? nullptr : &*at;
}

std::string events_document() {
    std::string text{document_head};
    for (const EventInfo& event : events) text += document_row(event);
    return text;
}

}  // namespace samsynk::telemetry
