// Bridges that hang, die, flood, lie and write garbage: only their own installation suffers, and it is told why.
#include <fstream>

#include "unit/installations/exec/rig.hpp"

namespace samsynk::installations {
namespace {

using std::chrono::steady_clock;
using testing::AllOf;
using testing::HasSubstr;

class ExecTroubleTest : public ExecRig {
protected:
    // What a list comes to, and that it is no news for long.
    Error offline(std::chrono::milliseconds most = 20s) {
        const auto began = steady_clock::now();
        const auto found = scan();
        EXPECT_LT(steady_clock::now() - began, most);
        EXPECT_TRUE(found.has_error()) << found->size() << " companies";
        if (found.has_value()) return {};
        EXPECT_EQ(found.error().code, Errc::installation_offline);
        EXPECT_EQ(words(found.error()).find('{'), std::string::npos) << "a hole in: " << words(found.error());
        return found.error();
    }
    std::string said(std::chrono::milliseconds most = 20s) { return words(offline(most)); }
    // The bridge is gone, with all that it started.
    bool gone() {
        return soon([&] {
            for (const char* file : {"started", "grandchild"})
                for (const std::string& pid : lines_of(file))
                    if (runs(pid)) return false;
            return true;
        });
    }
    static long memory_in_kb() {
        std::ifstream in{"/proc/self/status"};
        for (std::string word; in >> word;)
            if (word == "VmRSS:") {
                long kb = 0;
                in >> kb;
                return kb;
            }
        return 0;
    }
};

TEST_F(ExecTroubleTest, HangsAtHello) {
    bridge("ask()\ntime.sleep(60)", quick(300ms));
    EXPECT_THAT(said(10s), HasSubstr("did not answer in time"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, HangsInMidList) {
    bridge("hello()\nr = ask()\nsay(id=r['id'], company=company('a'))\ntime.sleep(60)", quick(300ms));
    EXPECT_THAT(said(10s), HasSubstr("did not answer in time"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, MayBeSlowInAllButNotBetweenLines) {
    bridge(R"(
hello()
r = ask()
for i in range(4):
    time.sleep(0.4)
    say(id=r["id"], company=company(str(i)))
say(id=r["id"], count=4)
ask())",
           quick(1s));
    EXPECT_EQ(scan().value().size(), 4U) << "1.6 s in all, and never one without a line";
}

TEST_F(ExecTroubleTest, ChangesThatAreToldAreNoAnswer) {
    bridge("hello()\nask()\nwhile True:\n    say(changed=['a'])\n    time.sleep(0.05)", quick(300ms));
    EXPECT_THAT(said(10s), HasSubstr("did not answer in time"));
}

TEST_F(ExecTroubleTest, IgnoresTheRequestToEndAndIsKilled) {
    bridge("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nhello()\nlists(ask(), 'a')\ntime.sleep(60)");
    ASSERT_TRUE(scan().has_value());
    side_.reset();
    pass(1s);
    EXPECT_TRUE(runs(lines_of("started").at(0))) << "it has two seconds";
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, IsAskedToEndBeforeItIsKilled) {
    bridge(R"(
def bye(*_):
    note("bye")
    os._exit(0)
signal.signal(signal.SIGTERM, bye)
hello()
lists(ask(), "a")
time.sleep(60))");
    ASSERT_TRUE(scan().has_value());
    side_.reset();
    EXPECT_TRUE(gone());
    EXPECT_EQ(lines_of("bye").size(), 1U);
}

TEST_F(ExecTroubleTest, DiesAtOnce) {
    bridge("print('first', file=sys.stderr)\nprint('No licence key.', file=sys.stderr)\nsys.exit(3)");
    const Error why = offline();
    EXPECT_THAT(words(why), AllOf(HasSubstr("ended by itself (exit status 3)"), HasSubstr("starts it again at 20")));
    EXPECT_EQ(why.detail, "stderr: No licence key.");
}

TEST_F(ExecTroubleTest, IsKilledByAnother) {
    bridge("hello()\nask()\nos.kill(os.getpid(), signal.SIGKILL)");
    EXPECT_THAT(said(), HasSubstr("ended by itself (signal 9)"));
}

TEST_F(ExecTroubleTest, DiesInMidWrite) {
    bridge(R"(
hello()
first, second, third = ask(), ask(), ask()
say(id=second["id"], done=True)
sys.exit(1))");
    const auto results = write({choice("a"), choice("b"), choice("c")});
    ASSERT_EQ(results.size(), 3U);
    EXPECT_TRUE(results[1].has_value()) << "what it said before it ended counts";
    for (const auto* result : {&results[0], &results[2]}) {
        EXPECT_EQ(result->error().code, Errc::write_failed);
        EXPECT_THAT(words(result->error()), HasSubstr("may be done or not"));
        EXPECT_THAT(result->error().detail, HasSubstr("exit status 1"));
    }
    EXPECT_THAT(words(results[2].error()), HasSubstr("at c "));
    const auto again = write({choice("a")});
    EXPECT_EQ(again[0].error().code, Errc::write_failed);
    EXPECT_THAT(words(again[0].error()), HasSubstr("ended by itself")) << "it rests: this one was never made";
}

TEST_F(ExecTroubleTest, FloodsWithoutALine) {
    bridge("hello()\nask()\nwhile True: sys.stdout.write('x' * 65536)");
    const long before = memory_in_kb();
    EXPECT_THAT(said(), HasSubstr("line of more than 1048576 bytes"));
    EXPECT_LT(memory_in_kb() - before, 32 * 1024);
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, FloodsWithChanges) {
    bridge(
        "hello()\nlists(ask(), 'a')\nask()\nwhile True: sys.stdout.write('{\"changed\":[\"' + str(os.urandom(4)[0]) + "
        "'\"]}\\n')");
    ASSERT_TRUE(scan().has_value());
    EXPECT_THAT(said(), HasSubstr("tells of changes without end"));
}

TEST_F(ExecTroubleTest, FloodsStandardError) {
    bridge(R"(
hello()
flooded = 0
def flood():
    global flooded
    while True: flooded += os.write(2, b"y" * 65536)
threading.Thread(target=flood, daemon=True).start()
lists(ask(), "a")
r = ask()
note("flooded", flooded)
lists(r, "a")
ask())");
    ASSERT_TRUE(scan().has_value());
    pass(1s);
    EXPECT_TRUE(scan().has_value()) << "what it says goes on";
    EXPECT_LT(std::stol(lines_of("flooded").at(0)), 2 * 1024 * 1024) << "its flood costs it time, not us";
}

TEST_F(ExecTroubleTest, WritesGarbage) {
    bridge("print('Welcome to Windows')\nsys.stdout.flush()\ntime.sleep(60)");
    EXPECT_THAT(said(), AllOf(HasSubstr("what is no message"), HasSubstr("Welcome to Windows")));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, AnswersTwice) {
    bridge("hello()\nr = ask()\nlists(r, 'a')\nsay(id=r['id'], count=1)\nlists(ask(), 'a')\ntime.sleep(60)");
    EXPECT_EQ(scan().value().size(), 1U);
    pass(200ms);
    EXPECT_THAT(said(), HasSubstr("answered request 2, which is not under way"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, SaysHelloTwice) {
    bridge("r = ask()\nfor _ in range(2): say(id=r['id'], protocol=1, program='x', capabilities=ALL)\ntime.sleep(60)");
    EXPECT_THAT(said(), HasSubstr("answered request 1, which is not under way"));
}

TEST_F(ExecTroubleTest, AnswersWhatNobodyAsked) {
    bridge("hello()\nask()\nsay(id=99, done=True)\ntime.sleep(60)");
    EXPECT_THAT(said(), HasSubstr("answered request 99"));
}

TEST_F(ExecTroubleTest, GivesAnAnswerOfAnotherKind) {
    bridge("hello()\nsay(id=ask()['id'], done=True)\ntime.sleep(60)");
    EXPECT_THAT(said(), HasSubstr("belongs to another request"));
}

TEST_F(ExecTroubleTest, ReadsAnotherPlaceThanItWasAsked) {
    bridge("hello()\nsay(id=ask()['id'], company=company('b'))\ntime.sleep(60)");
    EXPECT_THAT(words(run(side_->read("a")).error()), HasSubstr("belongs to another request"));
}

TEST_F(ExecTroubleTest, SpeaksAnotherProtocol) {
    bridge("hello(protocol=2)\ntime.sleep(60)");
    EXPECT_THAT(said(), HasSubstr("speaks version 2 of the protocol, and Samsynk speaks version 1"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, RefusesToBegin) {
    bridge("say(id=ask()['id'], error={'code': 'offline', 'message': 'No licence'})\ntime.sleep(60)");
    EXPECT_THAT(said(), AllOf(HasSubstr("refused to begin"), HasSubstr("No licence")));
}

TEST_F(ExecTroubleTest, ClosesItsOutput) {
    bridge("hello()\nask()\nos.close(1)\ntime.sleep(60)");
    EXPECT_THAT(said(), HasSubstr("closed its standard output"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, LiesAboutTheCount) {
    bridge(R"(
hello()
r = ask(); say(id=r["id"], company=company("a")); say(id=r["id"], count=2)
lists(ask(), "a", "b", "a")
r = ask(); say(id=r["id"], company={"name": "nowhere"}); say(id=r["id"], count=1)
lists(ask())
lists(ask(), "a", "b")
ask())");
    const auto count = scan();
    EXPECT_EQ(count.error().code, Errc::bad_file);
    EXPECT_THAT(words(count.error()), HasSubstr("listed 1 companies and counted 2"));
    EXPECT_THAT(words(scan().error()), HasSubstr("listed a twice"));
    EXPECT_THAT(words(scan().error()), HasSubstr("without a place"));
    EXPECT_THAT(said(), HasSubstr("lists no companies"));
    EXPECT_EQ(scan().value().size(), 2U) << "it goes on with the same process";
    EXPECT_EQ(lines_of("started").size(), 1U);
}

TEST_F(ExecTroubleTest, NeverReadsWhatItIsAsked) {
    bridge("hello()\ntime.sleep(60)", quick(500ms));
    std::vector<agent::NoticeWrite> writes;
    sync::Notice notice{.company = OrgNumber::parse("5560160680").value(), .name = std::string(100'000, 'x')};
    for (int i = 0; i < 64; ++i) writes.push_back({std::to_string(i), notice});
    const auto began = steady_clock::now();
    const auto results = run(side_->write_notices(std::move(writes)));
    EXPECT_LT(steady_clock::now() - began, 15s);
    ASSERT_EQ(results.size(), 64U);
    for (const auto& result : results) EXPECT_EQ(result.error().code, Errc::write_failed);
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, KeepsNoMoreThanSomeMegabytesForOneThatDoesNotRead) {
    bridge("hello()\ntime.sleep(60)");
    std::vector<agent::NoticeWrite> writes;
    sync::Notice notice{.company = OrgNumber::parse("5560160680").value(), .name = std::string(1'000'000, 'x')};
    for (int i = 0; i < 10; ++i) writes.push_back({std::to_string(i), notice});
    const auto results = run(side_->write_notices(std::move(writes)));
    EXPECT_THAT(results[0].error().detail, HasSubstr("does not read what it is asked"));
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, TakesItsGrandchildrenWithIt) {
    bridge(R"(
import subprocess
note("grandchild", subprocess.Popen(["sleep", "60"]).pid)
hello()
ask()
sys.exit(0))");
    EXPECT_THAT(said(), HasSubstr("exit status 0"));
    ASSERT_EQ(lines_of("grandchild").size(), 1U);
    const std::string pid = lines_of("grandchild").at(0);
    EXPECT_TRUE(soon([&] {  // killed; who inherits it reaps it
        std::ifstream in{"/proc/" + pid + "/stat"};
        std::string number, name, state;
        in >> number >> name >> state;
        return !in || state == "Z";
    }));
}

TEST_F(ExecTroubleTest, IsNoZombie) {
    bridge("hello()\nlists(ask(), 'a')\nask()\nsys.exit(0)");
    ASSERT_TRUE(scan().has_value());
    (void)offline();
    EXPECT_TRUE(gone());
}

TEST_F(ExecTroubleTest, RestsBetweenStartsAndLongerEachTime) {
    auto options = quick(5s);
    options.least_restart = 200ms;
    options.most_restart = 500ms;
    bridge("note('at', time.monotonic())\nsys.exit(1)", options);
    int calls = 0;
    EXPECT_TRUE(soon(
        [&] {
            (void)offline();
            ++calls;
            return lines_of("at").size() == 5;
        },
        20s));
    EXPECT_GT(calls, 50) << "those that come while it rests fail at once";
    const auto at = [&](std::size_t start) { return std::stod(lines_of("at").at(start)); };
    EXPECT_GE(at(1) - at(0), 0.2);
    EXPECT_GE(at(2) - at(1), 0.4);
    EXPECT_GE(at(3) - at(2), 0.5);
    EXPECT_GE(at(4) - at(3), 0.5);
}

TEST_F(ExecTroubleTest, AStartAnewIsNewsOfEverything) {
    auto options = quick(5s);
    options.least_restart = 100ms;
    bridge(R"(
again = os.path.exists(HERE + "/once")
note("once")
hello()
if not again:
    lists(ask(), "a")
    time.sleep(0.2)
    sys.exit(1)
while True: lists(ask(), "a"))",
           options);
    ASSERT_TRUE(scan().has_value());
    const auto news = run(side_->news());
    ASSERT_TRUE(news.has_value());
    EXPECT_TRUE(news->everything);
    EXPECT_EQ(lines_of("started").size(), 2U) << "started anew by itself, to listen";
    EXPECT_EQ(side_->watching(), agent::Watching::events);
    EXPECT_TRUE(scan().has_value());
}

TEST_F(ExecTroubleTest, NoTwoRunAtATime) {
    auto options = quick(1s);
    options.least_restart = 10ms;
    bridge(R"(
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for pid in open(HERE + "/started").read().split()[:-1]:
    if os.path.exists("/proc/" + pid): note("beside")
hello()
ask()
time.sleep(60))",
           options);
    (void)offline();
    pass(20ms);
    (void)offline();
    EXPECT_EQ(lines_of("started").size(), 2U);
    EXPECT_TRUE(lines_of("beside").empty());
}

TEST_F(ExecTroubleTest, EndsWithTheInstallationAndWithoutAnybodyToRunItsWork) {
    bridge("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nhello()\nlists(ask(), 'a')\ntime.sleep(60)");
    {
        boost::asio::io_context other;
        auto side = make_exec_installation("main", {.command = {folder_ / "bridge.py"}, .environment = {}},
                                           other.get_executor());
        std::optional<bool> found;
        boost::asio::co_spawn(other, side->scan(false),
                              [&](std::exception_ptr, auto result) { found = result.has_value(); });
        while (!found) other.run_one();
        EXPECT_TRUE(*found);
        side.reset();
    }
    EXPECT_FALSE(runs(lines_of("started").at(0))) << "when the context is gone, so is it";
}

TEST_F(ExecTroubleTest, ACallUnderWayEndsWithTheInstallation) {
    bridge("hello()\nask()\ntime.sleep(60)");
    std::optional<Errc> code;
    auto list = side_->scan(false);
    boost::asio::co_spawn(context_, std::move(list),
                          [&](std::exception_ptr, auto result) { code = result.error().code; });
    EXPECT_TRUE(soon([&] { return lines_of("asked").size() == 2; }));
    side_.reset();
    EXPECT_TRUE(soon([&] { return code.has_value(); }));
    EXPECT_EQ(code, Errc::cancelled);
}

}  // namespace
}  // namespace samsynk::installations
