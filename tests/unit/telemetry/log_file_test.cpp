// The log in a file: rotated by itself, or moved away by another program; told of where it can't be written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <sstream>

#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string text_of(const fs::path& file) {
    std::stringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

Event event_named(const std::string& name, Level level = Level::info) {
    return Event{.name = name, .level = level, .message = {"Something happened.", {}}};
}

class LogFileTest : public testing::Test {
protected:
    LogFileTest() {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~LogFileTest() override { fs::remove_all(folder); }
    std::unique_ptr<LogSink> sink(std::uint64_t rotate_at = 0, LogFormat format = LogFormat::text) {
        return std::move(*make_log_sink({.format = format, .file = LogFile{file, rotate_at, 2}}));
    }

    const fs::path folder = fs::temp_directory_path() / ("samsynk-log-" + std::to_string(::getpid()));
    const fs::path file = folder / "samsynk.log";
};

TEST_F(LogFileTest, IsForItsOwnerAndGroupAndGrows) {
    sink()->write(event_named("one"));
    sink()->write(event_named("two"));
    EXPECT_THAT(text_of(file), HasSubstr("info one Something happened."));
    EXPECT_THAT(text_of(file), HasSubstr("info two Something happened."));
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST_F(LogFileTest, JsonIsOneObjectALine) {
    sink(0, LogFormat::json)->write(event_named("one"));
    EXPECT_TRUE(text_of(file).starts_with("{\"time\":")) << text_of(file);
}

TEST_F(LogFileTest, RotatesBySizeAndKeepsSome) {
    const auto log = sink(2000);
    for (int n = 0; n < 200; ++n) log->write(event_named("event-" + std::to_string(n)));
    EXPECT_THAT(text_of(file), HasSubstr("event-199"));
    EXPECT_TRUE(fs::exists(folder / "samsynk.1.log"));
    EXPECT_TRUE(fs::exists(folder / "samsynk.2.log"));
    EXPECT_FALSE(fs::exists(folder / "samsynk.3.log"));
    EXPECT_LE(fs::file_size(file), 2100U);
}

TEST_F(LogFileTest, IsBegunAnewWhereAnotherProgramMovedItAway) {
    const auto log = sink();
    log->write(event_named("before"));
    fs::rename(file, folder / "samsynk.log.1");
    log->write(event_named("between"));
    log->reopen();
    log->write(event_named("after"));
    EXPECT_THAT(text_of(folder / "samsynk.log.1"), HasSubstr("between"));
    EXPECT_THAT(text_of(file), HasSubstr("after"));
    EXPECT_EQ(text_of(file).find("between"), std::string::npos);
}

TEST_F(LogFileTest, IsWrittenOnWhereItCannotBeOpenedAnew) {
    const auto log = sink();
    fs::rename(file, folder / "moved");
    fs::create_directory(file);  // nothing can be opened there
    testing::internal::CaptureStderr();
    log->reopen();
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("samsynkd: log: "));
    log->write(event_named("after"));
    EXPECT_THAT(text_of(folder / "moved"), HasSubstr("after"));
}

TEST_F(LogFileTest, KnowsWhatItWasToldOfTroubleWhenItIsReopened) {
    const auto log = sink();
    const Event trouble{.name = "service.unreachable", .level = Level::error, .message = {"No answer.", {}}};
    log->write(trouble);
    log->reopen();
    log->write(trouble);
    const std::string text = text_of(file);
    EXPECT_EQ(text.find("No answer."), text.rfind("No answer.")) << text;
}

// Writes only when it is let, as what nobody reads.
struct SlowSink : LogSink {
    explicit SlowSink(std::shared_ptr<std::vector<std::string>> to) : written{std::move(to)} {}
    void write(const Event& event) override {
        std::unique_lock alone{mutex};
        let.wait(alone, [this] { return open; });
        written->push_back(to_text(event.message));
    }
    void release() {
        const std::lock_guard alone{mutex};
        open = true;
        let.notify_all();
    }
    std::shared_ptr<std::vector<std::string>> written;
    std::mutex mutex;
    std::condition_variable let;
    bool open = false;
};

TEST(BackgroundSink, HoldsUpNobodyAndSaysWhatItLeftOut) {
    const auto written = std::make_shared<std::vector<std::string>>();
    auto slow = std::make_unique<SlowSink>(written);
    SlowSink& gate = *slow;
    BackgroundSink sink{std::move(slow)};
    const auto began = std::chrono::steady_clock::now();
    for (int n = 0; n < 6000; ++n) sink.write(event_named("run.completed"));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
    gate.release();
    sink.finish();
    ASSERT_GE(written->size(), 4097U);
    EXPECT_LE(written->size(), 4099U) << "what waits has its limit, and one or two were taken at once";
    EXPECT_EQ(written->back(), std::to_string(6000 - (written->size() - 1)) +
                                   " lines are missing here: what the log is written to did not keep up.");
}

TEST(BackgroundSink, WritesInOrderAndToTheEnd) {
    const auto written = std::make_shared<std::vector<std::string>>();
    auto slow = std::make_unique<SlowSink>(written);
    slow->release();
    {
        BackgroundSink sink{std::move(slow)};
        for (int n = 0; n < 500; ++n) sink.write(Event{.name = "x", .message = {"{n}", {{"n", std::to_string(n)}}}});
        sink.finish();
    }
    ASSERT_EQ(written->size(), 500U);
    for (int n = 0; n < 500; ++n) EXPECT_EQ((*written)[static_cast<std::size_t>(n)], std::to_string(n));
}

TEST(BackgroundSink, OfWhatHangsTheEndIsNotWaitedForForLong) {
    const auto written = std::make_shared<std::vector<std::string>>();
    auto slow = std::make_unique<SlowSink>(written);
    SlowSink& gate = *slow;
    BackgroundSink sink{std::move(slow)};
    sink.write(event_named("x"));
    const auto began = std::chrono::steady_clock::now();
    sink.finish();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
    EXPECT_TRUE(written->empty());
    gate.release();
    sink.finish();
}

TEST_F(LogFileTest, LevelChangesWhileItRuns) {
    const auto log = sink();
    log->write(event_named("quiet", Level::debug));
    log->set_minimum(Level::debug);
    log->write(event_named("heard", Level::debug));
    log->set_minimum(Level::error);
    log->write(event_named("unheard", Level::warning));
    EXPECT_EQ(text_of(file).find("quiet"), std::string::npos);
    EXPECT_THAT(text_of(file), HasSubstr("heard"));
    EXPECT_EQ(text_of(file).find("unheard"), std::string::npos);
}

TEST_F(LogFileTest, ThatCannotBeMadeIsAMistakeOfTheConfiguration) {
    std::ofstream{folder / "a-file"} << "x";
    const auto log = make_log_sink({.file = LogFile{folder / "a-file/samsynk.log", 0, 5}});
    ASSERT_TRUE(log.has_error());
    EXPECT_EQ(log.error().code, Errc::bad_settings);
    EXPECT_THAT(to_text(log.error().message), HasSubstr("a-file/samsynk.log"));
}

}  // namespace
}  // namespace samsynk::telemetry
