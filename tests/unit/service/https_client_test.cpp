// A request and its reply: whatever a server does, one clear error, in time, in little memory.
#include "service/https_client.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include "scripted_server.hpp"

namespace samsynk::service {
namespace {

std::string gzipped(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// Says something after each request, and then goes as TLS asks for.
Play once(const std::string& text) {
    return [text](Wire& wire) {
        wire.head();
        wire.say(text);
        wire.goodbye();
    };
}

TEST(HttpsClient, KeepsOneConnectionForAllItsRequests) {
    ScriptedServer server{always(reply("{}")), good_tls()};
    Caller caller{server.port()};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(caller.ask().value().body, "{}");
    EXPECT_EQ(server.accepted(), 1);
    EXPECT_EQ(caller.client->requests(), 5U);
}

TEST(HttpsClient, ReplacesAConnectionThatRestedTooLongOrWasClosedMeanwhile) {
    ScriptedServer server{once(reply("{}")), good_tls()};
    Caller caller{server.port()};
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(caller.ask().value().body, "{}");
        std::this_thread::sleep_for(20ms);
        EXPECT_EQ(server.accepted(), i);
    }
    ScriptedServer patient{always(reply("{}")), good_tls()};
    Caller rested{patient.port(), {.rest = 10ms}};
    EXPECT_TRUE(rested.ask().has_value());
    std::this_thread::sleep_for(20ms);
    EXPECT_TRUE(rested.ask().has_value());
    EXPECT_EQ(patient.accepted(), 2);
}

TEST(HttpsClient, NamesTheHostAsItShouldAlsoAtAnAddress) {
    std::string head, name;
    ScriptedServer server{[&](Wire& wire) {
                              const char* told = SSL_get_servername(wire.ssl(), TLSEXT_NAMETYPE_host_name);
                              name = told ? told : "";
                              head = wire.head();
                              wire.say(reply("{}"));
                          },
                          good_tls(), "::1"};
    EXPECT_TRUE(Caller(server.port(), {2s, 3s, 2s}, "::1").ask().has_value());
    EXPECT_NE(head.find("Host: [::1]:" + server.port() + "\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("Accept-Encoding: gzip\r\n"), std::string::npos);
    EXPECT_EQ(name, "") << "an address is no name";
}

TEST(HttpsClient, UnpacksGzip) {
    const std::string text = R"({"items":[)" + std::string(100'000, ' ') + "]}";
    const std::string packed = gzipped(text);
    for (const std::string& body : {packed, gzipped(text.substr(0, 50)) + gzipped(text.substr(50))}) {
        ScriptedServer server{always(reply(body, "Content-Encoding: GZip\r\n")), good_tls()};
        EXPECT_EQ(Caller{server.port()}.ask().value().body, text);
    }
}

TEST(HttpsClient, TakesNothingOfWhatIsPackedBadly) {
    const std::string packed = gzipped(R"({"items":[1,2,3,4,5,6,7,8,9]})");
    std::string flipped = packed;
    flipped[packed.size() - 6] ^= 1;  // the checksum
    const std::pair<std::string, std::string> cases[] = {{packed.substr(0, packed.size() - 1), "gzip"},
                                                         {flipped, "gzip"},
                                                         {packed + "x", "gzip"},
                                                         {"{}", "gzip"},
                                                         {packed, "br"}};
    for (const auto& [body, encoding] : cases) {
        ScriptedServer server{always(reply(body, "Content-Encoding: " + encoding + "\r\n")), good_tls()};
        const auto answer = Caller{server.port()}.ask();
        ASSERT_TRUE(answer.has_error()) << encoding << body.size();
        EXPECT_EQ(answer.error().code, Errc::bad_reply);
        EXPECT_NE(says(answer.error()).find("can't be unpacked"), std::string::npos) << says(answer.error());
    }
}

long largest_so_far() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;  // MiB
}

TEST(HttpsClient, ABombOrAGibibyteIsRefusedInLittleMemory) {
    const std::string bomb = gzipped(std::string(200 << 20, ' '));
    const long before = largest_so_far();
    ScriptedServer packed{always(reply(bomb, "Content-Encoding: gzip\r\n")), good_tls()};
    EXPECT_EQ(Caller{packed.port()}.ask().error().code, Errc::bad_reply);
    for (const std::string how : {"Content-Length: 1073741824\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"}) {
        std::atomic<std::size_t> sent = 0;
        ScriptedServer server{[&](Wire& wire) {
                                  wire.head();
                                  wire.say("HTTP/1.1 200 OK\r\n" + how);
                                  const std::string piece = "100000\r\n" + std::string(1 << 20, ' ') + "\r\n";
                                  for (; sent < 1024; ++sent) wire.say(piece);
                              },
                              good_tls()};
        const auto answer = Caller{server.port(), {2s, 20s, 2s}}.ask();
        EXPECT_EQ(answer.error().code, Errc::bad_reply);
        EXPECT_NE(says(answer.error()).find("more than is allowed"), std::string::npos);
        EXPECT_LT(sent, 32U) << "MiB were read";
    }
    EXPECT_LT(largest_so_far() - before, 80) << "MiB more than before";
}

TEST(HttpsClient, ReadsWhatIsOddAndGood) {
    for (const std::string text :
         {"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 \r\n"
          "Content-Length: 2\r\n\r\n{}",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n"}) {
        ScriptedServer server{once(text), good_tls()};
        const auto answer = Caller{server.port()}.ask();
        ASSERT_TRUE(answer.has_value()) << text << says(answer.error());
        EXPECT_EQ(answer->body, "{}");
    }
}

TEST(HttpsClient, RefusesWhatIsNoReply) {
    std::string many_hints;
    for (int i = 0; i < 20; ++i) many_hints += "HTTP/1.1 100 Continue\r\n\r\n";
    const std::pair<std::string, const char*> cases[] = {
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "as a web service does"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", "as a web service does"},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "as a web service does"},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'y') + "\r\n\r\n", "more than is allowed"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", "half-way"},
        {"SSH-2.0-OpenSSH_9.2\r\n", "as a web service does"},
        {"HTTP/3.0 200 OK\r\n\r\n", "as a web service does"}};
    for (const auto& [text, words] : cases) {
        ScriptedServer server{once(text), good_tls()};
        const auto answer = Caller{server.port()}.ask();
        ASSERT_TRUE(answer.has_error()) << text.substr(0, 80);
        EXPECT_EQ(answer.error().code, Errc::bad_reply) << text.substr(0, 80);
        EXPECT_NE(says(answer.error()).find(words), std::string::npos) << says(answer.error());
    }
    ScriptedServer server{once(many_hints), good_tls()};
    const auto hinted = Caller{server.port()}.ask();
    ASSERT_TRUE(hinted.has_error()) << "hints have an end";
    EXPECT_EQ(hinted.error().code, Errc::bad_reply);
    ScriptedServer other{once("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), good_tls()};
    EXPECT_EQ(Caller{other.port()}.ask().error().code, Errc::bad_reply) << "nobody asked for that";
}

TEST(HttpsClient, ARedirectIsToldAndNotFollowed) {
    ScriptedServer server{once("HTTP/1.1 302 Found\r\nLocation: https://me:secret@portal.example/in?token=t\r\n"
                               "Content-Length: 0\r\n\r\n"),
                          good_tls()};
    const auto answer = Caller{server.port()}.ask();
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().code, Errc::service_error);
    EXPECT_NE(says(answer.error()).find("302: it wants to lead to https://portal.example/in."), std::string::npos)
        << says(answer.error());
}

// The end comes as a reset, at every byte of a small reply.
TEST(HttpsClient, AResetAtAnyByteIsOneClearError) {
    const std::string text = reply("{\"a\":1}");
    const auto tls = good_tls();
    for (std::size_t at = 0; at < text.size(); ++at) {
        ScriptedServer server{[&](Wire& wire) {
                                  wire.head();
                                  if (at > 0) wire.say(text.substr(0, at));
                                  std::this_thread::sleep_for(2ms);
                                  wire.reset();
                              },
                              tls};
        const auto answer = Caller{server.port()}.ask();
        ASSERT_TRUE(answer.has_error()) << at;
        EXPECT_TRUE(answer.error().code == Errc::service_unreachable || answer.error().code == Errc::bad_reply);
        EXPECT_EQ(server.accepted(), 1) << "a fresh connection is not tried twice";
    }
}

TEST(HttpsClient, ABodyUntilTheEndNeedsAProperEnd) {
    const std::string text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}";
    ScriptedServer whole{once(text), good_tls()};
    EXPECT_EQ(Caller{whole.port()}.ask().value().body, "{}");
    ScriptedServer cut{[&](Wire& wire) {
                           wire.head();
                           wire.say(text);
                           ::shutdown(wire.handle(), SHUT_RDWR);
                       },
                       good_tls()};
    EXPECT_EQ(Caller{cut.port()}.ask().error().code, Errc::bad_reply);
}

TEST(HttpsClient, ASlowOrSilentServerIsGivenUpInTime) {
    const auto begin = [] { return std::chrono::steady_clock::now(); };
    const std::string text = reply("{\"a\":" + std::string(2000, ' ') + "1}");
    ScriptedServer drip{[&](Wire& wire) {
                            wire.head();
                            for (const char byte : text) {
                                wire.say({&byte, 1});
                                std::this_thread::sleep_for(10ms);
                            }
                        },
                        good_tls()};
    auto began = begin();
    auto answer = Caller{drip.port(), {2s, 1500ms, 1200ms}}.ask();
    EXPECT_LT(begin() - began, 2s);
    EXPECT_EQ(answer.error().code, Errc::service_unreachable);
    EXPECT_NE(says(answer.error()).find("so slowly"), std::string::npos) << says(answer.error());

    ScriptedServer silent{[&](Wire& wire) {
                              wire.head();
                              wire.say(text.substr(0, text.size() - 1));
                              wire.hang();
                          },
                          good_tls()};
    began = begin();
    answer = Caller{silent.port(), {2s, 30s, 300ms}}.ask();
    EXPECT_LT(begin() - began, 1s);
    EXPECT_NE(says(answer.error()).find("did not answer in time"), std::string::npos) << says(answer.error());
}

TEST(HttpsClient, AnAnswerThatMayBeHeldIsWaitedFor) {
    ScriptedServer server{[&](Wire& wire) {
                              wire.head();
                              std::this_thread::sleep_for(600ms);
                              wire.say(reply("{}"));
                          },
                          good_tls()};
    HttpRequest request{.target = "/v1/changes?wait=1"};
    request.extra_wait = 1s;
    EXPECT_TRUE(Caller(server.port(), {2s, 300ms, 300ms}).ask(std::move(request)).has_value());
    EXPECT_TRUE(Caller(server.port(), {2s, 300ms, 300ms}).ask().has_error());
}

TEST(HttpsClient, CancelEndsEveryStepAtOnce) {
    const BlackHole hole;
    ScriptedServer mute{[](Wire& wire) { wire.hang(); }, nullptr};
    ScriptedServer no_reply{[](Wire& wire) { wire.hang(); }, good_tls()};
    ScriptedServer half{[](Wire& wire) {
                            wire.head();
                            wire.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
                            wire.hang();
                        },
                        good_tls()};
    const std::string hole_port = std::to_string(hole.endpoint().port());
    const struct {
        const char* step;
        std::string port, host, proxy;
    } cases[] = {{"connect", hole_port, "127.0.0.1", ""},
                 {"connect to the proxy", "1", "none.example", "http://127.0.0.1:" + hole_port},
                 {"proxy", "1", "none.example", "http://127.0.0.1:" + mute.port()},
                 {"TLS", mute.port(), "localhost", ""},
                 {"first byte", no_reply.port(), "localhost", ""},
                 {"body", half.port(), "localhost", ""}};
    for (const auto& c : cases) {
        Endpoint endpoint;
        if (!c.proxy.empty()) endpoint.proxy = c.proxy;
        Caller caller{c.port, {20s, 20s, 20s}, c.host, endpoint};
        const auto [took, code] = caller.ask_and_cancel(150ms);
        EXPECT_EQ(code, Errc::cancelled) << c.step;
        EXPECT_LT(took, 100ms) << c.step;
        EXPECT_EQ(caller.ask().error().code, Errc::cancelled) << "and all that comes";
    }
}

TEST(HttpsClient, WaitsForItsTurnAndCancelEndsThatToo) {
    ScriptedServer server{always(reply("{}")), good_tls()};
    Caller caller{server.port()};
    const std::string endpoint = "localhost:" + server.port() + " GET /v1/companies";
    const int first = static_cast<int>(burst) - 5;
    for (int i = 0; i < first; ++i) caller.transport->courtesy->take_turn(endpoint, std::chrono::steady_clock::now());
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(caller.ask().has_value());
    EXPECT_GT(std::chrono::steady_clock::now() - began, 300ms) << "three beyond the burst, at six a second";
    for (int i = 0; i < 100; ++i) caller.transport->courtesy->take_turn(endpoint, std::chrono::steady_clock::now());
    const auto [took, code] = caller.ask_and_cancel(50ms);
    EXPECT_EQ(code, Errc::cancelled);
    EXPECT_LT(took, 100ms);
    EXPECT_EQ(caller.client->requests(), 8U);
}

TEST(HttpsClient, RemembersForAllWhatAHostAskedFor) {
    ScriptedServer server{[](Wire& wire) {
                              wire.head();
                              wire.say("HTTP/1.1 503 No\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
                              wire.head();
                              wire.say(reply("{}"));
                          },
                          good_tls()};
    Caller caller{server.port()};
    const auto asked = [&] {
        return caller.transport->courtesy->asked_wait(caller.endpoint.url, std::chrono::steady_clock::now());
    };
    EXPECT_EQ(caller.ask().value().status, 503);
    EXPECT_GE(asked(), 89s);
    EXPECT_EQ(caller.ask().value().status, 200) << "a person need not wait";
    EXPECT_EQ(asked(), 0s);
}

}  // namespace
}  // namespace samsynk::service
