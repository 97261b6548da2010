// The pages without sockets: who may come in, what keeps others out, and what people can do wrong.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "sandbox/pages/site.hpp"
#include "unusable_words.hpp"

namespace samsynk::sandbox {
namespace {

using Fields = std::map<std::string, std::string>;

// A browser: one cookie jar, and the last page.
class Browser {
public:
    explicit Browser(Site& site) : site_{site} {}

    ApiReply get(const std::string& address) {
        ApiRequest request = asked("GET", address);
        return remember(site_.answer(request), address);
    }
    // Sends the form of the last page, as it stood there.
    ApiReply post(const std::string& address, Fields fields) {
        std::smatch found;
        for (const char* hidden : {"form_key", "version"})
            if (!fields.contains(hidden) &&
                std::regex_search(page_, found, std::regex{std::string{"name=\""} + hidden + "\" value=\"([^\"]*)\""}))
                fields[hidden] = found[1];
        return post_as_it_is(address, fields);
    }
    ApiReply post_as_it_is(const std::string& address, const Fields& fields) {
        ApiRequest request = asked("POST", address);
        for (const auto& [name, value] : fields)
            request.body += (request.body.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
        request.headers["content-type"] = "application/x-www-form-urlencoded";
        for (const auto& [name, value] : headers) request.headers[name] = value;
        return remember(site_.answer(request), address);
    }
    ApiReply sign_in(const std::string& email, const std::string& password) {
        get("/logga-in");
        return post("/logga-in", {{"email", email}, {"password", password}});
    }
    std::string follow(const ApiReply& reply) { return get(location(reply)).body; }
    static std::string location(const ApiReply& reply) {
        for (const auto& [name, value] : reply.headers)
            if (name == "location") return value;
        return {};
    }
    const std::string& page() const { return page_; }
    void show(const std::string& page) { page_ = page; }

    Fields headers;  // besides, of each POST
    std::string cookies;

private:
    ApiRequest asked(const std::string& method, const std::string& address) {
        ApiRequest request{.method = method,
                           .path = address.substr(0, address.find('?')),
                           .query = {},
                           .body = {},
                           .headers = {},
                           .from = "127.0.0.1"};
        if (const auto at = address.find('?'); at != std::string::npos)
            request.query = read_form(address.substr(at + 1));
        request.headers = {{"cookie", cookies}, {"host", "localhost:8443"}};
        return request;
    }
    ApiReply remember(ApiReply reply, const std::string&) {
        for (const auto& [name, value] : reply.headers)
            if (name == "set-cookie") cookies += (cookies.empty() ? "" : "; ") + value.substr(0, value.find(';'));
        // The newest of each name, as a browser keeps them.
        std::map<std::string, std::string> jar;
        std::stringstream all{cookies};
        for (std::string one; std::getline(all, one, ';');) {
            one.erase(0, one.find_first_not_of(' '));
            jar[one.substr(0, one.find('='))] = one.substr(one.find('=') + 1);
        }
        cookies.clear();
        for (const auto& [name, value] : jar) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
        if (!reply.body.empty()) page_ = reply.body;
        return reply;
    }

    Site& site_;
    std::string page_;
};

class Pages : public ::testing::Test {
protected:
    Pages() {
        std::filesystem::create_directories(folder_);
        store_.emplace(folder_ / "sandbox.db");
        accounts_.emplace(folder_ / "accounts.db");
        tokens_.emplace(folder_ / "signin.db");
        site_.emplace(*store_, *accounts_, *tokens_);
        office_ = store_->office().company;
        accounts_->add({.email = "office@example.se", .name = "Anna", .office = office_}, "right password").value();
    }
    ~Pages() override { std::filesystem::remove_all(folder_); }

