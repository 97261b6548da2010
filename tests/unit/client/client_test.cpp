#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/formatting.hpp"

namespace samsynk::client {
namespace {

TEST(Table, LinesUpSwedishLetters) {
    EXPECT_EQ(width_of("Åäö"), 3U);
    EXPECT_EQ(width_of("A\xCC\x8A"), 1U);
    EXPECT_EQ(table({{"NAMN", "LÄGE"}, {"Åkeriet", "x"}}), "NAMN     LÄGE\nÅkeriet  x\n");
}

TEST(Choice, ReadsYesAndNoInBothLanguages) {
    EXPECT_TRUE(read_choice("Ja").value());
    EXPECT_FALSE(read_choice("no").value());
    EXPECT_EQ(read_choice("kanske").error().code, Errc::bad_request);
}

TEST(Message, IsMadeOfWhatTheDaemonSaid) {
    const auto message = message_of(
        {{"message_id", "{n} of {all} in {place}"}, {"args", {{"n", 3}, {"all", "12"}, {"place", "Åkeriet \x1b[2J"}}}});
    EXPECT_EQ(message.id, "{n} of {all} in {place}");
    EXPECT_EQ(to_text(message), "3 of 12 in Åkeriet \x1b[2J") << "as it is: it is made harmless where it is shown";
    EXPECT_EQ(tr(message), "3 of 12 in Åkeriet \\x1b[2J");
    EXPECT_EQ(message_of({{"message_id", nullptr}, {"args", 7}}).id, "");
    EXPECT_TRUE(message_of({}).args.empty());
}

TEST(ControlSocket, SaysHowToStartTheDaemon) {
    ControlSocket socket{"/tmp/samsynk-there-is-no-such-socket"};
    EXPECT_EQ(socket.get("/v1/status").error().code, Errc::daemon_unreachable);
}

// A folder of its own, with the configuration of an instance or none.
class NotConfigured : public testing::Test {
protected:
    NotConfigured() { std::filesystem::create_directories(folder); }
    ~NotConfigured() override { std::filesystem::remove_all(folder); }

    Error of(const char* text) const {
        const std::string config = folder / "norr.yaml";
        if (text) std::ofstream{config} << text;
        return diagnosed({.socket = {}, .json = false, .config = config}, unreachable_error);
    }

    const Error unreachable_error = fail(Errc::daemon_unreachable, N_("samsynkd does not answer."));
    const std::filesystem::path folder = testing::TempDir() + "samsynk-not-configured";
};

TEST_F(NotConfigured, SaysWhatToWriteAndWhatToStart) {
    for (const char* text : {static_cast<const char*>(nullptr), "", "# Nothing yet.\n"}) {
        const Error error = of(text);
        EXPECT_EQ(error.code, Errc::not_configured);
        const std::string told = to_text(error.message);
        EXPECT_NE(told.find("Write " + (folder / "norr.yaml").string() + " after the example /usr/"),
                  std::string::npos);
        EXPECT_NE(told.find("systemctl start samsynkd@norr"), std::string::npos) << told;
    }
}

TEST_F(NotConfigured, IsNotSaidOfOneThatIsWrittenOrUnknown) {
    EXPECT_EQ(of("service: nonsense\n"), unreachable_error);
    EXPECT_EQ(diagnosed({}, unreachable_error), unreachable_error) << "a socket of one's own";
}

TEST_F(NotConfigured, IsNotSaidOfOtherErrors) {
    const Error busy = fail(Errc::busy, N_("samsynkd does not answer in time."));
    EXPECT_EQ(diagnosed({.socket = {}, .json = false, .config = folder / "none.yaml"}, busy), busy);
}

}  // namespace
}  // namespace samsynk::client
