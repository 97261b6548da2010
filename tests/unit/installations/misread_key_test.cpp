#include <gtest/gtest.h>

#include "installations/folder/user_files.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

TEST(MeantKey, IsTheOneThatWasNearlyWritten) {
    const std::vector<KnownKey> known{{"receive_invoices"}, {"ignore"}, {"name", {}, true}};
    for (const char* written :
         {"Receive_Invoices", "RECEIVE_INVOICES", "receive-invoices", "receive invoices", "receiveInvoices",
          "receive.invoices", "recieve_invoices", "receive_invoice", "receve_invoices", "receive_invoicess",
          "\u00a0receive_invoices", "receive_\u200binvoices", "\ufeffreceive_invoices", "receive\u00adinvoices",
          "ｒeceive_invoices", "rеceive_invoices"})
        EXPECT_EQ(meant_key(written, known), "receive_invoices") << written;
    for (const char* written : {"Ignore", "IGNORE", "ignor", "ignored", "ingore", "ignore "})
        EXPECT_EQ(meant_key(written, known), "ignore") << written;
    EXPECT_EQ(meant_key("Name", known), "name");
}

TEST(MeantKey, IsNoneOfWhatIsKnownOrAnothersOwn) {
    const std::vector<KnownKey> known{{"receive_invoices"}, {"send_all_invoices"}, {"ignore"}, {"name", {}, true}};
    for (const char* written : {"receive_invoices", "name", "receive_payments", "invoices", "note", "same", "game", "x",
                                "", "updated_by", "print_all_invoices_twice", "förnamn"})
        EXPECT_FALSE(meant_key(written, known)) << written;
    EXPECT_FALSE(meant_key(std::string(100'000, 'a'), known));
}

std::string told(const std::string& text) {
    const auto read = parse_preferences(text, "f");
    return read.has_error() ? to_text(read.error().message) : "";
}

TEST(PreferencesFile, AChoiceUnderASlightlyWrongKeyIsNoAbsence) {
    for (const char* text :
         {"Receive_invoices: true\n", "send_all_invoices: true\nreceive-invoices: false\n",
          "\u00a0receive_invoices: true\n", "recieve_invoices: true\n", "choices:\n  receive_invoices: true\n",
          "a: [{receive_invoices: true}]\n", "a: &x {receive_invoices: true}\n<<: *x\n",
          "a: {b: {c: {Send_All_Invoices: no}}}\n", "skicka_alla_fakturor: true\n", "{\"receiveInvoices\": true}\n"})
        EXPECT_NE(told(text).find("f, line "), std::string::npos) << text;
    EXPECT_NE(told("a: 1\nrecieve_invoices: true\n")
                  .find("line 2: “recieve_invoices” is not known. Did you mean “receive_invoices”?"),
              std::string::npos);
}

TEST(PreferencesFile, WhatIsAnothersOwnStays) {
    const auto read =
        parse_preferences("\xEF\xBB\xBF# eget\nnote: x\nprogram: {last: 7}\nreceive_invoices: true\n", "f");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->receive_invoices, true);
}

TEST(PreferencesFile, AliasesWithoutEndComeToOne) {
    std::string laughs = "a: &a [{x: 1}, {x: 1}, {x: 1}, {x: 1}, {x: 1}, {x: 1}, {x: 1}, {x: 1}]\n";
    for (char name = 'b'; name < 'j'; ++name) {
        laughs += std::string{name} + ": &" + name + " [";
        for (int n = 0; n < 8; ++n) laughs += std::string{n > 0 ? ", *" : "*"} + static_cast<char>(name - 1);
        laughs += "]\n";
    }
    EXPECT_NE(told(laughs).find("again and again"), std::string::npos);
}

// Each round in it takes a part of the stack.
TEST(PreferencesFile, WhatHoldsItselfIsNotFollowedFar) {
    EXPECT_NE(told("a: &b {x: *b}\n").find("again and again"), std::string::npos);
    EXPECT_NE(told("a: &b [*b]\nreceive_invoices: true\n").find("again and again"), std::string::npos);
    EXPECT_NE(told("a: &b {c: &d [*b, *d]}\n").find("again and again"), std::string::npos);
}

TEST(CompanyFile, WhatCouldHaveSaidIgnoreIsNeverOverlooked) {
    for (const char* text :
         {"Ignore: true\n", "ignored: true\n", "ignorera: true\n", "x: {ignore: true}\n", "igonre: yes\n"})
        EXPECT_TRUE(parse_company_file(text, "f").has_error()) << text;
    for (const char* text : {"Company: 556016-0680\n", "orgnr: 556016-0680\n", "organisationsnummer: 556016-0680\n",
                             "org_number: 556016-0680\n", "Organisation-Number: 556016-0680\n"})
        EXPECT_TRUE(parse_company_file(text, "f").has_error()) << text;
    EXPECT_TRUE(parse_company_file("company: 556016-0680\nname: X\nignore: false\ncomment: mine\n", "f").has_value());
}

}  // namespace
}  // namespace samsynk::installations