    void add(const std::string& number, const std::string& name, Situation situation, const std::string& email = {}) {
        Customer one{.company = OrgNumber::parse(number).value(), .name = name};
        one.on_spiris = situation != Situation::not_on_spiris;
        one.function_active = situation == Situation::with_function;
        if (one.on_spiris) one.administrator_name = "Lisa", one.administrator_email = email;
        one.offices[office_].emplace("u-1", "Löpande");
        Steps{*store_}.add_customer(office_, one).value();
    }
    Customer now(const std::string& number) { return store_->find(OrgNumber::parse(number).value())->customer; }
    static std::string page_of(const std::string& number) {
        return "/byra/kunder/" + number + "/samarbeten/digitala-fakturor";
    }
    static Fields activation() { return {{"assignment", "u-1"}, {"recipient", "office"}, {"payee", ""}}; }
    // The customer's administrator, who came by the link and chose a password.
    void come_by_link(Browser& browser, const std::string& number) {
        const std::string link = "/spiris/inbjudan/" + now(number).collaboration->token;
        ASSERT_EQ(browser.get(link).status, 200);
        const auto made = browser.post(link, {{"password", "a long password"}, {"again", "a long password"}});
        ASSERT_EQ(made.status, 303) << made.body;
        browser.follow(made);
    }

    const std::string lindqvist_ = "5560160680", ekstrom_ = "5560360793", bjorko_ = "5560427220";
    std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("samsynk-pages-" + random_name());
    std::optional<OfficeStore> store_;
    std::optional<Accounts> accounts_;
    std::optional<TokenStore> tokens_;
    std::optional<Site> site_;
    std::string office_;

private:
    static std::string random_name() { return std::to_string(::getpid()) + "-" + std::to_string(counter_++); }
    static inline int counter_ = 0;
};

TEST_F(Pages, ANumberWithSomethingAroundItLeadsNowhere) {
    add(lindqvist_, "Lindqvist", Situation::with_function);
    Browser anna{*site_};
    anna.sign_in("office@example.se", "right password");
    ASSERT_EQ(anna.get("/byra/kunder/" + lindqvist_ + "/uppdrag").status, 200);
    EXPECT_EQ(anna.get("/byra/kunder/556016-0680/uppdrag").status, 200);
    for (const char* around : {"\r\n", "\n", " ", "\v", "\t", "\xC2\x85"}) {
        const std::string page = "/byra/kunder/" + lindqvist_ + around + "/uppdrag";
        EXPECT_EQ(anna.get(page).status, 404);
        anna.get("/byra/kunder/" + lindqvist_ + "/uppdrag");
        const auto posted = anna.post(page, {{"assignment", "Löpande"}});
        EXPECT_EQ(posted.status, 404);
        EXPECT_EQ(Browser::location(posted), "");
    }
}

TEST_F(Pages, LeadFromTheLinkToConsentAndToTheChoices) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Browser office{*site_};
    EXPECT_EQ(Browser::location(office.get(page_of(lindqvist_))), "/logga-in?till=" + page_of(lindqvist_));
    EXPECT_EQ(Browser::location(office.sign_in("Office@Example.se", "right password")), "/byra/kunder");
    office.get(page_of(lindqvist_) + "/aktivera");
    const auto done = office.post(page_of(lindqvist_) + "/aktivera", activation());
    EXPECT_NE(office.follow(done).find("ett mejl har gått ut till Lindqvist"), std::string::npos);

