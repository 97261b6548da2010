// The exec connector with bridges that do what they should.
#include <sys/wait.h>

#include <fcntl.h>

#include "core/secrets.hpp"
#include "unit/installations/exec/rig.hpp"

namespace samsynk::installations {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using ExecTest = ExecRig;

TEST_F(ExecTest, ListsInOrderOfPlace) {
    bridge(R"(
hello()
r = ask()
for place in ["b", "c", "a"]: say(id=r["id"], company=company(place, send=place == "a"))
say(id=r["id"], count=3)
ask())");
    EXPECT_EQ(side_->program(), "exec") << "not asked yet";
    EXPECT_TRUE(lines_of("started").empty()) << "it is started when it is needed";
    const auto found = scan();
    ASSERT_TRUE(found.has_value()) << words(found.error());
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ((*found)[0]->place, "a");
    EXPECT_EQ((*found)[0]->preferences.send_all_invoices, true);
    EXPECT_EQ((*found)[2]->place, "c");
    EXPECT_EQ(side_->program(), "test-books");
    EXPECT_THAT(side_->location(), HasSubstr("bridge.py"));
}

TEST_F(ExecTest, DoesWhatItSaysThatItCanAndNoMore) {
    bridge(R"(
hello(can=["read_preferences"])
while True: lists(ask(), "a"))");
    EXPECT_TRUE(side_->capabilities().write_preferences) << "not known yet";
    ASSERT_TRUE(scan().has_value());
    EXPECT_EQ(side_->capabilities(),
              (agent::Capabilities{
                  .read_preferences = true, .write_preferences = false, .write_collaboration = false, .watch = false}));
    EXPECT_EQ(side_->watching(), agent::Watching::none);
    EXPECT_EQ(write({choice("a")}).at(0).error().code, Errc::write_failed);
    EXPECT_EQ(
        run(side_->write_notices({{"a", {.company = OrgNumber::parse("5560160680").value()}}})).at(0).error().code,
        Errc::write_failed);
    EXPECT_EQ(run(side_->mark()).value(), "");
    EXPECT_EQ(run(side_->leave_mark("m")).error().code, Errc::write_failed);
    EXPECT_EQ(run(side_->test()).size(), 2U) << "no write is tried";
    EXPECT_THAT(lines_of("asked"), Not(Contains(HasSubstr("write")))) << "it is not asked for what it can't";
}

TEST_F(ExecTest, WritesNothingWhereItCannotReadWhatIsChosen) {
    bridge(R"(
hello(can=["write_preferences", "dry_run"])
while True: lists(ask(), "a"))");
    ASSERT_TRUE(scan().has_value());
    EXPECT_FALSE(side_->capabilities().write_preferences);
    EXPECT_EQ(write({choice("a")}).at(0).error().code, Errc::write_failed);
    EXPECT_EQ(run(side_->test()).size(), 2U) << "no write is tried";
    EXPECT_THAT(lines_of("asked"), Not(Contains(HasSubstr("write"))));
}

TEST_F(ExecTest, GivesBackRefusalsByTheirKind) {
    bridge(R"(
hello()
while True:
    r = ask()
    say(id=r["id"], error={"code": r.get("place", "offline"), "message": "Åsa says\nno"}))");
    const auto code = [&](const std::string& place) { return write({choice(place)}).at(0).error().code; };
    EXPECT_EQ(code("changed_meanwhile"), Errc::changed_meanwhile);
    EXPECT_EQ(code("busy"), Errc::busy);
    EXPECT_EQ(code("unreadable"), Errc::unreadable);
    for (const char* other : {"write_failed", "not_found", "offline", "on_fire"})
        EXPECT_EQ(code(other), Errc::write_failed) << other;
    EXPECT_EQ(run(side_->read("not_found")).error().code, Errc::not_found);
    EXPECT_EQ(run(side_->read("offline")).error().code, Errc::installation_offline);
    EXPECT_EQ(run(side_->read("on_fire")).error().code, Errc::unreadable);
    EXPECT_EQ(scan().error().code, Errc::installation_offline);
    EXPECT_EQ(words(run(side_->read("busy")).error()), "busy: " + side_->location() + " says: Åsa says\\nno");
}

TEST_F(ExecTest, ReadsWhileAListIsUnderWay) {
    bridge(R"(
hello()
listing = ask()
say(id=listing["id"], company=company("a"))
reading = ask()
say(id=reading["id"], company=company("z"))
say(id=listing["id"], company=company("b"))
say(id=listing["id"], count=2)
ask())");
    std::optional<std::size_t> listed;
    boost::asio::co_spawn(context_, side_->scan(false),
                          [&](std::exception_ptr, auto found) { listed = found.has_value() ? found->size() : 0; });
    EXPECT_TRUE(soon([&] { return lines_of("asked").size() == 2; }));
    EXPECT_EQ(run(side_->read("z")).value()->place, "z");
    EXPECT_TRUE(soon([&] { return listed.has_value(); }));
    EXPECT_EQ(listed, 2U);
}

// The last of 32 is answered first. A 33rd that came too early would be known by the number of those under way.
TEST_F(ExecTest, KeepsAtMost32WritesUnderWayAndEachResultInItsPlace) {
    bridge(R"(
import select
hello()
left, got = 100, b""
def take():  # not by Python's own buffer, which can't be looked into
    global got
    while b"\n" not in got: got += os.read(0, 65536)
    line, _, got = got.partition(b"\n")
    return json.loads(line)
while left > 0:
    batch = [take() for _ in range(min(32, left))]
    left -= len(batch)
    time.sleep(0.1)
    note("early", got != b"" or select.select([0], [], [], 0)[0] != [])
    for r in reversed(batch):
        if r["place"].endswith("7"): say(id=r["id"], error={"code": "busy", "message": r["place"]})
        else: say(id=r["id"], done=True)
take())");
    std::vector<agent::PreferenceWrite> writes;
    for (int i = 0; i < 100; ++i) writes.push_back(choice(std::to_string(i)));
    const auto results = write(std::move(writes));
    ASSERT_EQ(results.size(), 100U);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(results[static_cast<std::size_t>(i)].has_error(), i % 10 == 7) << i;
        if (i % 10 != 7) continue;
        EXPECT_THAT(words(results[static_cast<std::size_t>(i)].error()), HasSubstr(std::to_string(i) + ": "));
    }
    EXPECT_THAT(lines_of("early"), ElementsAre("False", "False", "False", "False"));
}

