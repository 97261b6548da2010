#include "sandbox/mail/postman.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "mail_samples.hpp"
#include "sandbox/mail/folder.hpp"
#include "sandbox/mail/round.hpp"
#include "sandbox/mail/way.hpp"

namespace samsynk::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

// A way whose next fates are written down before.
class Scripted : public Delivery {
public:
    Delivered deliver(const Parcel& parcel, const std::function<bool()>&) override {
        parcels.push_back(parcel);
        if (next.empty()) return {};
        Delivered one = next.front();
        next.erase(next.begin());
        return one;
    }
    seconds longest() const override { return minutes{2}; }
    std::vector<Delivered> next;
    std::vector<Parcel> parcels;
};

class MailRound : public testing::Test {
protected:
    ~MailRound() override { std::filesystem::remove_all(folder_); }

    void post(const std::string& email = "eva@lindqvist.example", NoticeKind kind = NoticeKind::approved) {
        Notice notice = sample(kind);
        notice.to_email = email;
        store_->outbox().put(notice, now_);
    }
    PostedLetter letter(std::size_t n) { return store_->outbox().all().at(n); }
    std::string recipients() {
        std::string all;
        for (const Parcel& parcel : way_.parcels) all += parcel.to.substr(0, parcel.to.find('@'));
        return all;
    }

    const std::filesystem::path folder_ = new_folder();
    std::unique_ptr<OfficeStore> store_ = std::make_unique<OfficeStore>(folder_ / "sandbox.db");
    Time now_ = parse_rfc3339("2026-11-25T08:00:00Z").value();
    Scripted way_;
    std::vector<std::string> log_;
    bool stop_ = false;
    Round round_{*store_,
                 way_,
                 {.site = sample_site,
                  .from = "byrastod@sandbox.example",
                  .clock = [this] { return now_; },
                  .stop = [this] { return stop_; },
                  .give_up = [] { return false; },
                  .log = [this](const std::string& line) { log_.push_back(line); }}};
    const Message no_{"{server} said no", {{"server", "mail"}}};
};

TEST_F(MailRound, SendsEachLetterOnceInOrder) {
    for (const char* to : {"a@x.example", "b@x.example", "c@x.example"}) post(to);
    round_.go();
    round_.go();
    EXPECT_EQ(recipients(), "abc");
    EXPECT_EQ(letter(2).state, LetterState::sent);
    EXPECT_TRUE(log_.empty());
    EXPECT_THAT(way_.parcels[0].message, HasSubstr("Message-Id: <" + letter(0).message_id + ">"));
}

TEST_F(MailRound, LetsOneLettersTroubleBeItsOwn) {
    for (const char* to : {"a@x.example", "b@x.example", "c@x.example"}) post(to);
    way_.next = {{Fate::refused, no_}, {Fate::not_now, no_}};
    round_.go();
    EXPECT_EQ(recipients(), "abc");
    EXPECT_EQ(letter(0).state, LetterState::failed);
    EXPECT_EQ(letter(0).trouble, no_);
    EXPECT_EQ(letter(1).next_attempt, now_ + seconds{5});
    EXPECT_EQ(letter(2).state, LetterState::sent);
    EXPECT_EQ(log_.size(), 2U);
    now_ += seconds{5};
    round_.go();
    EXPECT_EQ(letter(1).state, LetterState::sent);
    EXPECT_EQ(letter(1).attempts, 2);
}

TEST_F(MailRound, TriesOneLetterWhereNoneGetsThroughAndSendsAllWhenOneDoes) {
    for (const char* to : {"a@x.example", "b@x.example", "c@x.example"}) post(to);
    way_.next = {{Fate::no_way, no_}, {Fate::no_way, no_}};
    round_.go();
    EXPECT_EQ(recipients(), "a");
    now_ += seconds{5};
    round_.go();
    EXPECT_EQ(recipients(), "aa");
    EXPECT_EQ(log_.size(), 1U) << "trouble that stays is told once";
    post("d@x.example");  // due at once, and the way is open again
    round_.go();
    EXPECT_EQ(recipients(), "aadabc");
    EXPECT_THAT(log_, ElementsAre(HasSubstr("mail said no Letters are kept"), "Letters are sent again."));
}