    Browser customer{*site_};
    come_by_link(customer, lindqvist_);
    EXPECT_EQ(place_of(now(lindqvist_)).state, State::invited) << "a link alone is no consent";
    const auto approved = customer.post("/spiris/" + lindqvist_, {{"step", "approve"}});
    EXPECT_NE(customer.follow(approved).find("Nu kan ni börja"), std::string::npos);
    EXPECT_TRUE(in_effect(now(lindqvist_)));
    const std::string settings =
        "/bokforing/" + lindqvist_ + "/installningar/foretagsinstallningar/faktureringsuppgifter";
    customer.get(settings);
    EXPECT_EQ(customer.post(settings, {{"receive_invoices", "yes"}}).status, 303);
    EXPECT_EQ(now(lindqvist_).receive_invoices, std::optional<bool>{true});
    EXPECT_EQ(now(lindqvist_).send_all_invoices, std::nullopt) << "not chosen is no choice";
}

TEST_F(Pages, SayWhatWasSentAndWhereItStands) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    const auto shows = [&](const std::string& text) {
        return office.get(page_of(lindqvist_)).body.find(text) != std::string::npos;
    };
    EXPECT_TRUE(shows("Inget mejl har skickats."));
    Steps steps{*store_};
    const OrgNumber company = OrgNumber::parse(lindqvist_).value();
    steps.activate({.company = company, .office = office_}, {.assignment = "u-1", .invoice_recipient = "office"})
        .value();
    EXPECT_TRUE(shows("<span>Inbjudan att godkänna</span> <span>lisa@example.se</span>"));
    EXPECT_TRUE(shows("<span class=\"state waiting\">Väntar på att skickas</span>"));
    Outbox& outbox = store_->outbox();
    const auto id = outbox.all().front().id;
    const Time at = parse_rfc3339("2026-07-01T12:00:00Z").value();
    outbox.not_sent(id, {"{server} can't be reached: {reason}.", {{"server", "smtp://m"}, {"reason", "<nej>"}}}, at);
    EXPECT_TRUE(shows("Försöker igen</span> <span>smtp://m kan inte nås: &lt;nej&gt;.</span>"));
    outbox.sent(id, at);
    EXPECT_TRUE(shows("<time>2026-07-01 14:00</time> <span class=\"state sent\">Skickat</span>")) << "Swedish time";
    // Another office's letters are not its business.
    Notice other = outbox.all().front().notice;
    other.office_company = ekstrom_;
    other.to_email = "other@example.se";
    store_->post(other);
    EXPECT_FALSE(shows("other@example.se"));
}

TEST_F(Pages, AskANewAdministratorForTheTerms) {
    add(bjorko_, "Björkö", Situation::not_on_spiris);
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    office.get(page_of(bjorko_) + "/aktivera");
    EXPECT_NE(office.page().find("Obligatoriska kontaktuppgifter"), std::string::npos);
    auto fields = activation();
    EXPECT_EQ(office.post(page_of(bjorko_) + "/aktivera", fields).status, 422);
    fields["contact_name"] = "Bo Ek";
    fields["contact_email"] = "bo.example.se";
    EXPECT_EQ(office.post(page_of(bjorko_) + "/aktivera", fields).status, 422);
    EXPECT_NE(office.page().find("value=\"Bo Ek\""), std::string::npos) << "what was written is still there";
    EXPECT_FALSE(now(bjorko_).collaboration) << "nothing half done";
    EXPECT_TRUE(now(bjorko_).administrator_email.empty());
    fields["contact_email"] = " Bo@Example.se ";
    EXPECT_EQ(office.post(page_of(bjorko_) + "/aktivera", fields).status, 303);

    Browser customer{*site_};
    come_by_link(customer, bjorko_);
    EXPECT_EQ(customer.post("/spiris/" + bjorko_, {{"step", "accept_terms"}}).status, 422) << "not ticked";
    EXPECT_EQ(customer.post("/spiris/" + bjorko_, {{"step", "approve"}}).status, 422);
    EXPECT_FALSE(in_effect(now(bjorko_)));
    EXPECT_EQ(customer.post("/spiris/" + bjorko_, {{"step", "accept_terms"}, {"terms", "yes"}}).status, 303);
    EXPECT_TRUE(in_effect(now(bjorko_)));
}

TEST_F(Pages, AskAKnownAdministratorToSignIn) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "Lisa@Example.se");
    add(bjorko_, "Björkö", Situation::not_on_spiris);
    accounts_->add({.email = "lisa@example.se", .name = "Lisa", .office = {}}, "right password").value();
    Browser office{*site_}, lisa{*site_};
    office.sign_in("office@example.se", "right password");
    office.get(page_of(bjorko_) + "/aktivera");
    auto fields = activation();
    fields["contact_name"] = "Lisa";
    fields["contact_email"] = "lisa@example.se";
    ASSERT_EQ(office.post(page_of(bjorko_) + "/aktivera", fields).status, 303);
    EXPECT_TRUE(store_->outbox().letters_of(OrgNumber::parse(bjorko_).value()).back().notice.existing_administrator);
    const std::string link = "/spiris/inbjudan/" + now(bjorko_).collaboration->token;
    lisa.get(link);
    EXPECT_EQ(lisa.page().find("Välj lösenord"), std::string::npos);
    const auto in = lisa.post(
        "/logga-in", {{"email", "lisa@example.se"}, {"password", "right password"}, {"till", "/spiris/" + bjorko_}});
    EXPECT_NE(lisa.follow(in).find("Villkor för tjänsten"), std::string::npos)
        << "they are the company's, not the person's";
    EXPECT_EQ(Browser::location(lisa.get(link)), "/spiris/" + bjorko_) << "who is signed in is led on";
    lisa.get("/spiris");
    EXPECT_NE(lisa.page().find("Lindqvist"), std::string::npos) << "however the address was written";
    EXPECT_NE(lisa.page().find("Björkö"), std::string::npos);
}

