// Every way by which a name or a number comes in, apart from the pages, which have their own.
#include "sandbox/flow/entered_name.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "core/plain_text.hpp"
#include "sandbox/api/contract.hpp"
#include "sandbox/commands/commands.hpp"
#include "sandbox/commands/common.hpp"
#include "sandbox/store/customer_json.hpp"
#include "unusable_words.hpp"

namespace samsynk::sandbox {
namespace {

const std::string number = "5560160680", other = "5560360793";

class Entering : public ::testing::Test {
protected:
    Entering() {
        std::filesystem::create_directories(*folder_);
        store_.emplace(*folder_ / "sandbox.db");
        EXPECT_TRUE(command({"company", "add", number, "Lindqvist AB", "--online", "none"}));
    }
    ~Entering() override { std::filesystem::remove_all(*folder_); }

    // As on a command line. False: it was refused, with a sentence.
    bool command(std::vector<std::string> words) {
        CLI::App app{"sandbox"};
        add_commands(app, folder_);
        std::reverse(words.begin(), words.end());
        std::stringstream said;
        auto* before = std::cerr.rdbuf(said.rdbuf());
        bool done = true;
        try {
            app.parse(words);
        } catch (const CLI::RuntimeError&) {
            done = false;
        }
        std::cerr.rdbuf(before);
        EXPECT_EQ(said.str().empty(), done);
        EXPECT_EQ(said.str().find_first_of("\x1b\x07\t\r"), std::string::npos) << said.str();
        return done;
    }
    ApiReply call(const std::string& method, const std::string& path, const std::string& body = {}) {
        ApiRequest request{.method = method, .path = path, .query = {}, .body = body, .headers = {}, .from = {}};
        return Contract{*store_}.answer(request);
    }
    std::string registration(const std::string& host, const std::string& company) {
        return boost::json::serialize(
            boost::json::object{{"epoch", store_->epoch()}, {"host", host}, {"companies", {company}}});
    }
    std::string everything() {
        std::string all = store_->office().name;
        for (const Office& one : store_->offices()) all += one.company + one.name;
        for (const StoredCustomer& one : store_->all()) all += to_text(one.customer);
        return all;
    }

