#include <gtest/gtest.h>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/table.hpp"

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
    EXPECT_EQ(say(message), "3 of 12 in Åkeriet \\x1b[2J");
    EXPECT_EQ(message_of({{"message_id", nullptr}, {"args", 7}}).id, "");
    EXPECT_TRUE(message_of({}).args.empty());
}

TEST(ControlSocket, SaysHowToStartTheDaemon) {
    ControlSocket socket{"/tmp/samsynk-there-is-no-such-socket"};
    EXPECT_EQ(socket.get("/v1/status").error().code, Errc::daemon_unreachable);
}

}  // namespace
}  // namespace samsynk::client