TEST_F(Pages, FollowAnOfficeThatGetsItsRightNumber) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Steps{*store_}
        .activate({.company = OrgNumber::parse(lindqvist_).value(), .office = office_},
                  {.assignment = "u-1", .invoice_recipient = "office"})
        .value();
    store_->transaction(
        [&] { store_->set_office({.company = "5560004615", .name = "Rätt namn", .email = "office@example.se"}); });
    accounts_->move(office_, "5560004615");
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    EXPECT_NE(office.get("/byra/kunder").body.find("Lindqvist"), std::string::npos);
    office.get(page_of(lindqvist_));
    EXPECT_EQ(office.post(page_of(lindqvist_), {{"step", "withdraw"}}).status, 303);
    EXPECT_EQ(now(lindqvist_).collaboration->office_name, "Rätt namn");
}

TEST_F(Pages, SayWhenThereIsNoAssignmentAndLeadToOne) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    auto stored = now(lindqvist_);
    stored.offices[office_].clear();
    store_->transaction([&] { store_->save(stored); });
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    office.get(page_of(lindqvist_) + "/aktivera");
    EXPECT_NE(office.page().find("Lägg upp ett uppdrag"), std::string::npos);
    EXPECT_EQ(office.page().find("name=\"recipient\""), std::string::npos);
    EXPECT_EQ(office.post(page_of(lindqvist_) + "/aktivera", activation()).status, 422);
    office.get("/byra/kunder/" + lindqvist_ + "/uppdrag");
    EXPECT_EQ(office.post("/byra/kunder/" + lindqvist_ + "/uppdrag", {{"assignment", "Bokslut"}}).status, 303);
    EXPECT_EQ(now(lindqvist_).offices[office_].size(), 1U);
}

TEST_F(Pages, TakeNoFormFromElsewhere) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    office.get(page_of(lindqvist_) + "/aktivera");
    auto fields = activation();
    EXPECT_EQ(office.post_as_it_is(page_of(lindqvist_) + "/aktivera", fields).status, 403) << "no key";
    fields["form_key"] = std::string(64, '0');
    EXPECT_EQ(office.post_as_it_is(page_of(lindqvist_) + "/aktivera", fields).status, 403) << "a wrong key";
    fields.erase("form_key");
    office.get(page_of(lindqvist_) + "/aktivera");
    for (const auto& [name, value] : Fields{{"origin", "https://evil.example"}, {"sec-fetch-site", "cross-site"}}) {
        office.headers = {{name, value}};
        EXPECT_EQ(office.post(page_of(lindqvist_) + "/aktivera", fields).status, 403) << name;
        office.headers = {};
        office.get(page_of(lindqvist_) + "/aktivera");
    }
    Browser stranger{*site_};
    stranger.get("/");
    stranger.show(office.page());
    EXPECT_EQ(stranger.post(page_of(lindqvist_) + "/aktivera", activation()).status, 403) << "another session's key";
    EXPECT_FALSE(now(lindqvist_).collaboration);
    office.headers = {{"origin", "https://localhost:8443"}, {"sec-fetch-site", "same-origin"}};
    EXPECT_EQ(office.post(page_of(lindqvist_) + "/aktivera", activation()).status, 303);
}

