#include "client/hidden_configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace samsynk::client {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(HiddenConfiguration, KeepsAllThatIsNoSecret) {
    std::stringstream example;
    example << std::ifstream{SAMSYNK_SOURCE_DIR "/config/samsynk.yaml"}.rdbuf();
    std::string expected = example.str();
    const std::string environment =
        "{BOOKS: /srv/books}   # besides PATH, HOME, LANG and TZ; nothing else is passed on";
    ASSERT_THAT(expected, HasSubstr(environment));
    expected.replace(expected.find(environment), environment.size(), "[hidden]");
    EXPECT_EQ(hide_secrets(example.str()).text, expected);
}

TEST(HiddenConfiguration, HidesAnEnvironmentHoweverItIsWritten) {
    const auto block =
        hide_secrets("a: 1\nenvironment:\n  TOKEN: hemligt-1\n  # OLD: hemligt-2\n  P: \"hem: ligt-3\"\ntimeout: 3s\n");
    EXPECT_EQ(block.text, "a: 1\nenvironment:\n  TOKEN: [hidden]\n  # OLD: [hidden]\n  P: [hidden]\ntimeout: 3s\n");
    EXPECT_THAT(block.values, Contains("hemligt-1"));
    const auto flow = hide_secrets("- {id: b, environment: {A: hemligt-1,\n  B: hemligt-2}, timeout: 3s}\nnext: 1\n");
    EXPECT_EQ(flow.text, "- {id: b, environment: [hidden]\n  B: [hidden]\nnext: 1\n");
    EXPECT_THAT(flow.values, Contains("hemligt-1"));
}

TEST(HiddenConfiguration, HidesWhatIsCalledASecretWhereverItStands) {
    for (const char* line :
         {"  client_secret: hemligt", "auth: {client_id: x, client_secret: hemligt}", "# password: hemligt",
          "  \"Password\": 'hemligt'", "  password: |\n    hemligt\n    hemligt2\n", "- db_password: hemligt"})
        EXPECT_THAT(hide_secrets(line).text, Not(HasSubstr("hemligt"))) << line;
    EXPECT_THAT(hide_secrets("  password: |\n    hemligt\nuser: samsynk\n").text, HasSubstr("user: samsynk"));
}

TEST(HiddenConfiguration, NamesTheFilesThatHoldOne) {
    const auto found =
        hide_secrets("x: [\nclient_secret_file: /etc/samsynk/secret   # here\n  # password_file: '/etc/a b'\n");
    EXPECT_THAT(found.files, Contains("/etc/samsynk/secret"));
    EXPECT_THAT(found.text, HasSubstr("client_secret_file: /etc/samsynk/secret   # here"));
}

TEST(HiddenConfiguration, TakesAnyText) {
    EXPECT_EQ(hide_secrets("").text, "");
    EXPECT_EQ(hide_secrets("\xff{{{:\r\n:").text, "\xff{{{:\n:\n");
}

}  // namespace
}  // namespace samsynk::client