TEST_F(MailRound, SendsOnceMoreUnderTheSameIdWhereItDiedBeforeItWroteThatDown) {
    post("a@x.example");
    post("b@x.example");
    // What a server has done that dies between delivery and record.
    const auto taken = store_->outbox().take(now_, now_ + way_.longest());
    ASSERT_TRUE(taken);
    round_.go();
    EXPECT_EQ(recipients(), "b");
    now_ += way_.longest();
    round_.go();
    EXPECT_EQ(recipients(), "ba");
    EXPECT_THAT(way_.parcels[1].message, HasSubstr(taken->message_id));
}

TEST_F(MailRound, GivesBackWhatItWasInterruptedIn) {
    post();
    way_.next = {{Fate::interrupted, {}}};
    round_.go();
    EXPECT_EQ(letter(0).state, LetterState::waiting);
    EXPECT_EQ(letter(0).attempts, 0);
    EXPECT_TRUE(store_->outbox().take(now_, now_ + minutes{2})) << "due as before";
}

TEST_F(MailRound, BeginsNoLetterWhenItIsToStop) {
    post();
    stop_ = true;
    round_.go();
    EXPECT_TRUE(way_.parcels.empty());
}

TEST_F(MailRound, RefusesAnAddressThatNobodyCanHave) {
    for (const char* to : {"", "nobody", "eva@x.example\r\nBcc: b@x.example", "eva@x.example, b@x.example"}) post(to);
    post();
    round_.go();
    EXPECT_EQ(way_.parcels.size(), 1U);
    for (std::size_t n = 0; n < 4; ++n) {
        EXPECT_EQ(letter(n).state, LetterState::failed);
        EXPECT_EQ(to_text(*letter(n).trouble).find('\n'), std::string::npos);
    }
}

TEST_F(MailRound, NamesAFileByTimeCompanyAndKindButNeverByAPersonsNumber) {
    post();
    EXPECT_EQ(parcel_name(letter(0)), "20261125T080000Z-000001-5560160680-approved");
    Notice person = sample(NoticeKind::declined);
    person.company = "8001011231";
    store_->outbox().put(person, now_);
    EXPECT_EQ(parcel_name(letter(1)), "20261125T080000Z-000002-declined");
}

TEST_F(MailRound, PutsWholeFilesForTheirOwnerIntoAFolder) {
    Folder way{folder_ / "mail"};
    const Parcel parcel{.name = "n", .from = {}, .to = {}, .message = "Subject: a\r\n\r\nb\r\n"};
    for (int times = 0; times < 2; ++times) EXPECT_EQ(way.deliver(parcel, {}).fate, Fate::delivered);
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator{folder_ / "mail"})
        names.push_back(file.path().filename());
    EXPECT_THAT(names, ElementsAre("n.eml")) << "sent once more, it replaces itself";
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / "mail/n.eml").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    std::ifstream file{folder_ / "mail/n.eml"};
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{file}, {}}), parcel.message);
}

TEST_F(MailRound, SaysWhichFolderCantBeWrittenTo) {
    std::ofstream{folder_ / "file"} << "x";
    Folder way{folder_ / "file"};
    const Delivered done = way.deliver({.name = "n", .from = {}, .to = {}, .message = "x"}, {});
    EXPECT_EQ(done.fate, Fate::no_way);
    EXPECT_THAT(to_text(done.trouble), HasSubstr((folder_ / "file").string()));
}