TEST_F(Pages, DoNothingTwiceAndNothingFromAnOldPage) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Browser office{*site_}, customer{*site_};
    office.sign_in("office@example.se", "right password");
    office.get(page_of(lindqvist_) + "/aktivera");
    office.post(page_of(lindqvist_) + "/aktivera", activation());
    const std::string id = now(lindqvist_).collaboration->id;
    EXPECT_EQ(office.post(page_of(lindqvist_) + "/aktivera", activation()).status, 303) << "a second click";
    EXPECT_EQ(now(lindqvist_).collaboration->id, id);
    come_by_link(customer, lindqvist_);
    const std::string question = customer.page();
    EXPECT_EQ(customer.post("/spiris/" + lindqvist_, {{"step", "approve"}}).status, 303);
    customer.show(question);
    EXPECT_EQ(customer.post("/spiris/" + lindqvist_, {{"step", "approve"}}).status, 303) << "a second click";
    customer.show(question);
    const auto late = customer.post("/spiris/" + lindqvist_, {{"step", "decline"}});
    EXPECT_EQ(late.status, 409) << "from an old page";
    EXPECT_NE(late.body.find("ändrades efter att du öppnade sidan"), std::string::npos);
    EXPECT_TRUE(in_effect(now(lindqvist_)));
    // Two tabs at the office: in one it is ended, in the other, older one, a date is set.
    office.get(page_of(lindqvist_));
    const std::string old = office.page();
    EXPECT_EQ(office.post(page_of(lindqvist_), {{"step", "end_now"}}).status, 303);
    office.show(old);
    EXPECT_EQ(office.post(page_of(lindqvist_), {{"step", "end_on"}, {"last_day", "2099-01-01"}}).status, 409);
    EXPECT_EQ(place_of(now(lindqvist_)).state, State::ended);
}

TEST_F(Pages, KeepEveryoneToTheirOwn) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    add(ekstrom_, "Ekström", Situation::with_function, "eva@example.se");
    accounts_->add({.email = "other@example.se", .name = "Olle", .office = "5560001111"}, "right password").value();
    accounts_->add({.email = "lisa@example.se", .name = "Lisa", .office = {}}, "right password").value();
    Browser other{*site_}, lisa{*site_};
    other.sign_in("other@example.se", "right password");
    EXPECT_EQ(other.get("/byra/kunder/" + lindqvist_).status, 404);
    EXPECT_EQ(other.get(page_of(lindqvist_)).status, 404);
    EXPECT_EQ(other.post(page_of(lindqvist_) + "/aktivera", activation()).status, 404);
    EXPECT_EQ(other.get("/byra/kunder").body.find("Lindqvist"), std::string::npos);
    EXPECT_EQ(other.get("/spiris").status, 403);
    lisa.sign_in("lisa@example.se", "right password");
    EXPECT_EQ(lisa.get("/spiris/" + lindqvist_).status, 200);
    EXPECT_EQ(lisa.get("/spiris/" + ekstrom_).status, 404);
    EXPECT_EQ(lisa.post("/bokforing/" + ekstrom_ + "/installningar/foretagsinstallningar/faktureringsuppgifter",
                        {{"receive_invoices", "yes"}})
                  .status,
              404);
    EXPECT_EQ(lisa.get("/byra/kunder").status, 403);
    EXPECT_EQ(lisa.get("/device").status, 403);
}

TEST_F(Pages, TellWhyALinkIsGoodNoLonger) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    Steps steps{*store_};
    const Asked asked{.company = OrgNumber::parse(lindqvist_).value(), .office = office_};
    const Activation activation{.assignment = "u-1", .invoice_recipient = "office"};
    steps.activate(asked, activation).value();
    const std::string first = "/spiris/inbjudan/" + now(lindqvist_).collaboration->token;
    Browser browser{*site_};
    steps.withdraw(asked).value();
    EXPECT_EQ(browser.get(first).status, 410);
    EXPECT_NE(browser.page().find("bjuda in igen"), std::string::npos);
    steps.activate(asked, activation).value();
    EXPECT_EQ(browser.get(first).status, 410);
    EXPECT_NE(browser.page().find("nyare inbjudan"), std::string::npos);
    EXPECT_EQ(browser.post(first, {{"password", "a long password"}, {"again", "a long password"}}).status, 410);
    EXPECT_FALSE(accounts_->find("lisa@example.se")) << "an old link makes no account";
    EXPECT_EQ(browser.get("/spiris/inbjudan/nix").status, 404);
    const std::string second = "/spiris/inbjudan/" + now(lindqvist_).collaboration->token;
    browser.get(second);
    EXPECT_EQ(browser.post(second, {{"password", "a long password"}, {"again", "another password"}}).status, 422);
    EXPECT_EQ(browser.post(second, {{"password", "short"}, {"again", "short"}}).status, 422);
    accounts_->add({.email = "lisa@example.se", .name = "Lisa", .office = {}}, "right password").value();
    EXPECT_EQ(browser.post(second, {{"password", "a long password"}, {"again", "a long password"}}).status, 409)
        << "who has a password keeps it, whoever has the link";
    EXPECT_TRUE(accounts_->sign_in("lisa@example.se", "right password"));
}