    Data folder_ = std::make_shared<std::filesystem::path>(std::filesystem::temp_directory_path() /
                                                           ("samsynk-entering-" + std::to_string(::getpid())));
    std::optional<OfficeStore> store_;
    const std::string installation_ = "/v1/installations/01890a5d-ac96-774b-bcce-b302099a8057";
};

TEST(EnteredName, IsKeptWithoutTheBlanksAroundIt) {
    EXPECT_EQ(entered_name(Named::customer, "  Å & Ö  AB\u00a0 ").value(), "Å & Ö  AB");
    EXPECT_EQ(entered_name(Named::customer, "\u200bA\u2003").value(), "A");
    EXPECT_EQ(entered_name(Named::customer, "株式会社").value(), "株式会社");
    std::string long_one;
    for (int i = 0; i < 200; ++i) long_one += "å";
    EXPECT_EQ(entered_name(Named::customer, long_one).value(), long_one) << "characters count, not bytes";
    EXPECT_TRUE(entered_name(Named::customer, long_one + "å").has_error());
}

TEST(EnteredName, IsRefusedWithASentenceThatCanBeShown) {
    for (const std::string& name : unreadable_names)
        for (const auto what : {Named::customer, Named::office, Named::assignment, Named::assignment_id, Named::person,
                                Named::e_invoice_operator, Named::machine}) {
            const auto read = entered_name(what, name);
            ASSERT_TRUE(read.has_error()) << name;
            EXPECT_EQ(read.error().code, Errc::bad_request);
            const std::string told = to_text(read.error().message);
            EXPECT_TRUE(told.ends_with(".")) << told;
            EXPECT_EQ(told.find_first_of("\x1b\x07\n\r\t\x7f"), std::string::npos) << told;
        }
}

TEST_F(Entering, NoCommandTakesANameThatNobodyCanRead) {
    const std::string before = everything();
    for (const std::string& name : unreadable_names) {
        const std::vector<std::vector<std::string>> ways{
            {"office", other, name},
            {"office", other, name, "--another"},
            {"company", "add", other, name},
            {"company", "add", other, "A", "--administrator-name", name.empty() ? " " : name},
            {"assignment", number, "u-2", name},
            {"assignment", number, name, "Bokslut"},
            {"activate", number, "--contact-email", "eva@example.se", "--contact-name", name},
            {"person", "add", "eva@example.se", name},
            {"register", number, "registered", "--operator", name.empty() ? " " : name}};
        for (const auto& words : ways) {
            EXPECT_FALSE(command(words)) << words[0] << " " << words[1] << ": " << name;
        }
    }
    EXPECT_EQ(everything(), before);
}

TEST_F(Entering, CommandsLeaveOutTheBlanksAroundAName) {
    EXPECT_TRUE(command({"office", store_->office().company, " Byrån AB "}));
    EXPECT_TRUE(command({"company", "add", other, "\u00a0Ekström AB "}));
    EXPECT_TRUE(command({"assignment", number, " u-2", "Bokslut "}));
    EXPECT_EQ(store_->office().name, "Byrån AB");
    EXPECT_EQ(store_->find(OrgNumber::parse(other).value())->customer.name, "Ekström AB");
    const Customer customer = store_->find(OrgNumber::parse(number).value())->customer;
    EXPECT_EQ(customer.offices.at(store_->office().company).at("u-2"), "Bokslut");
}

TEST_F(Entering, NoCommandTakesANumberThatIsNobodys) {
    const std::string before = everything();
    for (const std::string& wrong : unusable_numbers)
        for (const std::vector<std::string>& words :
             std::vector<std::vector<std::string>>{{"office", wrong, "A"},
                                                   {"company", "add", wrong, "A"},
                                                   {"company", "add", other, "A", "--office", wrong},
                                                   {"company", "remove", wrong},
                                                   {"assignment", wrong, "u-2", "A"},
                                                   {"assignment", number, "u-2", "A", "--office", wrong},
                                                   {"activate", wrong},
                                                   {"activate", number, "--office", wrong},
                                                   {"approve", wrong},
                                                   {"prefs", wrong, "--send-all-invoices", "yes"},
                                                   {"register", wrong, "none"},
                                                   {"person", "add", "eva@example.se", "Eva", "--office", wrong},
                                                   {"letters", wrong},
                                                   {"show", wrong}})
            EXPECT_FALSE(command(words)) << words[0] << " " << words[1] << " " << words.back();
    EXPECT_EQ(everything(), before);
}

TEST_F(Entering, NoCallTakesThemEither) {
    EXPECT_EQ(call("PUT", installation_, registration("byrå-1", number)).status, 200);
    for (const std::string& name : unreadable_names) {
        const int status = valid_utf8(name) == name ? 422 : 400;  // that is no JSON
        EXPECT_EQ(call("PUT", installation_, registration(name, number)).status, status) << name;
    }
    for (const std::string& wrong : unusable_numbers) {
        EXPECT_EQ(call("PUT", installation_, registration("h", wrong)).status, 422) << wrong;
        EXPECT_EQ(call("GET", "/v1/companies/" + wrong).status, 404) << wrong;
        EXPECT_EQ(call("DELETE", installation_ + "/companies/" + wrong).status, 404) << wrong;
    }
}

// What an earlier version took is kept, and shown.
TEST_F(Entering, ANumberThatWasKeptIsReadAgain) {
    Customer older{.company = OrgNumber::of(1212121212).value(), .name = "Övning AB"};
    older.offices.try_emplace(store_->office().company);
    store_->save(older);
    EXPECT_EQ(OfficeStore{*folder_ / "sandbox.db"}.all().size(), 2U);
}

}  // namespace
}  // namespace samsynk::sandbox
