// The nth access to the state file fails, for every n of a whole story: whatever fails, it is told, nothing is damaged,
// and the runs that follow lead to the same end. After every other story the power is cut instead of an orderly stop.
#include <gmock/gmock.h>

#include "rig.hpp"

namespace samsynk::support {
namespace {

using sync::CollaborationState;
using sync::Preferences;

const OrgNumber lindqvist = OrgNumber::parse("5560160680").value();
const OrgNumber ekstrom = OrgNumber::parse("5560360793").value();
const OrgNumber akeriet = OrgNumber::parse("5560747569").value();
const OrgNumber norrsken = OrgNumber::parse("5562651892").value();

Preferences& local(Rig& rig, const std::string& place) { return rig.world.main().places.at(place).preferences; }

void people_begin(Rig& rig) {
    const auto active = CollaborationState::active;
    rig.world.service.add(lindqvist, "Lindqvist", active);
    rig.world.service.add(ekstrom, "Ekström", active, {.receive_invoices = true});
    rig.world.service.add(akeriet, "Åkeriet", active, {.send_all_invoices = false});
    rig.world.service.add(norrsken, "Norrsken", active, {.receive_invoices = false});
    rig.world.main().add("L", lindqvist, {.send_all_invoices = true});
    rig.world.main().add("E", ekstrom);
    rig.world.main().add("Å", akeriet, {.send_all_invoices = false});
    rig.world.main().add("N", norrsken, {.receive_invoices = false});
}

// Where runs fail, people go on all the same; so each choice is one that also wins where nothing was agreed before.
void tell_story(Rig& rig) {
    people_begin(rig);
    rig.run();

    local(rig, "L").send_all_invoices = false;
    rig.world.service.choose(ekstrom, sync::Preference::receive_invoices, false);
    rig.world.service.choose(akeriet, sync::Preference::send_all_invoices, true);
    rig.run();

    local(rig, "L").receive_invoices = true;
    rig.plot.then("push", Fate::do_then_fail);
    rig.run();
    rig.stop();

    rig.world.service.choose(norrsken, sync::Preference::receive_invoices, true);
    rig.plot.then("write_preferences", Fate::do_then_crash);
    rig.run();

    rig.world.service.set_state(ekstrom, CollaborationState::ending);
    rig.run();
}

std::string word(sync::Choice choice) { return !choice ? "-" : *choice ? "yes" : "no"; }
std::string words(const Preferences& preferences) {
    return word(preferences.send_all_invoices) + "/" + word(preferences.receive_invoices);
}

// What stands everywhere after two clean runs, a line each.
std::string end_of(Rig& rig) {
    for (int i = 0; i < 2; ++i) {
        const auto result = rig.run();
        EXPECT_TRUE(result && result->outcome == agent::Outcome::completed && result->synced == 4);
    }
    const auto memory = rig.alive() ? rig.store().load() : Result<sync::Memory>{fail(Errc::not_found, "no store")};
    if (memory.has_error()) return "nothing is remembered: " + to_text(memory.error().message);
    std::string end;
    for (const auto& [place, company] : rig.world.main().places) {
        const sync::Agreement* agreed = memory->agreements.find({"main", place});
        const auto told = rig.world.main().notices.find(place);
        end += place + ": local " + words(company.preferences) + ", online " +
               words(rig.world.service.record(*company.company).preferences) + ", agreed " +
               (agreed && agreed->company == company.company ? words(agreed->base) : "nothing") + ", told " +
               (told == rig.world.main().notices.end() ? "nothing" : std::to_string(sync::fingerprint(told->second))) +
               "\n";
    }
    const std::size_t unsettled =
        memory->operations.size() + memory->intents.size() + memory->holds.size() + memory->doubts.size();
    return end + std::to_string(unsettled) + " unsettled, epoch " + memory->epoch + ", " +
           std::to_string(memory->marks.size()) + " marks\n";
}

// No operation twice; and no choice twice under two ids.
void expect_once(const Rig& rig) {
    std::set<std::string> ids;
    std::set<std::tuple<OrgNumber, sync::Preference, bool>> sent;
    for (const sync::Operation& operation : rig.world.service.applied) {
        EXPECT_TRUE(ids.insert(operation.id).second);
        for (const auto preference : sync::all_preferences) {
            if (!operation.set[preference]) continue;
            EXPECT_TRUE(sent.emplace(operation.company, preference, *operation.set[preference]).second)
                << "sent twice: " << name_of(preference);
        }
    }
}

// Each failure is told as one of the state, with the file (or its folder) in the sentence.
void expect_told(const Rig& rig) {
    for (const Error& error : rig.errors) {
        EXPECT_EQ(error.code, Errc::state_failed);
        EXPECT_THAT(to_text(error.message), testing::HasSubstr("/life-"));
    }
}

void expect_whole(const Rig& rig) {
    for (const auto& file : std::filesystem::directory_iterator{rig.state()})
        EXPECT_EQ(file.path().filename().string().find("corrupt"), std::string::npos) << "set aside: " << file.path();
    SQLite::Database database{(rig.state() / store::state_file).string()};
    EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
}

struct Case {
    DiskFault fault;
    bool for_good;  ///< until the end of the story; else once
};

class StoreFaults : public testing::TestWithParam<Case> {};

TEST_P(StoreFaults, EveryAccessInTurn) {
    const Case& given = GetParam();
    std::string expected;
    {
        Rig calm;
        tell_story(calm);
        calm.stop();
        expected = end_of(calm);
        ASSERT_TRUE(calm.errors.empty());
        ASSERT_THAT(expected, testing::HasSubstr("\n0 unsettled"));
        ASSERT_EQ(calm.world.service.applied.size(), 3U);
    }
    FaultyVfs disk;
    std::uint64_t told = 0;
    for (std::uint64_t nth = 1;; ++nth) {
        Rig rig;
        disk.fail_at(nth, given.fault, given.for_good);
        ASSERT_NO_THROW(tell_story(rig));
        if (nth % 2 == 0 && rig.alive()) rig.crash();
        rig.stop();
        const std::uint64_t failures = disk.failures();
        disk.heal();
        SCOPED_TRACE("access " + std::to_string(nth) + ": " + disk.first_failure());
        told += rig.errors.empty() ? 0 : 1;
        std::string end;
        ASSERT_NO_THROW(end = end_of(rig));
        EXPECT_EQ(end, expected);
        expect_once(rig);
        expect_told(rig);
        rig.stop();
        expect_whole(rig);
        if (HasFailure()) return;
        if (failures > 0) continue;
        EXPECT_GT(nth, 60U) << "else it was no story";
        EXPECT_GT(told, nth / 3) << "most failures must be noticed";
        RecordProperty("accesses", static_cast<int>(nth - 1));
        std::cout << nth - 1 << " accesses, " << told << " of their failures told\n";
        return;
    }
}

INSTANTIATE_TEST_SUITE_P(All, StoreFaults,
                         testing::Values(Case{DiskFault::io_error, false}, Case{DiskFault::io_error, true},
                                         Case{DiskFault::full, false}, Case{DiskFault::full, true}),
                         [](const auto& given) {
                             return std::string{given.param.fault == DiskFault::full ? "Full" : "IoError"} +
                                    (given.param.for_good ? "FromThenOn" : "Once");
                         });

}  // namespace
}  // namespace samsynk::support
