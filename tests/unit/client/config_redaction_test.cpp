#include "client/config_redaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace samsynk::client {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string example() {
    std::stringstream text;
    text << std::ifstream{SAMSYNK_SOURCE_DIR "/config/samsynk.yaml"}.rdbuf();
    return text.str();
}

TEST(HiddenConfiguration, KeepsWhatAHelperNeeds) {
    const std::string text = hide_secrets(example()).text;
    for (const char* line :
         {"  url: https://localhost:8443", "    issuer: https://localhost:8443", "    client_id: samsynk",
          "    client_secret_file: /etc/samsynk/secret", "  interval: 15m", "  push: true", "  first_contact: online",
          "  mass_change_limit: 20%", "    id: main", "    connector: folder", "    path: /srv/spcs/Företag",
          "    watch: auto", "  socket: /run/samsynk/control.sock", "  level: info", "  format: auto",
          "  companies: false"})
        EXPECT_THAT(text, HasSubstr(std::string{line} + "\n"));
    EXPECT_THAT(text, Not(HasSubstr("#")));
    EXPECT_THAT(text, Not(HasSubstr("hidden")));
}

TEST(HiddenConfiguration, ShowsABridgeAndADatabaseWithoutTheirSecrets) {
    const auto found = hide_secrets(
        "installations:\n"
        "  - id: bridge\n    command: [/usr/bin/ssh, -T, --token, hemligt-1]\n"
        "    environment: {BOOKS: /srv/hemligt-2, KEY2: hemligt-3}\n    timeout: 30s\n"
        "  - id: books\n    database: {type: odbc, host: db.example, port: 5432, name: 'DSN=x;PWD=hemligt-4'}\n"
        "companies: {\"556016-0680\": main, \"556036-0793\": main:Ovnbol, \"212000-0142\": ignore}\n");
    EXPECT_EQ(found.text,
              "installations:\n"
              "  -\n    id: bridge\n    command:\n      - /usr/bin/ssh\n      - [hidden]\n      - [hidden]\n"
              "      - [hidden]\n    environment:\n      BOOKS: [hidden]\n      [hidden]: [hidden]\n    timeout: 30s\n"
              "  -\n    id: books\n    database:\n      type: odbc\n      host: db.example\n      port: 5432\n"
              "      name: [hidden]\n"
              "companies:\n  556016-0680: main\n  556036-0793: main:[hidden]\n  212000-0142: ignore\n");
    for (const char* secret : {"hemligt-1", "/srv/hemligt-2", "hemligt-3", "hemligt-4"})
        EXPECT_THAT(found.values, Contains(secret));
}

// Each holds one secret, S3CRET, in a place where people have put one.
const std::vector<const char*>& planted() {
    static const std::vector<const char*> all{
        "service: {auth: {client_secret: S3CRET}}",
        "service:\n  auth:\n    client_secret: S3CRET\n",
        "service:\n  auth:\n    client_secret:S3CRET\n",
        "service:\n  auth:\n    client_secret=S3CRET\n",
        "service:\n  auth: client_secret=S3CRET\n",
        "service: {auth: {client_secret=S3CRET}}",
        "service:\n  auth:\n    ? client_secret\n    : S3CRET\n",
        "service:\n  auth:\n    ? S3CRET\n    : client_secret\n",
        "service:\n  auth:\n    ? {client_secret: S3CRET}\n    : x\n",
        "service:\n  auth:\n    ? [S3CRET]\n    : x\n",
        "service:\n  auth:\n    client_secret: \"S3CRET\n      more\"\n",
        "service:\n  auth:\n    client_secret: 'begin\n      S3CRET'\n",
        "service:\n  auth:\n    client_secret: |\n      S3CRET\n",
        "service:\n  auth:\n    client_secret: >-\n      S3CRET\n",
        "service:\n  auth:\n    client_secret: &one S3CRET\n    scope: *one\n",
        "service:\n  auth:\n    client_id: &S3CRET samsynk\n",
        "service:\n  auth:\n    scope: *S3CRET\n",
        "service:\n  auth:\n    client_id: !S3CRET samsynk\n",
        "service: &all {client_secret: S3CRET}\nsync: *all\n",
        "x: &all {client_secret: S3CRET}\nsync: {<<: *all, interval: 1h}\n",
        "service:\n  auth:\n    client_secret_file: S3CRET\n",
        "service:\n  auth:\n    client_secret_file: /S3CRET=\n",
        "service:\n  auth:\n    client_id: S3CRET, and more\n",
        "service:\n  auth:\n    scope: S3CRET\n",
        "service:\n  auth:\n    lösenord: S3CRET\n",
        "service:\n  auth:\n    pwd: S3CRET\n",
        "service:\n  auth:\n    pass: S3CRET\n",
        "service:\n  auth:\n    private_key: S3CRET\n",
        "service:\n  auth:\n    private_key: |\n      -----BEGIN PRIVATE KEY-----\n      S3CRET\n",
        "service:\n  auth:\n    private_key:\n-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----\n",
        "service:\n  authorization: Bearer S3CRET\n",
        "service:\n  pins: [sha256/S3CRET]\n",
        "service:\n  url: https://me:S3CRET@service.example\n",
        "service:\n  url: https://service.example/S3CRET\n",
        "service:\n  url: https://service.example?key=S3CRET\n",
        "service:\n  url: S3CRET\n",
        "service:\n  proxy: http://me:S3CRET@proxy.example:3128\n",
        "service:\n  proxy: http://me:a/S3CRET@proxy.example:3128\n",
        "service:\n  proxy: http://me:a@S3CRET@proxy.example:3128\n",
        "service:\n  proxy: http://me:a S3CRET@proxy.example:3128\n",
        "service:\n  proxy: \"http://me:a\\\"S3CRET@proxy.example:3128\"\n",
        "service:\n  proxy: http://me:S3CRET\n",
        "service:\n  proxy: me:S3CRET@proxy.example:3128\n",
        "service: {auth: S3CRET}",
        "service: [S3CRET]",
        "service:\n  auth:\n    - S3CRET\n",
        "installations:\n  - {id: b, command: [/usr/bin/bridge, --token, S3CRET]}\n",
        "installations:\n  - {id: b, command: [/usr/bin/bridge --token S3CRET]}\n",
        "installations:\n  - {id: b, command: /usr/bin/bridge --token=S3CRET}\n",
        "installations:\n  - {id: b, command: [S3CRET]}\n",
        "installations:\n  - {id: b, command: [/usr/bin/bridge, [S3CRET]]}\n",
        "installations:\n  - {id: b, command: {/usr/bin/bridge: S3CRET}}\n",
        "installations:\n  - {id: b, environment: {KEY: S3CRET}}\n",
        "installations:\n  - {id: b, environment: {path: /S3CRET, id: S3CRET}}\n",
        "installations:\n  - {id: b, environment: [KEY=S3CRET]}\n",
        "installations:\n  - {id: b, environment: {log: {level: info, file: /S3CRET}}}\n",
        "installations:\n  - {id: b, environment: KEY=S3CRET}\n",
        "installations:\n  - {id: b, database: {type: odbc, name: \"DSN=x;PWD=S3CRET\"}}\n",
        "installations:\n  - {id: b, database: {user: S3CRET}}\n",
        "installations:\n  - {id: b, database: {host: u:S3CRET@db.example}}\n",
        "installations:\n  - {id: b, database: {password: S3CRET}}\n",
        "installations:\n  - {id: b, mapping: S3CRET;x}\n",
        "installations:\n  - {id: b, connector: S3CRET}\n",
        "installations:\n  - {id: b, path: '/srv --password S3CRET'}\n",
        "installations: S3CRET\n",
        "companies: {S3CRET: main}\n",
        "companies: {\"556016-0680\": main:S3CRET}\n",
        "companies: {\"556016-0680\": [main, S3CRET]}\n",
        "sync: {interval: 1h S3CRET}\n",
        "sync: {interval: 1h} # S3CRET\n",
        "# password: S3CRET\nsync: {interval: 1h}\n",
        "log: {level: S3CRET}\n",
        "metrics: {listen: \"S3CRET:9465\"}\n",
        "%TAG ! S3CRET\n---\nsync: {interval: 1h}\n",
        "sync: {interval: 1h}\n---\npassword: S3CRET\n",
        "sync: {interval: 1h}\n...\nS3CRET\n",
        "sync: {interval: 1h\npassword: S3CRET\n",
        "sync:\n\tinterval: 1h\n\tpassword: S3CRET\n",
        "S3CRET",
        "S3CRET:",
        "- S3CRET",
        "\"S3CRET",
        "\xff\xfe password: S3CRET",
        "sync: {interval: 1h}\npassword: \"\x01S3CRET\"\n",
    };
    return all;
}

