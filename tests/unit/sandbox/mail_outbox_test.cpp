#include "sandbox/store/outbox.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "mail_samples.hpp"
#include "sandbox/store/notice_json.hpp"
#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class MailOutbox : public testing::Test {
protected:
    ~MailOutbox() override { std::filesystem::remove_all(folder_); }

    std::int64_t put(Time at, NoticeKind kind = NoticeKind::approved) {
        outbox().put(sample(kind), at);
        return outbox().all().back().id;
    }
    PostedLetter letter(std::int64_t id) {
        for (const PostedLetter& one : outbox().all())
            if (one.id == id) return one;
        throw std::logic_error("no such letter");
    }
    Outbox& outbox() { return store_->outbox(); }

    const std::filesystem::path folder_ = new_folder();
    const Time start_ = parse_rfc3339("2026-11-25T08:00:00Z").value();
    const Message trouble_{"{server} said no", {{"server", "mail"}}};
    std::unique_ptr<OfficeStore> store_ = std::make_unique<OfficeStore>(folder_ / "sandbox.db");
};

TEST_F(MailOutbox, KeepsANoticeAsItWas) {
    for (const Language language : {Language::sv, Language::en})
        for (const Notice& notice : all_samples(language)) {
            EXPECT_EQ(notice_from(to_text(notice)), notice);
            outbox().put(notice, start_);
            EXPECT_EQ(outbox().all().back().notice, notice);
        }
}

TEST_F(MailOutbox, HasNoLetterOfAStepThatWasUndone) {
    EXPECT_THROW(store_->transaction([&] {
        store_->post(sample(NoticeKind::approved));
        throw std::runtime_error("undo");
    }),
                 std::runtime_error);
    EXPECT_TRUE(outbox().all().empty());
    store_->transaction([&] { store_->post(sample(NoticeKind::approved)); });
    EXPECT_EQ(outbox().all().size(), 1U);
    EXPECT_EQ((OfficeStore{folder_ / "sandbox.db"}.outbox().all().size()), 1U) << "others see it";
}

TEST_F(MailOutbox, GivesWhatHasBeenDueLongestFirstAndNothingEarly) {
    const auto late = put(start_ + seconds{10});
    const auto first = put(start_), second = put(start_);
    EXPECT_EQ(outbox().take(start_, start_ + minutes{2})->id, first);
    EXPECT_EQ(outbox().take(start_, start_ + minutes{2})->id, second);
    EXPECT_FALSE(outbox().take(start_, start_ + minutes{2}));
    EXPECT_EQ(outbox().next_due(), start_ + seconds{10});
    EXPECT_EQ(outbox().take(start_ + seconds{10}, start_ + minutes{2})->id, late);
}

TEST_F(MailOutbox, GivesALetterToOneServerAndToAnotherOnlyWhenThatOneIsGone) {
    const auto id = put(start_);
    OfficeStore other{folder_ / "sandbox.db"};
    const auto taken = outbox().take(start_, start_ + minutes{2});
    ASSERT_TRUE(taken);
    EXPECT_FALSE(other.outbox().take(start_ + seconds{119}, start_ + minutes{4}));
    const auto again = other.outbox().take(start_ + minutes{2}, start_ + minutes{4});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->id, id);
    EXPECT_EQ(again->message_id, taken->message_id);
}

TEST_F(MailOutbox, SaysWhatBecameOfALetter) {
    const auto id = put(start_);
    (void)outbox().take(start_, start_ + minutes{2});
    outbox().sent(id, start_ + seconds{1});
    EXPECT_EQ(letter(id).state, LetterState::sent);
    EXPECT_EQ(letter(id).sent_at, start_ + seconds{1});
    EXPECT_EQ(letter(id).attempts, 1);
    EXPECT_FALSE(outbox().take(start_ + hours{48}, start_ + hours{49}));
    const auto refused = put(start_);
    outbox().refused(refused, trouble_);
    EXPECT_EQ(letter(refused).state, LetterState::failed);
    EXPECT_EQ(letter(refused).trouble, trouble_);
    EXPECT_EQ(outbox().next_due(), std::nullopt);
}

TEST_F(MailOutbox, TriesAgainLaterAndLaterUpToAnHourAndForADay) {
    const auto id = put(start_);
    Time now = start_;
    std::vector<std::int64_t> pauses;
    while (letter(id).state == LetterState::waiting) {
        ASSERT_TRUE(outbox().take(now, now + minutes{2}));
        outbox().not_sent(id, trouble_, now);
        const auto next = letter(id).next_attempt;
        if (!next) break;
        pauses.push_back(std::chrono::duration_cast<seconds>(*next - now).count());
        EXPECT_FALSE(outbox().take(*next - seconds{1}, *next + minutes{2}));
        now = *next;
    }
    ASSERT_GT(pauses.size(), 12U);
    EXPECT_EQ((std::vector<std::int64_t>{pauses.begin(), pauses.begin() + 11}),
              (std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600}));
    EXPECT_EQ(pauses.back(), 3600);
    EXPECT_EQ(letter(id).state, LetterState::failed);
    EXPECT_EQ(letter(id).trouble, trouble_);
    EXPECT_GE(now - start_, hours{24});
    EXPECT_LE(now - start_, hours{25});
}

