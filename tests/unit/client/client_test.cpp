#include <gtest/gtest.h>

#include "client/commands.hpp"
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

TEST(ControlSocket, SaysHowToStartTheDaemon) {
    ControlSocket socket{"/tmp/samsynk-there-is-no-such-socket"};
    EXPECT_EQ(socket.get("/v1/status").error().code, Errc::daemon_unreachable);
}

}  // namespace
}  // namespace samsynk::client
