// Who answered, and with what, where it can't be read.
#include "service/json_reply.hpp"

#include <gtest/gtest.h>

#include "service/wire.hpp"

namespace samsynk::service {
namespace {

HttpReply reply_of(const std::string& type, const std::string& body) {
    HttpReply reply;
    reply.content_type = type;
    reply.from = "service.example:443";
    reply.body = body;
    return reply;
}

std::string says_of(const HttpReply& reply) {
    const auto read = as_read(reply, parse_claims(reply.body));
    return read.has_error() ? to_text(read.error().message) : "";
}

TEST(JsonReply, NamesTheHostAndWhatIsWrong) {
    EXPECT_EQ(says_of(reply_of("application/json", R"({"claims":[]})")), "");
    for (const std::string body : {"{", R"({"claims":7})"}) {
        const std::string told = says_of(reply_of("application/json", body));
        EXPECT_TRUE(told.starts_with("The answer of service.example:443 ")) << told;
        EXPECT_EQ(told.find('{'), std::string::npos) << told;
    }
}

TEST(JsonReply, APageForPeopleIsCalledOne) {
    EXPECT_NE(says_of(reply_of("text/html", "<html>")).find("service.example:443 answered with text/html"),
              std::string::npos);
    EXPECT_NE(says_of(reply_of("", "<html>")).find("with nothing instead of JSON"), std::string::npos);
    EXPECT_EQ(says_of(reply_of("text/plain", R"({"claims":[]})")), "")
        << "a sign-in service that is careless with types";
}

TEST(JsonReply, OtherErrorsAreLeftAlone) {
    const Error other = fail(Errc::state_failed, "{file} is full.", {{"file", "a"}});
    EXPECT_EQ(about(reply_of("text/html", ""), other), other);
}

}  // namespace
}  // namespace samsynk::service