TEST_F(MailOutbox, CountsTheDayFromTheFirstAttemptNotFromTheStep) {
    const auto id = put(start_);
    const Time later = start_ + hours{72};  // nothing served for three days
    ASSERT_TRUE(outbox().take(later, later + minutes{2}));
    outbox().not_sent(id, trouble_, later);
    EXPECT_EQ(letter(id).state, LetterState::waiting);
}

TEST_F(MailOutbox, HoldsUpAllWhereTheWayIsClosedAndLetsThemGoTogether) {
    const auto first = put(start_), second = put(start_), third = put(start_);
    ASSERT_EQ(outbox().take(start_, start_ + minutes{2})->id, first);
    outbox().hold_up(first, trouble_, start_);
    EXPECT_FALSE(outbox().take(start_ + seconds{4}, start_ + minutes{2})) << "the others need not be tried";
    EXPECT_EQ(letter(second).trouble, trouble_);
    EXPECT_EQ(letter(second).attempts, 0);
    ASSERT_EQ(outbox().take(start_ + seconds{5}, start_ + minutes{2})->id, first);
    outbox().hold_up(first, trouble_, start_ + hours{3});
    outbox().go_on(start_ + hours{3});
    for (const auto id : {first, second, third}) EXPECT_EQ(outbox().take(start_ + hours{3}, start_ + hours{4})->id, id);
}

TEST_F(MailOutbox, GivesUpWhatWasHeldUpForADay) {
    const auto first = put(start_), second = put(start_);
    (void)outbox().take(start_, start_ + minutes{2});
    outbox().hold_up(first, trouble_, start_);
    const Time later = start_ + hours{24};
    const auto third = put(later);
    ASSERT_EQ(outbox().take(later, later + minutes{2})->id, first);
    outbox().hold_up(first, trouble_, later);
    EXPECT_EQ(letter(first).state, LetterState::failed);
    EXPECT_EQ(letter(second).state, LetterState::failed);
    EXPECT_EQ(letter(second).trouble, trouble_);
    EXPECT_EQ(letter(third).state, LetterState::waiting);
}

TEST_F(MailOutbox, LeavesWhatAnotherServerIsSendingToIt) {
    const auto first = put(start_), second = put(start_);
    (void)outbox().take(start_, start_ + minutes{2});
    OfficeStore other{folder_ / "sandbox.db"};
    ASSERT_EQ(other.outbox().take(start_, start_ + minutes{2})->id, second);
    outbox().hold_up(first, trouble_, start_);
    outbox().go_on(start_ + seconds{1});
    EXPECT_EQ(outbox().take(start_ + seconds{1}, start_ + minutes{2})->id, first);
    EXPECT_FALSE(outbox().take(start_ + seconds{1}, start_ + minutes{2}));
    EXPECT_FALSE(letter(second).trouble);
}

TEST_F(MailOutbox, TellsOfOneCompanyOnly) {
    put(start_);
    Notice other = sample(NoticeKind::declined);
    other.company = "5560360793";
    outbox().put(other, start_);
    const auto letters = outbox().letters_of(OrgNumber::parse("5560360793").value());
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].notice, other);
}

TEST_F(MailOutbox, HasOneLetterOfADateThatTwoServersPass) {
    Customer customer{.company = OrgNumber::parse("5560160680").value(), .name = "Lindqvist"};
    customer.on_spiris = customer.function_active = true;
    customer.administrator_name = "Eva";
    customer.administrator_email = "eva@lindqvist.example";
    customer.offices[store_->office().company].emplace("u-1", "Löpande");
    Activation activation{.id = "c",
                          .office_company = store_->office().company,
                          .office_name = "N",
                          .assignment = "u-1",
                          .invoice_recipient = "office",
                          .payee = {},
                          .contact_name = {},
                          .contact_email = {},
                          .language = {},
                          .at = "2026-10-01T08:00:00Z",
                          .expires_on = "2026-11-01",
                          .token = "t"};
    ASSERT_TRUE(activate(customer, activation).has_value());
    store_->transaction([&] { store_->save(customer); });
    std::thread other;
    store_->transaction([&] {
        // It finds the date passed, and must wait for this one's end.
        other = std::thread{[&] { OfficeStore{folder_ / "sandbox.db"}.pass_date(start_); }};
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        ASSERT_TRUE(pass_date(customer, "2026-11-25", "t"));
        store_->save(customer);
        Notice expired = sample(NoticeKind::expired);
        store_->post(expired);
    });
    other.join();
    store_->pass_date(start_);
    const auto letters = outbox().all();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].notice.kind, NoticeKind::expired);
    EXPECT_TRUE(letters[0].notice.to_office);
}

}  // namespace
}  // namespace samsynk::sandbox
