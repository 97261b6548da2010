#include "core/host_name.hpp"

#include <gtest/gtest.h>

#include "core/proxy_address.hpp"

namespace samsynk {
namespace {

TEST(HostName, NamesAndAddresses) {
    for (const char* host : {"localhost", "api.example.se", "api.example.se.", "a-b.c", "3com.com",
                             "xn--bokfring-p4a.se", "127.0.0.1", "::1", "2001:db8::7"})
        EXPECT_TRUE(is_host(host)) << host;
}

TEST(HostName, NothingElse) {
    using namespace std::string_literals;
    for (const std::string& host : {""s,
                                    "."s,
                                    "a..b"s,
                                    "a\r\nX: y"s,
                                    "a\nb"s,
                                    "good.example\0.evil.example"s,
                                    "a b"s,
                                    "a/b"s,
                                    "a@b"s,
                                    "a%b"s,
                                    "-a.b"s,
                                    "a-.b"s,
                                    "a_b"s,
                                    "fe80::1%eth0"s,
                                    "[::1]"s,
                                    "::1\0"s,
                                    "127.1"s,
                                    "1.2.3.4.5"s,
                                    "2130706433"s,
                                    "a.0x7f"s,
                                    "bokf\xC3\xB6ring.se"s,
                                    std::string(64, 'a'),
                                    std::string(300, 'a')})
        EXPECT_FALSE(is_host(host)) << host;
}

TEST(HostName, IsReadFromTheFieldOfARequest) {
    EXPECT_EQ(host_in_field("localhost:9465"), "localhost");
    EXPECT_EQ(host_in_field("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(host_in_field("[::1]:9465"), "::1");
    EXPECT_EQ(host_in_field("[::1]"), "::1");
    for (const char* field : {"", ":80", "[::1].evil", "[::1", "::1", "[localhost]", "localhost:80.evil",
                              "localhost:evil", "[::1]:80x", "localhost@evil", "127.0.0.1 evil"})
        EXPECT_FALSE(host_in_field(field)) << field;
}

TEST(HostName, AProxyIsOnAHostToo) {
    EXPECT_TRUE(parse_proxy_address("http://proxy.example:3128").has_value());
    EXPECT_TRUE(parse_proxy_address("http://[::1]:3128").has_value());
    EXPECT_EQ(parse_proxy_address("HTTP://proxy.example:3128 ").value().port, "3128");
    for (const char* proxy : {"https://proxy.example:3129", "HTTPS://proxy.example", "socks5://a:1080", "socks5h://a"})
        EXPECT_NE(to_text(parse_proxy_address(proxy).error().message).find("plain HTTP"), std::string::npos) << proxy;
    for (const char* proxy : {"http://a%0d%0ab:3128", "http://a%00b", "http://[fe80::1%25eth0]:3128", "http://a%20b"})
        EXPECT_TRUE(parse_proxy_address(proxy).has_error()) << proxy;
}

}  // namespace
}  // namespace samsynk
