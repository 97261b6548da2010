#include "client/terminal.hpp"

#include <gtest/gtest.h>

#include "client/formatting.hpp"

namespace samsynk::client {
namespace {

const std::string address = "https://id.example/device?user_code=WDJB-MJHT";

TEST(QrCode, IsASquareInItsQuietZone) {
    const auto lines = qr_code(address, 100, 60);
    ASSERT_FALSE(lines.empty());
    const auto width = width_of(lines.front());
    EXPECT_EQ(lines.size(), (width + 1) / 2);
    for (const auto& line : lines) EXPECT_EQ(width_of(line), width);
    std::string light;
    for (std::size_t i = 0; i < width; ++i) light += "█";
    EXPECT_EQ(lines.front(), light);
}

TEST(QrCode, IsLeftOutWhereItDoesNotFitWhole) {
    const auto lines = qr_code(address, 100, 60);
    const int columns = static_cast<int>(width_of(lines.front())), rows = static_cast<int>(lines.size());
    EXPECT_EQ(qr_code(address, columns, rows), lines);
    EXPECT_TRUE(qr_code(address, columns - 1, rows).empty());
    EXPECT_TRUE(qr_code(address, columns, rows - 1).empty());
    EXPECT_TRUE(qr_code(std::string(5000, 'x'), 1000, 1000).empty()) << "more than any code holds";
}

}  // namespace
}  // namespace samsynk::client