TEST_F(MailRound, RefusesToBeginWithAMailServerThatCantBeMeant) {
    const auto with = [](const std::string& url) { return check(MailOptions{.folder = {}, .smtp = {.url = url}}); };
    for (const char* good :
         {"smtp://localhost:25", "smtps://mail.example", "smtp://[::1]:2525", "smtp://127.0.0.1:587/"})
        EXPECT_TRUE(with(good).has_value()) << good;
    for (const char* bad : {"http://localhost", "mail.example:25", "smtp://", "smtp://eva:hemligt@mail.example",
                            "smtp://x/y", "smtp://x?y", "smtp://x y", "smtp://x:0"})
        EXPECT_TRUE(with(bad).has_error()) << bad;
    MailOptions options{.folder = {}, .smtp = {.url = "smtp://localhost", .user = "eva"}};
    EXPECT_TRUE(check(options).has_error());
    options.smtp.password_file = folder_ / "password";
    EXPECT_TRUE(check(options).has_error()) << "there is none";
    std::ofstream{folder_ / "password"} << "hemligt\n";
    ::chmod((folder_ / "password").c_str(), 0600);
    EXPECT_TRUE(check(options).has_value());
    ::chmod((folder_ / "password").c_str(), 0644);
    EXPECT_TRUE(check(options).has_error()) << "everyone may read it";
    EXPECT_TRUE(check(MailOptions{.folder = {}, .smtp = {}, .from = "a@b.example\r\nBcc: c@d.example"}).has_error());
}

// A way that takes its time, and says when it has begun.
class Slow : public Delivery {
public:
    struct Seen {
        std::mutex mutex;
        std::condition_variable changed;
        int begun = 0, ended = 0;
        bool open = false;
        bool wait_for(const std::function<bool(const Seen&)>& what) {
            std::unique_lock lock{mutex};
            return changed.wait_for(lock, seconds{10}, [&] { return what(*this); });
        }
    };
    explicit Slow(Seen& seen) : seen_{seen} {}
    Delivered deliver(const Parcel&, const std::function<bool()>& give_up) override {
        std::unique_lock lock{seen_.mutex};
        ++seen_.begun;
        seen_.changed.notify_all();
        while (!seen_.open && !give_up()) seen_.changed.wait_for(lock, std::chrono::milliseconds{10});
        ++seen_.ended;
        seen_.changed.notify_all();
        return {seen_.open ? Fate::delivered : Fate::interrupted, {}};
    }
    seconds longest() const override { return minutes{2}; }

private:
    Seen& seen_;
};

TEST_F(MailRound, ThePostmanComesWhenTheBellRings) {
    Slow::Seen seen;
    seen.open = true;
    const Postman postman{{.store = folder_ / "sandbox.db", .site = sample_site, .from = "b@x.example"},
                          std::make_unique<Slow>(seen)};
    for (int n = 1; n <= 3; ++n) {
        store_->transaction([&] { store_->post(sample(NoticeKind::approved)); });
        EXPECT_TRUE(seen.wait_for([&](const auto& now) { return now.ended == n; })) << n;
    }
}

TEST_F(MailRound, ThePostmanEndsSoonThoughAServerHangsAndKeepsTheLetter) {
    Slow::Seen seen;
    post();
    auto postman = std::make_unique<Postman>(Postman::Route{.store = folder_ / "sandbox.db",
                                                            .site = sample_site,
                                                            .from = "b@x.example",
                                                            .grace = std::chrono::milliseconds{200}},
                                             std::make_unique<Slow>(seen));
    ASSERT_TRUE(seen.wait_for([](const auto& now) { return now.begun == 1; }));
    store_->transaction([&] { store_->post(sample(NoticeKind::approved)); });  // nobody is held up
    const auto begun = std::chrono::steady_clock::now();
    postman.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds{2});
    EXPECT_EQ(letter(0).state, LetterState::waiting);
    EXPECT_EQ(letter(0).attempts, 0);
}

TEST_F(MailRound, TwoPostmenSendNothingTwice) {
    for (int n = 0; n < 40; ++n) post();
    Slow::Seen seen;
    seen.open = true;
    {
        const Postman::Route route{.store = folder_ / "sandbox.db", .site = sample_site, .from = "b@x.example"};
        const Postman one{route, std::make_unique<Slow>(seen)}, two{route, std::make_unique<Slow>(seen)};
        EXPECT_TRUE(seen.wait_for([](const auto& now) { return now.ended >= 40; }));
    }
    EXPECT_EQ(seen.begun, 40);
    for (const PostedLetter& one : store_->outbox().all()) {
        EXPECT_EQ(one.state, LetterState::sent);
        EXPECT_EQ(one.attempts, 1);
    }
}

}  // namespace
}  // namespace samsynk::sandbox