TEST_F(Pages, LetNobodyGuess) {
    Browser browser{*site_};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(browser.sign_in("office@example.se", "guess " + std::to_string(i)).status, 422);
    EXPECT_EQ(browser.sign_in("office@example.se", "right password").status, 429) << "not even the right one";
    EXPECT_NE(browser.page().find("Vänta 15 min"), std::string::npos);
    accounts_->add({.email = "two@example.se", .name = "Två", .office = office_}, "right password").value();
    EXPECT_EQ(browser.sign_in("two@example.se", "right password").status, 303) << "others are not kept out";
}

TEST_F(Pages, GiveANewSessionAtSignInAndEndIt) {
    Browser browser{*site_};
    browser.get("/logga-in");
    const std::string before = browser.cookies;
    browser.sign_in("office@example.se", "right password");
    EXPECT_NE(browser.cookies, before) << "a cookie that someone planted is not signed in";
    Browser planted{*site_};
    planted.cookies = before;
    EXPECT_EQ(planted.get("/byra/kunder").status, 303);
    browser.get("/byra/kunder");
    const std::string signed_in = browser.cookies;
    browser.post("/logga-ut", {});
    Browser kept{*site_};
    kept.cookies = signed_in;
    EXPECT_EQ(kept.get("/byra/kunder").status, 303);
}

TEST_F(Pages, EscapeWhatPeopleWrite) {
    add(lindqvist_, "<script>alert(1)</script>", Situation::with_function, "lisa@example.se");
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    for (const std::string& address : {std::string{"/byra/kunder"}, "/byra/kunder/" + lindqvist_, page_of(lindqvist_),
                                       std::string{"/byra/kunder?sok=<script>"}}) {
        const auto reply = office.get(address);
        EXPECT_EQ(reply.body.find("<script>alert"), std::string::npos) << address;
        EXPECT_EQ(reply.body.find("\"<script>"), std::string::npos) << address;
        bool strict = false;
        for (const auto& [name, value] : reply.headers)
            strict = strict || (name == "content-security-policy" && value.find("default-src 'none'") == 0);
        EXPECT_TRUE(strict);
    }
}

TEST_F(Pages, RefuseANameThatNobodyCanRead) {
    add(lindqvist_, "Lindqvist", Situation::not_on_spiris);
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    for (const std::string& name : unreadable_names) {
        office.get("/byra/kunder/ny");
        Fields customer{{"number", ekstrom_}, {"name", name}, {"online", "none"}};
        EXPECT_EQ(office.post("/byra/kunder/ny", customer).status, 422) << name;
        customer["name"] = "Ekström";
        customer["online"] = "full";
        customer["administrator_email"] = "eva@example.se";
        customer["administrator_name"] = name;
        EXPECT_EQ(office.post("/byra/kunder/ny", customer).status, 422) << name;
        const std::string assignments = "/byra/kunder/" + lindqvist_ + "/uppdrag";
        office.get(assignments);
        EXPECT_EQ(office.post(assignments, {{"assignment", name}}).status, 422) << name;
        const std::string activate = page_of(lindqvist_) + "/aktivera";
        office.get(activate);
        Fields contact = activation();
        contact["contact_name"] = name;
        contact["contact_email"] = "eva@example.se";
        EXPECT_EQ(office.post(activate, contact).status, 422) << name;
    }
    EXPECT_FALSE(store_->find(OrgNumber::parse(ekstrom_).value()));
    EXPECT_EQ(now(lindqvist_).offices.at(office_).size(), 1U);
    EXPECT_FALSE(now(lindqvist_).collaboration);
}

