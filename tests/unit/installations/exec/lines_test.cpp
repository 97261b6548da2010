// The words of the protocol: what a line means, what it must not be taken for, and what is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "installations/exec/bridge.hpp"
#include "installations/exec/bridge_messages.hpp"
#include "installations/exec/child_process.hpp"
#include "installations/exec/conversation.hpp"

namespace samsynk::installations {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

template <class Message>
Message read(const std::string& text) {
    const auto line = parse_bridge_line(text);
    if (line.has_error()) throw std::runtime_error{to_text(line.error().message)};
    return std::get<Message>(line->message);
}
sync::LocalCompany company(const std::string& more) {
    return read<CompanyReply>(R"({"id":2,"company":{"place":"7","number":"556016-0680","name":"Bageriet",)"
                              R"("send_all_invoices":true,"receive_invoices":null,"collaboration_revision":null)" +
                              more + "}}")
        .company;
}

TEST(BridgeLines, ReadsHello) {
    const auto hello = read<HelloReply>(
        R"({"id":1,"protocol":1,"program":"spcs-bridge","capabilities":["read_preferences","write_preferences","marker","teleport"],"more":7})");
    EXPECT_EQ(hello.program, "spcs-bridge");
    EXPECT_EQ(hello.can, (BridgeSkills{.read_preferences = true,
                                       .write_preferences = true,
                                       .collaboration = false,
                                       .changed = false,
                                       .mark = true,
                                       .dry_run = false}));
    EXPECT_EQ(read<HelloReply>(R"({"id":1,"protocol":2})").protocol, 2) << "the rest may be told in another way";
}

TEST(BridgeLines, WhoCannotReadChoicesIsNotAskedToWriteThem) {
    const auto hello = read<HelloReply>(R"({"id":1,"protocol":1,"program":"x","capabilities":["write_preferences"]})");
    EXPECT_FALSE(hello.can.write_preferences);
}

TEST(BridgeLines, WordsOfBeforeAreRefusedWithTheNewOneNamed) {
    const std::vector<std::pair<std::string, std::string>> lines{
        {R"({"id":1,"protocol":1,"program":"x","can":[]})", "“can”, which is called “capabilities” now"},
        {R"({"id":1,"protocol":1,"program":"x","capabilities":["mark"]})", "“mark”, which is called “marker” now"}};
    for (const auto& [line, says] : lines) {
        const auto read = parse_bridge_line(line);
        ASSERT_TRUE(read.has_error()) << line;
        EXPECT_EQ(read.error().code, Errc::bad_reply);
        EXPECT_NE(to_text(read.error().message).find(says), std::string::npos) << to_text(read.error().message);
    }
    for (const auto& [more, says] : std::vector<std::pair<std::string, std::string>>{
             {R"(,"told":null)", "“told”, which is called “collaboration_revision” now"},
             {R"(,"trouble":"x")", "“trouble”, which is called “error” now"},
             {R"(,"chosen_at":"2026-11-02T08:00:00Z")", "“chosen_at”, which is called “changed_at” now"}}) {
        const auto found = company(more);
        ASSERT_TRUE(found.trouble) << more;
        EXPECT_EQ(found.trouble->code, Errc::bad_file);
        EXPECT_NE(to_text(found.trouble->message).find(says), std::string::npos) << to_text(found.trouble->message);
        EXPECT_EQ(found.preferences, sync::Preferences{}) << "nothing else of it counts";
    }
}

TEST(BridgeLines, ReadsACompany) {
    const auto found = company(
        R"(,"collaboration_revision":"00000000000000ff","changed_at":"2026-11-02T08:00:00Z","ignored":true,"x":{})");
    EXPECT_EQ(found.place, "7");
    EXPECT_EQ(found.company->digits(), "5560160680");
    EXPECT_EQ(found.name, "Bageriet");
    EXPECT_EQ(found.preferences, (sync::Preferences{true, std::nullopt}));
    EXPECT_EQ(found.notice, 255U);
    EXPECT_EQ(to_rfc3339(found.chosen_at), "2026-11-02T08:00:00Z");
    EXPECT_TRUE(found.ignored);
    EXPECT_FALSE(found.trouble);
}

TEST(BridgeLines, WhatWasToldIsAbsentOrOursOrAnothers) {
    EXPECT_EQ(company("").notice, std::nullopt);
    EXPECT_EQ(company(R"(,"collaboration_revision":"hm")").notice, 0U);
    EXPECT_EQ(company(R"(,"collaboration_revision":"")").notice, 0U);
    EXPECT_EQ(company(R"(,"collaboration_revision":"fffffffffffffffff")").notice, 0U) << "a digit too many";
}

TEST(BridgeLines, AWrongTypeSetsThatCompanyAside) {
    for (const char* wrong : {R"(,"send_all_invoices":"true")", R"(,"send_all_invoices":1)", R"(,"number":5560160680)",
                              R"(,"name":[])", R"(,"collaboration_revision":7)", R"(,"ignored":"yes")",
                              R"(,"changed_at":"yesterday")", R"(,"changed_at":5)", R"(,"error":true)"}) {
        const auto found = company(wrong);
        EXPECT_EQ(found.place, "7") << wrong;
        ASSERT_TRUE(found.trouble) << wrong;
        EXPECT_EQ(found.trouble->code, Errc::bad_file) << wrong;
        EXPECT_THAT(to_text(found.trouble->message), HasSubstr("7: ")) << wrong;
        EXPECT_EQ(found.preferences, sync::Preferences{}) << wrong;
    }
}

TEST(BridgeLines, AMissingChoiceIsNoChoiceThatWasTakenAway) {
    const std::string text = R"({"id":2,"company":{"place":"7","number":"556016-0680","name":"B",)"
                             R"("send_all_invoice":true,"receive_invoices":null}})";
    EXPECT_EQ(read<CompanyReply>(text).company.trouble->code, Errc::bad_file);
    const auto without = parse_bridge_line(text, false);
    EXPECT_FALSE(std::get<CompanyReply>(without->message).company.trouble) << "it said that it can't read them";
}

TEST(BridgeLines, ACompanysOwnTroubleIsToldInItsWords) {
    const auto found = company(",\"error\":\"locked by\\u001b[2J Åsa\"");
    EXPECT_EQ(found.trouble->code, Errc::unreadable);
    EXPECT_THAT(to_text(found.trouble->message), HasSubstr("locked by\\x1b[2J Åsa"));
    EXPECT_EQ(company(R"(,"number":" ")").trouble->code, Errc::missing_number);
    EXPECT_EQ(company(R"(,"number":null)").trouble->code, Errc::missing_number);
    EXPECT_EQ(company(R"(,"number":"555555-5555")").trouble->code, Errc::placeholder_number);
    EXPECT_EQ(company(R"(,"number":"556060-2345")").trouble->code, Errc::invalid_number);
    EXPECT_FALSE(company(R"(,"error":null)").trouble);
}

TEST(BridgeLines, APlaceIsAPlainTextOfAtMost500Bytes) {
    const auto place_of = [](const std::string& written) {
        return read<CompanyReply>(R"({"id":2,"company":{"number":"1","name":"B","place":)" + written + "}}")
            .company.place;
    };
    EXPECT_EQ(place_of("\"" + std::string(500, 'x') + "\""), std::string(500, 'x'));
    for (const std::string& wrong : {"\"" + std::string(501, 'x') + "\"", std::string{"7"}, std::string{"\"\""},
                                     std::string{R"("a\nb")"}, std::string{R"("a\u202eb")"}, std::string{"null"}})
        EXPECT_EQ(place_of(wrong), "") << wrong;
}

TEST(BridgeLines, ReadsTheOthers) {
    EXPECT_EQ(read<CountReply>(R"({"id":2,"count":200})").count, 200U);
    EXPECT_EQ(read<MarkReply>(R"({"id":2,"marker":"m"})").mark, "m");
    EXPECT_EQ(read<MarkReply>(R"({"id":2,"marker":null})").mark, "");
    EXPECT_NO_THROW(read<DoneReply>("\xEF\xBB\xBF{\"id\":2,\"done\":true}\r")) << "as Windows writes it";
    const auto refusal = read<Refusal>(R"({"id":2,"error":{"code":"busy","message":"open at\n Åsa's"}})");
    EXPECT_EQ(refusal.code, "busy");
    EXPECT_EQ(refusal.said, "open at\\n Åsa's");
    EXPECT_EQ(read<Refusal>(R"({"id":2,"error":{"code":"busy"}})").said, "busy");
    EXPECT_LE(read<Refusal>(R"({"id":2,"error":{"code":"x","message":")" + std::string(9000, 'y') + "\"}}").said.size(),
              300U);
    EXPECT_THAT(read<ChangedLine>(R"({"changed":["7","å"]})").places, ElementsAre("7", "å"));
    EXPECT_TRUE(read<ChangedLine>(R"({"changed":true})").everything);
    EXPECT_EQ(parse_bridge_line(R"({"id":18446744073709551615,"done":true})")->id, 18446744073709551615U);
}

TEST(BridgeLines, WhatIsNoMessageIsRefused) {
    for (const char* wrong : {"",
                              "hello",
                              "[]",
                              "7",
                              "{",
                              "{}",
                              R"({"id":2})",
                              R"({"done":true})",
                              R"({"id":2,"done":false})",
                              R"({"id":2,"done":1})",
                              R"({"id":-1,"done":true})",
                              R"({"id":1.0,"done":true})",
                              R"({"id":"2","done":true})",
                              R"({"id":2,"done":true}{"id":3,"done":true})",
                              R"({"id":2,"done":true,"count":1})",
                              R"({"id":2,"count":-1})",
                              R"({"id":2,"count":"1"})",
                              R"({"id":2,"marker":7})",
                              R"({"id":2,"error":"no"})",
                              R"({"id":2,"error":{}})",
                              R"({"id":2,"error":{"code":""}})",
                              R"({"id":2,"error":{"code":"x","message":7}})",
                              R"({"changed":false})",
                              R"({"changed":[7]})",
                              R"({"changed":["a\nb"]})",
                              R"({"id":2,"changed":true})",
                              R"({"id":1,"protocol":"1"})",
                              R"({"id":1,"protocol":1})",
                              R"({"id":1,"protocol":1,"program":"Big","capabilities":[]})",
                              R"({"id":1,"protocol":1,"program":"a","capabilities":"all"})",
                              R"({"id":1,"protocol":1,"program":"a","capabilities":[1]})",
                              "{\"id\":2,\"marker\":\"\xff\"}",
                              R"({"id":2,"company":7,"x":[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]})"}) {
        const auto line = parse_bridge_line(wrong);
        ASSERT_TRUE(line.has_error()) << wrong;
        EXPECT_EQ(line.error().code, Errc::bad_reply) << wrong;
    }
}

TEST(BridgeLines, NoPersonsNumberIsToldOfWhatIsNoMessage) {
    const auto line = parse_bridge_line(R"(Läser 800101-1232 … 198001011232)");
    EXPECT_EQ(to_text(line.error().message).find("800101"), std::string::npos);
    EXPECT_THAT(to_text(line.error().message), HasSubstr("Läser ######-1232"));
    EXPECT_EQ(shown_text("line 12345, 123456", 100), "line 12345, ######");
}

TEST(BridgeLines, WritesRequests) {
    const auto number = OrgNumber::parse("556016-0680").value();
    EXPECT_EQ(hello_request(1),
              "{\"id\":1,\"do\":\"hello\",\"protocol\":1,\"agent\":\"samsynk/" SAMSYNK_VERSION "\"}\n");
    EXPECT_EQ(list_request(2), "{\"id\":2,\"do\":\"list\"}\n");
    EXPECT_EQ(read_request(3, "7\"\n"), "{\"id\":3,\"do\":\"read\",\"place\":\"7\\\"\\n\"}\n");
    EXPECT_EQ(write_request(4, {"7", number, sync::Preference::send_all_invoices, std::nullopt, true}),
              R"({"id":4,"do":"write","place":"7","number":"5560160680","preference":"send_all_invoices",)"
              R"("from":null,"to":true})"
              "\n");
    EXPECT_EQ(write_request(4, {"7", number, sync::Preference::receive_invoices, true, false}, true),
              R"({"id":4,"do":"write","place":"7","number":"5560160680","preference":"receive_invoices",)"
              R"("from":true,"to":false,"dry_run":true})"
              "\n");
    EXPECT_EQ(mark_request(6), "{\"id\":6,\"do\":\"marker\"}\n");
    EXPECT_EQ(leave_mark_request(6, "m"), "{\"id\":6,\"do\":\"write_marker\",\"marker\":\"m\"}\n");
}

TEST(BridgeLines, TellsACollaborationWithItsFingerprint) {
    sync::Notice notice{.company = OrgNumber::parse("556016-0680").value(), .name = "Bageriet"};
    notice.collaboration.state = sync::CollaborationState::ending;
    notice.collaboration.ends_on = "2026-12-31";
    notice.collaboration.payee = sync::Party::office;
    notice.receiving_in_effect = true;
    const std::string line = collaboration_request(5, {"7", notice});
    EXPECT_THAT(line, HasSubstr(R"("state":"ending","awaiting":null,"office_name":null)"));
    EXPECT_THAT(line, HasSubstr(R"("invoice_recipient":null,"payee":"office")"));
    EXPECT_THAT(line, HasSubstr(R"("ends_on":"2026-12-31","ended_at":null,"registration":"none")"));
    EXPECT_THAT(line, HasSubstr(R"("sending_in_effect":false,"receiving_in_effect":true)"));
    const std::string told = line.substr(line.find("collaboration_revision") + 25, 16);
    EXPECT_EQ(company(",\"collaboration_revision\":\"" + told + "\"").notice, sync::fingerprint(notice))
        << "it comes back as the same";
}

TEST(LineSplitterTest, CutsWhereverThePiecesEnd) {
    const std::string text = "one\n\ntwo\r\nthree\nrest";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        LineSplitter splitter{8};
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size(); at += size)
            EXPECT_TRUE(splitter.feed(std::string_view{text}.substr(at, size), [&](std::string_view line) {
                lines.emplace_back(line);
                return true;
            }));
        EXPECT_THAT(lines, ElementsAre("one", "", "two\r", "three")) << size;
    }
}

