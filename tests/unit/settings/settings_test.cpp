#include "settings/settings.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
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

TEST(Settings, NoStateInTheFolderOfSignIns) {
    for (const char* place : {"/srv/samsynk/signin", "/srv/samsynk/signin/"}) {
        const auto loaded = load_text(good + "state:\n  directory: " + place + "\n");
        ASSERT_EQ(loaded.mistakes.size(), 1U) << place;
        EXPECT_NE(to_text(loaded.mistakes[0]).find("another name"), std::string::npos) << to_text(loaded.mistakes[0]);
    }
    EXPECT_TRUE(load_text(good + "state:\n  directory: /srv/signin/samsynk\n").settings);
    // As an instance of that name is started.
    ::setenv("STATE_DIRECTORY", "/var/lib/samsynk/signin", 1);
    EXPECT_EQ(load_text(good).mistakes.size(), 1U);
    EXPECT_TRUE(load_text(good + "state:\n  directory: /srv/samsynk\n").settings);
    ::unsetenv("STATE_DIRECTORY");
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
        {with("https://localhost:8443/", "https://a%0d%0ab/"), 2, "Plain HTTP is never used"},
        {with("https://localhost:8443/", "https://[fe80::1%25eth0]/"), 2, "Plain HTTP is never used"},
        {with("  auth:", "  proxy: http://a%00b:3128\n  auth:"), 3, "such as http://proxy.example:3128"},
        {with("  auth:", "  ca_only: true\n  auth:"), 3, "nobody would be trusted"},
        {with("  auth:", "  reply_timeout: 11m\n  auth:"), 3, "between 1 s and 600 s"},
        {with("/srv", "srv"), 11, "beginning with “/”"},
        {with("connector: folder", "connector: sql"), 9, "mapping"},
        {with("id: main", "id: Main Å"), 9, "short name"},
        {with("    client_id: samsynk\n", ""), 4, "missing"},
        {with("sync:", "\tsync:"), 6, "never tabs"},
        {with("/srv/Företag", "\"/srv\\0\""), 11, "on one line"},
        {with("https://localhost:8443/", "\"https://a\\nb\""), 2, "on one line"},
        {good + "\x04\n", 12, "control character"},
        {good + "---\nlog: {level: debug}\n", 12, "does not belong"},
        {with("service:", " log: {}\nservice:"), 2, "does not belong"},
        {",", 1, "does not belong"},
        {"", 1, "is empty"}};
    for (const auto& c : cases) {
        const auto loaded = load_text(c.text);
        ASSERT_FALSE(loaded.settings) << c.says;
        EXPECT_EQ(loaded.mistakes[0].line, c.line) << c.says;
        EXPECT_NE(to_text(loaded.mistakes[0]).find(c.says), std::string::npos) << to_text(loaded.mistakes[0]);
    }
}

constexpr const char* all_connectors = R"(service:
  url: https://localhost:8443
  auth: {issuer: "https://localhost:8443", client_id: samsynk}
sync: {release_missing_after: 14d}
installations:
  - {id: main, connector: folder, path: /srv/spcs/Företag}
  - id: tryton
    connector: sql
    mapping: tryton
    database: {type: postgresql, host: db.example, port: 5433, name: tryton, user: samsynk, tls: on}
    timeout: 20s
  - {id: book, connector: sql, mapping: /etc/samsynk/own.yaml, database: {type: sqlite, path: /srv/book.gnucash}}
  - id: bridge
    connector: exec
    command: [/usr/bin/ssh, -T, server]
    environment: {BOOKS: /srv/books}
companies:
  "556016-0680": main
  "556036-0793": main:Ovnbol2000
  "212000-0142": ignore
  "556012-5790": /srv/spcs/Företag/Bolaget
)";

TEST(Settings, ReadsEveryConnectorAndWhatIsSaidOfCompanies) {
    const auto loaded = load_text(all_connectors);
    ASSERT_TRUE(loaded.settings) << to_text(loaded.mistakes.at(0));
    const Settings& settings = *loaded.settings;
    EXPECT_EQ(settings.sync.release_missing_after, std::chrono::hours{14 * 24});
    ASSERT_EQ(settings.installations.size(), 4U);
    const Installation& tryton = settings.installations[1];
    EXPECT_EQ(tryton.mapping, "tryton");
    EXPECT_EQ(tryton.database.host, "db.example");
    EXPECT_EQ(tryton.database.port, 5433);
    EXPECT_EQ(tryton.database.tls, "on");
    EXPECT_EQ(tryton.timeout, std::chrono::seconds{20});
    EXPECT_EQ(settings.installations[2].database.path, "/srv/book.gnucash");
    EXPECT_EQ(settings.installations[3].command, (std::vector<std::string>{"/usr/bin/ssh", "-T", "server"}));
    EXPECT_EQ(settings.installations[3].environment.at("BOOKS"), "/srv/books");
    ASSERT_EQ(settings.companies.size(), 4U);
    std::map<std::string, CompanyChoice> by_number;
    for (const CompanyChoice& choice : settings.companies) by_number.emplace(choice.company.text(), choice);
    EXPECT_EQ(by_number.at("556036-0793").installation, "main");
    EXPECT_EQ(by_number.at("556036-0793").place, "Ovnbol2000");
    EXPECT_TRUE(by_number.at("212000-0142").ignored);
    EXPECT_EQ(by_number.at("556012-5790").place, "/srv/spcs/Företag/Bolaget");
}