TEST_F(Pages, LeaveOutTheBlanksAroundAName) {
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    office.get("/byra/kunder/ny");
    office.post("/byra/kunder/ny", {{"number", ekstrom_}, {"name", " \u00a0Ekström  AB "}, {"online", "none"}});
    EXPECT_EQ(now(ekstrom_).name, "Ekström  AB");
}

TEST_F(Pages, RefuseANumberThatIsForPractising) {
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    for (const std::string& number : unusable_numbers) {
        office.get("/byra/kunder/ny");
        const auto reply = office.post("/byra/kunder/ny", {{"number", number}, {"name", "A"}, {"online", "none"}});
        EXPECT_EQ(reply.status, 422) << number;
    }
    EXPECT_TRUE(store_->all().empty());
}

TEST_F(Pages, TurnTheLeavesOfASearch) {
    for (int i = 0; i < 1000; ++i) {
        const auto number = OrgNumber::of(5590000000ULL + static_cast<std::uint64_t>(i));
        if (number) add(number->digits(), "Å&B " + std::to_string(i), Situation::not_on_spiris);
    }
    add(lindqvist_, "Lindqvist", Situation::not_on_spiris);
    Browser office{*site_};
    office.sign_in("office@example.se", "right password");
    EXPECT_NE(office.get("/byra/kunder?sok=%C3%A5%26b").body.find("100 kunder"), std::string::npos);
    EXPECT_EQ(office.page().find("rel=\"next\""), std::string::npos);
    add(ekstrom_, "å&b sist", Situation::not_on_spiris);
    office.get("/byra/kunder?sok=%C3%A5%26b");
    std::smatch next;
    ASSERT_TRUE(std::regex_search(office.page(), next, std::regex{"href=\"([^\"]*)\" rel=\"next\""}));
    const std::string address = std::regex_replace(next[1].str(), std::regex{"&amp;"}, "&");
    EXPECT_NE(office.get(address).body.find("å&amp;b sist"), std::string::npos) << address;
    EXPECT_EQ(office.page().find("Lindqvist"), std::string::npos);
    EXPECT_NE(office.get("/byra/kunder?sok=556016-06").body.find("Lindqvist"), std::string::npos) << "by its number";
}

TEST_F(Pages, ShowWhatAnEarlierVersionKept) {
    add(lindqvist_, "Lindqvist", Situation::with_function, "lisa@example.se");
    {
        SQLite::Database database{(folder_ / "sandbox.db").string(), SQLite::OPEN_READWRITE};
        database.exec(
            "UPDATE customers SET body = json_set(json_remove(body, '$.offices', '$.earlier'), '$.assignments', "
            "json_object('u-1', 'Löpande'))");
        database.exec("PRAGMA user_version = 0");
    }
    OfficeStore older{folder_ / "sandbox.db"};
    const auto kept = older.find(OrgNumber::parse(lindqvist_).value());
    EXPECT_EQ(kept->customer.offices.at(office_).at("u-1"), "Löpande");
    EXPECT_EQ(older.customers_of(office_).size(), 1U);
}

TEST_F(Pages, LeadNobodyAway) {
    Browser browser{*site_};
    const Fields signing{{"email", "office@example.se"}, {"password", "right password"}};
    for (const char* away : {"//evil.example", "https://evil.example", "/\\evil.example"}) {
        browser.get("/logga-in");
        Fields fields = signing;
        fields["till"] = away;
        EXPECT_EQ(Browser::location(browser.post("/logga-in", fields)), "/byra/kunder") << away;
    }
    browser.get("/logga-in");
    Fields split = signing;
    split["till"] = "/a\r\nSet-Cookie: x";
    EXPECT_EQ(Browser::location(browser.post("/logga-in", split)).find_first_of("\r\n"), std::string::npos);
}