TEST(LineSplitterTest, StopsWhereALineIsTooLongOrNoMoreIsWanted) {
    int lines = 0;
    const auto count = [&](std::string_view) { return ++lines < 2; };
    LineSplitter splitter{3};
    EXPECT_TRUE(splitter.feed("ab", count));
    EXPECT_FALSE(splitter.feed("cd", count));
    EXPECT_TRUE(splitter.too_long());
    LineSplitter other{3};
    EXPECT_FALSE(other.feed("a\nb\nc\n", count));
    EXPECT_EQ(lines, 2);
    EXPECT_FALSE(other.too_long());
}

TEST(TextTailTest, KeepsTheEndAndShowsTheLastLine) {
    TextTail tail;
    EXPECT_EQ(tail.last_line(), "");
    tail.add("only");
    EXPECT_EQ(tail.last_line(), "only");
    tail.add(" one\nthe \x1b[2J last, 5560160680\r\n\n");
    EXPECT_EQ(tail.last_line(), "the \\x1b[2J last, ##########");
    for (int i = 0; i < 100; ++i) tail.add(std::string(1000, 'x'));
    EXPECT_EQ(tail.size(), 4096U);
    EXPECT_EQ(tail.last_line(), std::string(300, 'x'));
}

TEST(RestartPauseTest, GrowsUntilItHasWorkedForAMinute) {
    RestartPause pause{1s, 5s};
    EXPECT_EQ(pause.after(0s), 1s);
    EXPECT_EQ(pause.after(59s), 2s);
    EXPECT_EQ(pause.after(0s), 4s);
    EXPECT_EQ(pause.after(0s), 5s);
    EXPECT_EQ(pause.after(0s), 5s);
    EXPECT_EQ(pause.after(60s), 1s);
    EXPECT_EQ(pause.after(0s), 2s);
    EXPECT_GT(RestartPause(0ms, 0ms).after(0s), 0s) << "never a hot loop";
}

}  // namespace
}  // namespace samsynk::installations