TEST(Settings, NamesWhatIsWrongWithAConnector) {
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = all_connectors;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    const std::vector<std::pair<std::string, std::string>> cases{
        {with("    mapping: tryton\n", ""), "mapping” is missing"},
        {with("mapping: tryton", "mapping: ../tryton"), "name of a mapping"},
        {with("type: postgresql", "type: oracle"), "one of"},
        {with("type: postgresql", "type: firebird"), "one of: sqlite, postgresql, mariadb, odbc"},
        {with("type: postgresql", "type: odbc"), "database.tls” is not for ODBC"},
        {with("type: postgresql, host: db.example, port: 5433,", "type: odbc, host: db.example,"),
         "host” is not for ODBC"},
        {with("port: 5433", "port: 70000"), "65535"},
        {with("name: tryton, user", "user"), "name” is missing"},
        {with("tls: on", "tls: maybe"), "one of"},
        {with("timeout: 20s", "timeout: 20m"), "between"},
        {with("type: sqlite, path: /srv/book.gnucash", "type: sqlite"), "path” is missing"},
        {with("type: sqlite, path: /srv/book.gnucash", "type: sqlite, path: /srv/b, user: x"), "not for SQLite"},
        {with("[/usr/bin/ssh, -T, server]", "[ssh, -T, server]"), "whole path"},
        {with("[/usr/bin/ssh, -T, server]", "/usr/bin/ssh"), "list"},
        {with("{BOOKS: /srv/books}", "[BOOKS]"), "name: text"},
        {with("connector: folder, path", "connector: folder, mapping: x, path"), "not known"},
        {with("connector: folder, path", "connector: folder, watch: look, path"), "called “watch: poll” now"},
        {with("\"556016-0680\": main", "\"556016-0681\": main"), "check digit"},
        {with("\"556016-0680\": main", "\"556016-0680\": elsewhere"), "installation's id"},
        {with("\"556036-0793\": main:Ovnbol2000", "\"5560160680\": ignore"), "twice"},
        {with("14d", "14w"), "must be a time"}};
    for (const auto& [text, says] : cases) {
        const auto loaded = load_text(text);
        ASSERT_FALSE(loaded.settings) << says;
        bool said = false;
        for (const auto& mistake : loaded.mistakes) said = said || to_text(mistake).find(says) != std::string::npos;
        EXPECT_TRUE(said) << says << ": " << to_text(loaded.mistakes.at(0));
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

TEST(Settings, WhatOthersMayWriteIsRefused) {
    const std::filesystem::path file = testing::TempDir() + "samsynk-settings.yaml";
    ASSERT_TRUE(load_text(good).settings);
    ::chmod(file.c_str(), 0666);
    const auto loaded = load(file);
    EXPECT_FALSE(loaded.settings);
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_NE(to_text(loaded.mistakes[0]).find("chmod go-w " + file.string()), std::string::npos);
    std::filesystem::remove(file);
}

TEST(Settings, SoIsWhatItRunsAndTrusts) {
    const std::filesystem::path program = testing::TempDir() + "samsynk-bridge";
    std::ofstream{program} << "#!/bin/sh\n";
    const auto text =
        with("connector: folder\n    path: /srv/Företag", "connector: exec\n    command: [" + program.string() + "]");
    ::chmod(program.c_str(), 0755);
    EXPECT_TRUE(load_text(text).settings);
    const auto ca = with("  auth:", "  ca_file: " + program.string() + "\n  auth:");
    ::chmod(program.c_str(), 0777);
    for (const std::string& one : {text, ca}) {
        const auto loaded = load_text(one);
        EXPECT_FALSE(loaded.settings);
        ASSERT_EQ(loaded.mistakes.size(), 1U);
        EXPECT_NE(to_text(loaded.mistakes[0]).find(program.string()), std::string::npos);
    }
    std::filesystem::remove(program);
}

}  // namespace
}  // namespace samsynk::settings