TEST(HiddenConfiguration, HidesASecretInWhateverForm) {
    ASSERT_GE(planted().size(), 60U);
    for (const char* text : planted()) EXPECT_THAT(hide_secrets(text).text, Not(HasSubstr("S3CRET"))) << text;
}

TEST(HiddenConfiguration, HidesATextOfAnotherCode) {
    std::string wide;
    for (const char c : std::string{"password: S3CRET\n"}) wide += {c, '\0'};
    EXPECT_EQ(hide_secrets("\xff\xfe" + wide).text, "[hidden]\n");
}

TEST(HiddenConfiguration, EndsWhereAliasesHaveNoEnd) {
    std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char name = 'b'; name < 'k'; ++name) {
        laughs += std::string{name} + ": &" + name + " [";
        for (int n = 0; n < 9; ++n) laughs += std::string{n > 0 ? ", *" : "*"} + static_cast<char>(name - 1);
        laughs += "]\n";
    }
    EXPECT_EQ(hide_secrets(laughs).text, "[hidden]\n");
    EXPECT_EQ(hide_secrets("a: &a\n  b: *a\n").text, "[hidden]\n");
}

TEST(HiddenConfiguration, KeepsWhatItHidOutOfTheOtherPieces) {
    EXPECT_THAT(hide_secrets("# password: hemligt\n").values, Contains("hemligt"));
    EXPECT_THAT(hide_secrets("service: {proxy: 'http://me:a/b@c d@proxy:1'}").values, Contains("a/b@c d"));
    EXPECT_THAT(hide_secrets("x: [\ncommand: [/b, --token, hemligt]\n").values, Not(Contains("command")));
    EXPECT_THAT(hide_secrets("x: [\nclient_secret=hemligt\n").values, Contains("hemligt"));
    EXPECT_THAT(hide_secrets("a: {environment: {A: samsynk, B: hemligt}}").values, Not(Contains("samsynk")));
}

TEST(HiddenConfiguration, NamesTheFilesThatHoldOne) {
    const auto found =
        hide_secrets("x: [\nclient_secret_file: /etc/samsynk/secret   # here\n  # password_file: '/etc/a b'\n");
    EXPECT_THAT(found.files, Contains("/etc/samsynk/secret"));
    EXPECT_EQ(found.text, "[hidden]\n");
}

TEST(HiddenConfiguration, TakesAnyText) {
    EXPECT_EQ(hide_secrets("").text, "");
    EXPECT_EQ(hide_secrets("# nothing\n").text, "");
    EXPECT_EQ(hide_secrets("\xff{{{:\r\n:").text, "[hidden]\n");
}

}  // namespace
}  // namespace samsynk::client
