#include "settings/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace samsynk::settings {
namespace {

const std::string good = R"(service:
  url: https://localhost:8443/
  auth:
    issuer: https://localhost:8443
    client_id: samsynk
sync:
  interval: 15m
installations:
  - id: main
    connector: folder
    path: /srv/Företag
)";

Loaded load_text(const std::string& text) {
    const std::filesystem::path file = testing::TempDir() + "samsynk-settings.yaml";
    std::ofstream{file} << text;
    return load(file);
}

std::string with(const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
}

TEST(Settings, ReadsAndFillsInDefaults) {
    const auto loaded = load_text(good);
    ASSERT_TRUE(loaded.settings) << to_text(loaded.mistakes.at(0));
    EXPECT_EQ(loaded.settings->service.url, "https://localhost:8443");
    EXPECT_EQ(loaded.settings->sync.interval, std::chrono::minutes{15});
    EXPECT_DOUBLE_EQ(loaded.settings->sync.mass_change_limit, 0.2);
}

TEST(Settings, NamesLineAndRemedyOfEveryMistake) {
    const struct {
        std::string text;
        int line;
        std::string says;
    } cases[] = {
        {with("https://localhost:8443/", "http://localhost"), 2, "Plain HTTP is never used"},
        {with("  interval", "  intervall"), 7, "Did you mean “interval”"},
        {with("15m", "15 minutes"), 7, "30s, 15m or 1h"},
        {with("15m", "1s"), 7, "between 10 s"},
        {with("  auth:", "  proxy: socks5://me:hemligt@a\n  auth:"), 3, "such as http://proxy.example:3128"},
        {with("  auth:", "  proxy: http://a\n  proxy_password_file: /p\n  auth:"), 4, "with a user and without"},
        {with("  auth:", "  pins: [sha256/AAAA=]\n  auth:"), 3, "44 characters"},
        {with("  auth:", "  reply_timeout: 11m\n  auth:"), 3, "between 1 s and 600 s"},
        {with("/srv", "srv"), 11, "beginning with “/”"},
        {with("connector: folder", "connector: sql"), 10, "mapping"},
        {with("id: main", "id: Main Å"), 9, "short name"},
        {with("    client_id: samsynk\n", ""), 4, "missing"},
        {with("sync:", "\tsync:"), 6, "never tabs"},
        {with("/srv/Företag", "\"/srv\\0\""), 11, "on one line"},
        {with("https://localhost:8443/", "\"https://a\\nb\""), 2, "on one line"},
        {good + "\x04\n", 12, "control character"},
        {good + "---\nlog: {level: debug}\n", 12, "does not belong"},
        {with("service:", " log: {}\nservice:"), 2, "does not belong"},
        {",", 1, "does not belong"},
        {"", 1, "empty"}};
    for (const auto& c : cases) {
        const auto loaded = load_text(c.text);
        ASSERT_FALSE(loaded.settings) << c.says;
        EXPECT_EQ(loaded.mistakes[0].line, c.line) << c.says;
        EXPECT_NE(to_text(loaded.mistakes[0]).find(c.says), std::string::npos) << to_text(loaded.mistakes[0]);
    }
}

TEST(Settings, FindsAllMistakesInOnePass) {
    EXPECT_EQ(load_text(with("15m", "x") + "extra: 1\nlog: {level: loud}\n").mistakes.size(), 3U);
}

TEST(Settings, AMistakeIsOneShortLineWhateverItIsAbout) {
    const auto loaded = load_text(good + std::string(900, 'x') + ": 1\n\"a\\nb\": 2\n");
    ASSERT_EQ(loaded.mistakes.size(), 2U);
    for (const auto& mistake : loaded.mistakes) {
        EXPECT_LT(to_text(mistake).size(), 400U);
        EXPECT_EQ(to_text(mistake).find('\n'), std::string::npos);
    }
}

TEST(Settings, TheShippedExampleIsRight) {
    const auto loaded = load(std::filesystem::path{SAMSYNK_SOURCE_DIR} / "config/samsynk.yaml");
    EXPECT_TRUE(loaded.settings) << to_text(loaded.mistakes.at(0));
}

TEST(Settings, OneWayToSignInIsChosen) {
    const auto auth = [](const std::string& lines) {
        return load_text(with("    client_id: samsynk\n", "    client_id: samsynk\n" + lines));
    };
    EXPECT_TRUE(auth("    client_key_file: /k\n    client_key_id: k-1\n    scope: a b\n").settings);
    EXPECT_TRUE(auth("    refresh_token_file: /r\n").settings);
    for (const auto& [lines, line, says] : {
             std::tuple{"    client_secret_file: /s\n    client_key_file: /k\n", 7, "give one of them"},
             std::tuple{"    client_key_id: k-1\n", 6, "needs client_key_file"},
             std::tuple{"    client_secret_file: /s\n    refresh_token_file: /r\n", 7, "a person's sign-in"},
             std::tuple{"    client_key_file: k\n", 6, "beginning with “/”"},
         }) {
        const auto loaded = auth(lines);
        ASSERT_EQ(loaded.mistakes.size(), 1U) << lines;
        EXPECT_EQ(loaded.mistakes[0].line, line) << says;
        EXPECT_NE(to_text(loaded.mistakes[0]).find(says), std::string::npos) << to_text(loaded.mistakes[0]);
    }
}

}  // namespace
}  // namespace samsynk::settings
