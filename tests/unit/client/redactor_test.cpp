// What a support bundle lets through.
#include "client/redactor.hpp"

#include <gtest/gtest.h>

namespace samsynk::client {
namespace {

namespace json = boost::json;

TEST(Redactor, HidesSecretsWhereverTheyStand) {
    Redactor redactor;
    redactor.hide("hemligt");
    redactor.hide("hemligt-och-mer");
    redactor.hide("abc");
    EXPECT_EQ(redactor.clean(std::string{"a hemligt-och-mer b hemligthemligt abc"}),
              "a [hidden] b [hidden][hidden] abc");
}

TEST(Redactor, HidesPasswordsInAddresses) {
    EXPECT_EQ(Redactor{}.clean(std::string{"proxy: http://me:h%C3%A4mligt@proxy:3128 # https://a:8443/b@c"}),
              "proxy: http://me:[hidden]@proxy:3128 # https://a:8443/b@c");
    EXPECT_EQ(Redactor{}.clean(std::string{"http://me:a/b@c@proxy:3128"}), "http://me:[hidden]@proxy:3128");
}

TEST(Redactor, HidesPasswordsOfAnyLengthAndWritesTheRestAsItWas) {
    const auto clean = [](const std::string& text) { return Redactor{}.clean(text); };
    const std::string password(100'000, 'p');  // an engine that recurs for each letter has no stack for it
    EXPECT_EQ(clean("x https://u:" + password + "@h/y"), "x https://u:[hidden]@h/y");
    EXPECT_EQ(clean("a://b c://d:e@f g://h:80/i://j:k@l"), "a://b c://d:[hidden]@f g://h:80/i://j:[hidden]@l");
    EXPECT_EQ(clean("https://:x@h"), "https://:[hidden]@h");
    EXPECT_EQ(clean("https://u:p@q@h"), "https://u:[hidden]@h");
    EXPECT_EQ(clean("https://h:8080/a"), "https://h:8080/a");
    EXPECT_EQ(clean("https://h:8080"), "https://h:8080");
    EXPECT_EQ(clean("https://u@h:1/x"), "https://u@h:1/x");
    EXPECT_EQ(clean("://"), "://");
    EXPECT_EQ(clean(R"({"a":"https://u:p@h","b":"c@d"})"), R"({"a":"https://u:[hidden]@h","b":"c@d"})");
    std::string many;
    for (int n = 0; n < 20'000; ++n) many += "://";
    EXPECT_EQ(clean(many), many);
}

TEST(Redactor, MasksPersons) {
    EXPECT_EQ(Redactor{}.clean(std::string{"800101-1231 556016-0680 8001011231"}),
              "800101-**** 556016-0680 800101-****");
}

TEST(Redactor, CallsCompaniesByAnotherName) {
    Redactor redactor;
    redactor.rename("Lindqvist Bygg AB");
    redactor.rename("Lindqvist Bygg AB");
    redactor.rename("AB");
    redactor.rename("Ekström");
    EXPECT_EQ(redactor.clean(std::string{"Lindqvist Bygg AB and Ekström"}), "company-1 and company-2");
}

TEST(Redactor, CleansJsonAndItsSentences) {
    Redactor redactor;
    redactor.rename("Lindqvist Bygg AB");
    redactor.hide("hemligt");
    const auto clean = redactor.clean(json::parse(R"({"name":"Lindqvist Bygg AB","n":[7,null,true,"800101-1231"],
        "reason":{"message":"Lindqvist Bygg AB failed: hemligt","message_id":"{name} failed: {why}",
                  "args":{"name":"Lindqvist Bygg AB","why":"hemligt"}}})"));
    EXPECT_EQ(json::serialize(clean),
              R"({"name":"company-1","n":[7,null,true,"800101-****"],"reason":{"message":"company-1 failed: [hidden]",)"
              R"("message_id":"{name} failed: {why}","args":{"name":"company-1","why":"[hidden]"}}})");
}

}  // namespace
}  // namespace samsynk::client