TEST_F(ExecTest, ReadsTenThousandCompaniesAndKeepsWhatIsAsItWas) {
    bridge(R"(
hello()
for round in range(2):
    r = ask()
    for i in range(10000): sys.stdout.write(json.dumps({"id": r["id"], "company": company("%05d" % (9999 - i))}) + "\n")
    say(id=r["id"], count=10000)
ask())");
    const auto first = scan();
    ASSERT_EQ(first.value().size(), 10'000U);
    EXPECT_EQ(first->front()->place, "00000");
    EXPECT_EQ(scan().value().back(), first->back()) << "the same object";
}

// Its pipe holds a megabyte, so that most of it is still there when the process is not.
TEST_F(ExecTest, WhatItSaidBeforeItEndedCounts) {
    bridge(R"(
import fcntl
fcntl.fcntl(1, 1031, 1 << 20)
hello()
r = ask()
lines = [{"id": r["id"], "company": company(str(i))} for i in range(4000)] + [{"id": r["id"], "count": 4000}]
os.write(1, "".join(json.dumps(line) + "\n" for line in lines).encode())
os._exit(0))");
    const auto found = scan();
    ASSERT_TRUE(found.has_value()) << words(found.error());
    EXPECT_EQ(found->size(), 4000U);
}

TEST_F(ExecTest, HearsOfChanges) {
    bridge(R"(
hello()
lists(ask(), "a")
say(changed=["7", "9"])
say(changed=["7"])
lists(ask(), "a")
say(changed=True)
ask())");
    ASSERT_TRUE(scan().has_value());
    EXPECT_EQ(side_->watching(), agent::Watching::events);
    pass(200ms);
    const auto news = run(side_->news());
    ASSERT_TRUE(news.has_value());
    EXPECT_THAT(news->places, ElementsAre("7", "9"));
    EXPECT_FALSE(news->everything);
    ASSERT_TRUE(scan().has_value());
    EXPECT_TRUE(run(side_->news()).value().everything);
}

TEST_F(ExecTest, WaitsForNewsUntilItIsStopped) {
    bridge("hello()\nlists(ask(), 'a')\nask()");
    boost::asio::steady_timer timer{context_, 50ms};
    timer.async_wait([&](auto) { side_->stop_watching(); });
    EXPECT_EQ(run(side_->news()).error().code, Errc::cancelled) << "before the first scan, too";
    EXPECT_TRUE(lines_of("started").empty());
}

TEST_F(ExecTest, ListensOnlyWhereItShould) {
    auto options = quick(30s);
    options.listens = false;
    bridge("hello()\nlists(ask(), 'a')\nsay(changed=True)\nask()", options);
    ASSERT_TRUE(scan().has_value());
    EXPECT_EQ(side_->watching(), agent::Watching::none);
    boost::asio::steady_timer timer{context_, 300ms};
    timer.async_wait([&](auto) { side_->stop_watching(); });
    EXPECT_EQ(run(side_->news()).error().code, Errc::cancelled);
}

TEST_F(ExecTest, InheritsNothing) {
    ::setenv("SAMSYNK_TEST_SECRET", "hush", 1);
    const int leak = ::open("/etc/passwd", O_RDONLY);  // without close-on-exec
    const auto old_handler = ::signal(SIGPIPE, SIG_IGN);
    auto options = quick(30s);
    options.environment = {{"BOOKS", "/srv/böcker"}, {"LANG", "sv_SE.UTF-8"}};
    options.command = {"/bin/sh", "-c",
                       "ls /proc/self/fd > " + folder_.string() + "/fds; env > " + folder_.string() + "/env; pwd > " +
                           folder_.string() + "/cwd; grep Sig /proc/self/status > " + folder_.string() +
                           "/signals; cut -d' ' -f5 /proc/$$/stat > " + folder_.string() + "/group; echo $$ >> " +
                           folder_.string() + "/group"};
    bridge("", options);
    EXPECT_EQ(scan().error().code, Errc::installation_offline);
    ::signal(SIGPIPE, old_handler);
    ::close(leak);
    EXPECT_THAT(lines_of("fds"), ElementsAre("0", "1", "2", "3")) << "3 is ls looking";
    EXPECT_THAT(lines_of("cwd"), ElementsAre("/"));
    EXPECT_THAT(lines_of("env"), Contains("BOOKS=/srv/böcker"));
    EXPECT_THAT(lines_of("env"), Contains("LANG=sv_SE.UTF-8"));
    for (const std::string& line : lines_of("env")) {
        const std::string name = line.substr(0, line.find('='));
        const std::vector<std::string> known{"BOOKS", "LANG", "PATH",  "HOME",   "TZ",
                                             "PWD",   "_",    "SHLVL", "OLDPWD", "SAMSYNK_BRIDGE"};
        EXPECT_THAT(known, Contains(name));
    }
    for (const std::string& line : lines_of("signals"))
        // But for two that the C library keeps for its threads.
        EXPECT_TRUE(!line.starts_with("SigIgn:") || (std::stoull(line.substr(8), nullptr, 16) & 0x7fffffffU) == 0)
            << line;
    const auto group = lines_of("group");
    ASSERT_EQ(group.size(), 2U);
    EXPECT_EQ(group[0], group[1]) << "a process group of its own";
}

// A shell would let them through by itself.
TEST_F(ExecTest, InheritsNoBlockedSignals) {
    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    bridge(
        "note('blocked', [l.strip() for l in open('/proc/self/status') if 'SigBlk' in l])\nhello()\nlists(ask(), "
        "'a')\nask()");
    EXPECT_TRUE(scan().has_value());
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_THAT(lines_of("blocked"), ElementsAre("['SigBlk:\\t0000000000000000']"));
}

TEST_F(ExecTest, ATrialTriesAWriteWithoutAChange) {
    bridge(R"(
hello()
lists(ask(), "a", send=True)
for expected in (("send_all_invoices", True, False), ("receive_invoices", None, True)):
    r = ask()
    note("tried", (r["preference"], r["from"], r["to"], r["dry_run"]) == expected + (True,))
    say(id=r["id"], done=True)
ask())");
    const auto probes = run(side_->test());
    ASSERT_EQ(probes.size(), 3U);
    for (const auto& probe : probes) EXPECT_FALSE(probe.trouble) << words(*probe.trouble);
    EXPECT_THAT(lines_of("tried"), ElementsAre("True", "True"));
}

TEST_F(ExecTest, ATrialTellsWhyItCanNotBegin) {
    auto options = quick(30s);
    options.command = {"/nowhere/bridge"};
    bridge("", options);
    const auto probes = run(side_->test());
    ASSERT_EQ(probes.size(), 1U);
    EXPECT_THAT(words(*probes[0].trouble), HasSubstr("/nowhere/bridge could not be started (No such file"));
}

TEST_F(ExecTest, NoSecretOfTheEnvironmentIsShown) {
    auto options = quick(30s);
    options.command = {"/bin/ssh", "-T", "books@host", "C:\\bridge.exe", "--password", "hush"};
    options.environment = {{"TOKEN", "hush"}};
    bridge("", options);
    EXPECT_EQ(side_->location(), "/bin/ssh");
    EXPECT_THAT(side_->mark_file(), Not(HasSubstr("hush")));
    options.command = {"/bin/bridge --token hush"};
    bridge("", options);
    EXPECT_EQ(side_->location(), "/bin/bridge …");
    EXPECT_THAT(words(run(side_->read("any")).error()), Not(HasSubstr("hush")));
}

TEST_F(ExecTest, WhatItWasGivenAsASecretIsOneWhileItIsThere) {
    auto options = quick(30s);
    options.command = {"/bin/bridge", "--token", "hush-hush-1", "--password=hush-hush-2", "plain-word"};
    options.environment = {{"BOOKS_KEY", "hush-hush-3"}, {"BOOKS", "/srv/books"}};
    bridge("", options);
    EXPECT_EQ(without_secrets("hush-hush-1 hush-hush-2 hush-hush-3 plain-word /srv/books"),
              "[hidden] [hidden] [hidden] plain-word /srv/books");
    side_.reset();
    EXPECT_EQ(without_secrets("hush-hush-1"), "hush-hush-1");
}

}  // namespace
}  // namespace samsynk::installations