TEST_F(Pages, SpeakTwoLanguages) {
    Browser browser{*site_};
    EXPECT_NE(browser.get("/logga-in").body.find("<html lang=\"sv\">"), std::string::npos);
    EXPECT_EQ(Browser::location(browser.post("/sprak", {{"language", "en"}, {"till", "/logga-in"}})), "/logga-in");
    EXPECT_NE(browser.get("/logga-in").body.find("Password"), std::string::npos);
    EXPECT_NE(browser.page().find("This is a sandbox"), std::string::npos) << "on every page";
}

TEST_F(Pages, LetInWithACode) {
    tokens_->save({.device_code = "d", .user_code = "BCDF-GHJK", .expires = moment_now() + 60000});
    Browser office{*site_};
    EXPECT_EQ(Browser::location(office.get("/device?user_code=BCDF-GHJK")),
              "/logga-in?till=/device%3Fuser_code%3DBCDF-GHJK");
    office.sign_in("office@example.se", "right password");
    office.get("/device");
    EXPECT_EQ(office.post("/device", {{"user_code", "XXXX-XXXX"}, {"answer", "approve"}}).status, 422);
    EXPECT_EQ(office.post("/device", {{"user_code", "bcdfghjk"}, {"answer", "approve"}}).status, 200);
    EXPECT_EQ(tokens_->device("d")->state, DeviceState::approved);
}

// Whatever is asked for, by whomever: an answer with its guards, nothing of a person's writing unescaped, no exception.
TEST_F(Pages, AnswerWhateverIsAsked) {
    add(lindqvist_, "<b>", Situation::with_function, "lisa@example.se");
    accounts_->add({.email = "lisa@example.se", .name = "<b>", .office = {}}, "right password").value();
    Browser office{*site_}, lisa{*site_}, stranger{*site_};
    office.sign_in("office@example.se", "right password");
    lisa.sign_in("lisa@example.se", "right password");
    const std::vector<std::string> addresses{
        "/",
        "/logga-in",
        "/logga-ut",
        "/sprak",
        "/device",
        "/byra",
        "/byra/kunder",
        "/byra/kunder/ny",
        "/byra/kunder/" + lindqvist_,
        "/byra/kunder/" + lindqvist_ + "/uppdrag",
        page_of(lindqvist_),
        page_of(lindqvist_) + "/aktivera",
        "/spiris",
        "/spiris/" + lindqvist_,
        "/bokforing",
        "/spiris/inbjudan/x",
        "/site/style.css",
        "/site/../words/pages.sv.json",
        "/bokforing/" + lindqvist_ + "/installningar/foretagsinstallningar/faktureringsuppgifter"};
    const auto text =
        rc::gen::oneOf(rc::gen::element<std::string>("", "u-1", "office", "<b>", "end_now", "end_on", "approve",
                                                     "2099-01-01", "-1", "99999999999999999999", "\xff\xfe", "å"),
                       rc::gen::arbitrary<std::string>());
    const bool holds = rc::check([&] {
        for (int i = 0; i < 20; ++i) {
            Browser& browser = **rc::gen::element(&office, &lisa, &stranger);
            std::string address = *rc::gen::elementOf(addresses);
            if (*rc::gen::inRange(0, 5) == 0)
                address += "?" + std::string{"sok="} + encoded(*text) + "&sida=" + encoded(*text);
            if (*rc::gen::inRange(0, 9) == 0) address += "/" + encoded(*text);
            Fields fields;
            for (const char* name :
                 {"assignment", "recipient", "payee", "step", "last_day", "version", "name", "number", "online", "till",
                  "email", "terms", "language", "user_code", "receive_invoices", "contact_name"})
                if (*rc::gen::inRange(0, 3) == 0) fields[name] = *text;
            const ApiReply reply = *rc::gen::inRange(0, 2) == 0 ? browser.get(address) : browser.post(address, fields);
            RC_ASSERT(reply.status >= 200 && reply.status < 500);
            RC_ASSERT(reply.body.find("<b>") == std::string::npos);
            RC_ASSERT(reply.body.find("{{") == std::string::npos);
            bool strict = false;
            for (const auto& [name, value] : reply.headers) {
                strict = strict || name == "content-security-policy";
                RC_ASSERT(value.find_first_of("\r\n") == std::string::npos);
            }
            RC_ASSERT(strict);
            (void)now(lindqvist_);  // what was stored can be read
        }
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace samsynk::sandbox
