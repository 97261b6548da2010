// Several books of one company: one place leads, the others follow.
#include "support.hpp"

namespace samsynk::agent {
namespace {

const sync::PlaceKey leading{"main", "L"}, following{"main", "F"};

struct Led : Both {
    explicit Led(Preferences local = {}, Preferences online = {}, Preferences follower = {}) : Both{local, online} {
        main().add("F", lindqvist, follower);
        lead({leading, {following}});
    }
    struct Parts {
        sync::PlaceKey leader;
        std::vector<sync::PlaceKey> followers;
    };
    void lead(const Parts& parts) {
        policy.settled[lindqvist] = {.installation = parts.leader.installation,
                                     .place = parts.leader.place,
                                     .followers = parts.followers,
                                     .leader = std::make_shared<const sync::PlaceKey>(parts.leader)};
    }
    Preferences& follower() { return main().places.at("F").preferences; }
    const sync::Agreement* agreed_at(const sync::PlaceKey& key) { return disk.memory.agreements.find(key); }
};

const CompanyStatus& at(Machine& machine, const sync::PlaceKey& key) {
    for (const CompanyStatus& company : *machine.agent().status()->companies)
        if (company.place() == key.place && company.installation == key.installation) return company;
    throw std::logic_error{"not told of"};
}

Errc why(Machine& machine, const sync::PlaceKey& key) {
    const auto& reason = at(machine, key).reason;
    return reason ? reason->code : Errc::cancelled;
}

constexpr Preferences both_true{.send_all_invoices = true, .receive_invoices = true};

TEST(Followers, AChoiceOfTheLeaderGoesOnlineAndToThoseThatFollow) {
    Led world{both_true, {}, {}};
    Machine machine{world};
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.online(), both_true);
    EXPECT_EQ(world.follower(), both_true);
    world.local().receive_invoices = false;
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.online().receive_invoices, false);
    EXPECT_EQ(world.follower().receive_invoices, false) << "in the same run";
    EXPECT_EQ(world.agreed_at(following)->base.receive_invoices, false);
    EXPECT_TRUE(world.agreed_at(following)->follows);
    EXPECT_FALSE(world.agreed_at(leading)->follows);
}

TEST(Followers, AnOnlineChoiceGoesToAll) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.once();
    world.service.choose(lindqvist, sending, false);
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.local().send_all_invoices, false);
    EXPECT_EQ(world.follower().send_all_invoices, false);
}

TEST(Followers, BothAreToldOfTheCollaboration) {
    Led world;
    Machine{world}.once();
    EXPECT_EQ(world.main().notices.at("L").collaboration.state, CollaborationState::active);
    EXPECT_EQ(world.main().notices.at("F").collaboration.state, CollaborationState::active);
}

TEST(Followers, OnlyTheLeaderIsClaimed) {
    Led world;
    auto& other = world.install("other");
    other.add("F", lindqvist);
    world.lead({leading, {{"other", "F"}}});
    world.main().places.erase("F");
    Machine machine{world};
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main");
    EXPECT_FALSE(world.disk.memory.claims.contains("other"));
}

TEST(Followers, AChoiceInOneIsHeldAndSentNowhere) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.once();
    world.follower().receive_invoices = false;
    const auto result = machine.once();
    EXPECT_EQ(result->held, 1U);
    EXPECT_EQ(result->changed, 0U);
    EXPECT_EQ(why(machine, following), Errc::followed_choice);
    EXPECT_EQ(world.disk.memory.holds.at(0).kind, sync::HoldKind::followed_choice);
    EXPECT_EQ(world.follower().receive_invoices, false) << "it stands until someone decides";
    world.service.choose(lindqvist, sending, false);
    machine.once();
    EXPECT_EQ(world.follower(), (Preferences{.send_all_invoices = false, .receive_invoices = false}));
}

TEST(Followers, AChoiceWhereNothingWasChosenIsHeldToo) {
    Led world;
    Machine machine{world};
    machine.once();
    world.follower().send_all_invoices = true;
    EXPECT_EQ(machine.once()->held, 1U);
    EXPECT_EQ(world.online().send_all_invoices, std::nullopt);
    EXPECT_EQ(why(machine, following), Errc::followed_choice);
}

struct Answered : Led {
    Answered() : Led{both_true, both_true, both_true} {
        machine = std::make_unique<Machine>(*this);
        machine->serve();
        follower().receive_invoices = false;
        sync();
    }
    void sync() {
        const std::string run = machine->agent().request_sync({});
        machine->run(machine->agent().result(run));
    }
    Errc answer(std::optional<sync::Side> take) {
        const std::string id = disk.memory.holds.at(0).id;
        const auto answered = machine->run(machine->agent().approve(id, take, "anna"));
        return answered->has_error() ? answered->error().code : Errc{};
    }
    std::unique_ptr<Machine> machine;
};

TEST(Followers, TakenForLocalItIsAChoiceOfTheLeader) {
    Answered world;
    EXPECT_EQ(world.answer(std::nullopt), Errc::bad_request);
    EXPECT_EQ(world.answer(sync::Side::local), Errc{});
    EXPECT_EQ(world.local().receive_invoices, false);
    EXPECT_EQ(world.online().receive_invoices, false);
    EXPECT_EQ(world.follower().receive_invoices, false);
    EXPECT_TRUE(world.disk.memory.holds.empty());
    EXPECT_TRUE(world.disk.memory.approvals.empty());
}

TEST(Followers, TakenForOnlineItIsPutBack) {
    Answered world;
    EXPECT_EQ(world.answer(sync::Side::online), Errc{});
    EXPECT_EQ(world.follower().receive_invoices, true);
    EXPECT_EQ(world.online().receive_invoices, true);
    EXPECT_TRUE(world.disk.memory.holds.empty());
}

TEST(Followers, TheLeaderIsWrittenByCompareAndSet) {
    Answered world;
    world.local().receive_invoices.reset();  // meanwhile, and nobody has looked
    EXPECT_EQ(world.answer(sync::Side::local), Errc::changed_meanwhile);
    EXPECT_NE(world.local().receive_invoices, false);
    EXPECT_EQ(world.online().receive_invoices, true);
    EXPECT_EQ(world.follower().receive_invoices, false);
}

TEST(Followers, TheFirstContactOfOneOverwritesNothing) {
    Led world{both_true, both_true, {.send_all_invoices = false}};
    Machine machine{world};
    EXPECT_EQ(machine.once()->held, 1U);
    EXPECT_EQ(world.follower().send_all_invoices, false);
    EXPECT_EQ(world.follower().receive_invoices, true) << "where it had none it is filled";
    EXPECT_EQ(why(machine, following), Errc::first_contact);
    EXPECT_EQ(machine.once()->held, 1U) << "nor does the next one";
    EXPECT_EQ(world.follower().send_all_invoices, false);
}

TEST(Followers, TheyRestWhileTheLeaderCantBeRead) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.once();
    world.main().places.at("L").trouble = fail(Errc::unreadable, "no permission");
    world.service.choose(lindqvist, sending, false);
    const auto result = machine.once();
    EXPECT_EQ(result->failed, 1U);
    EXPECT_EQ(result->waiting, 1U);
    EXPECT_EQ(why(machine, following), Errc::waits_for_leader);
    EXPECT_EQ(world.follower(), both_true);
    world.main().places.at("L").trouble.reset();
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.follower().send_all_invoices, false);
}

TEST(Followers, TheyRestWhileTheLeaderIsNotGranted) {
    Led world{both_true, both_true, {}};
    world.service.claim(lindqvist, "uuid-elsewhere");
    Machine machine{world};
    machine.once();
    EXPECT_EQ(why(machine, leading), Errc::claim_held);
    EXPECT_EQ(why(machine, following), Errc::waits_for_leader);
    EXPECT_EQ(world.follower(), Preferences{});
    EXPECT_FALSE(world.main().notices.contains("F"));
}

TEST(Followers, TheyRestWhileTheLeaderIsMissingAndItsClaimIsKept) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.once();
    world.main().away = {"L"};
    machine.once();
    EXPECT_EQ(why(machine, leading), Errc::company_missing) << "the follower does not stand for it";
    EXPECT_EQ(why(machine, following), Errc::waits_for_leader);
    world.main().away = {"F"};
    world.now += std::chrono::hours{24 * 30};
    machine.once();
    EXPECT_EQ(why(machine, following), Errc::company_missing);
    world.now += std::chrono::hours{24 * 30};
    machine.once();
    EXPECT_EQ(world.service.holder(lindqvist), "uuid-main") << "what leads is there";
    EXPECT_EQ(at(machine, leading).state, CompanyState::synced);
}

TEST(Followers, AWishThatWaitsIsNotWrittenToThemYet) {
    Led world;
    world.service.set_state(lindqvist, CollaborationState::invited);
    world.local().send_all_invoices = true;
    Machine machine{world};
    machine.once();
    EXPECT_EQ(world.follower().send_all_invoices, std::nullopt);
    EXPECT_EQ(why(machine, following), Errc::waits_for_leader);
    world.service.set_state(lindqvist, CollaborationState::active);
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_EQ(world.follower().send_all_invoices, true);
}

TEST(Followers, AnotherPlaceMadeLeaderIsAskedAbout) {
    Led world{both_true, both_true, both_true};
    Machine{world}.once();
    world.lead({following, {leading}});
    world.follower().send_all_invoices = false;
    {
        Machine machine{world};
        EXPECT_EQ(machine.once()->held, 1U);
        EXPECT_EQ(why(machine, following), Errc::first_contact) << "whatever sync.first_contact says";
        EXPECT_EQ(why(machine, leading), Errc::waits_for_leader);
        EXPECT_EQ(machine.once()->held, 1U);
    }
    EXPECT_EQ(world.online(), both_true);
    world.follower().send_all_invoices = true;
    Machine machine{world};
    EXPECT_EQ(machine.once()->synced, 2U);
    EXPECT_FALSE(world.agreed_at(following)->follows);
    EXPECT_TRUE(world.agreed_at(leading)->follows);
}

TEST(Followers, OneThatLedBeforeAPlaceThatNobodyNamedIsAskedAboutWhenItLeadsAgain) {
    Led world{both_true, both_true, both_true};
    world.main().add("G", lindqvist, both_true);
    Machine{world}.once();
    world.lead({{"main", "G"}, {following}});
    Machine{world}.once();
    EXPECT_TRUE(world.agreed_at(leading)->follows) << "it led, and does not any more";
    world.service.choose(lindqvist, sending, false);
    Machine{world}.once();
    world.lead({leading, {following}});
    Machine machine{world};
    machine.once();
    EXPECT_EQ(world.local().send_all_invoices, true) << "nobody knows which is newer";
    EXPECT_EQ(why(machine, leading), Errc::first_contact);
}

TEST(Followers, ANamedPlaceThatShowsAnotherNumberIsAskedAbout) {
    Led world{both_true, both_true, both_true};
    world.service.add(ekstrom, "Ekström", CollaborationState::active, {.send_all_invoices = false});
    world.main().places.at("F").company = ekstrom;
    Machine machine{world};
    machine.serve();
    EXPECT_EQ(why(machine, following), Errc::new_company);
    EXPECT_EQ(world.follower(), both_true);
    EXPECT_EQ(world.service.holder(ekstrom), "") << "not even claimed";
    const std::string id = world.disk.memory.holds.at(0).id;
    machine.run(machine.agent().approve(id, sync::Side::online, "anna"));
    EXPECT_EQ(world.follower().send_all_invoices, false) << "someone said that it is right";
}

TEST(Followers, AnAnswerThatTakesWhatIsNotChosenIsRefused) {
    Led world;
    Machine machine{world};
    machine.serve();
    world.follower().send_all_invoices = true;
    machine.run(machine.agent().result(machine.agent().request_sync({})));
    const std::string id = world.disk.memory.holds.at(0).id;
    EXPECT_EQ(machine.run(machine.agent().approve(id, sync::Side::online, "anna"))->error().code, Errc::bad_request);
    EXPECT_EQ(world.local().send_all_invoices, std::nullopt);
    EXPECT_EQ(world.online().send_all_invoices, std::nullopt);
}

TEST(Followers, ANewLeadersChoiceIsNotAgreedWithTheOldOne) {
    Led world{both_true, both_true, both_true};
    Machine{world}.once();
    world.lead({following, {leading}});
    world.follower().receive_invoices = false;
    Machine machine{world};
    machine.serve();
    machine.run(machine.agent().approve(world.disk.memory.holds.at(0).id, sync::Side::local, "anna"));
    EXPECT_EQ(world.online().receive_invoices, false);
    EXPECT_EQ(why(machine, leading), Errc::first_contact);
    ASSERT_EQ(world.disk.memory.holds.size(), 1U);
    machine.run(machine.agent().approve(world.disk.memory.holds.at(0).id, sync::Side::online, "anna"));
    EXPECT_EQ(world.local().receive_invoices, false);
    EXPECT_TRUE(world.disk.memory.holds.empty());
}

TEST(Followers, AnIgnoredCopyTakesNoChoice) {
    Led world{both_true, both_true, both_true};
    world.main().add("Kopia", lindqvist, both_true);
    Machine machine{world};
    machine.serve();
    const sync::PlaceKey copy{"main", "Kopia"};
    EXPECT_EQ(at(machine, copy).state, CompanyState::ignored);
    const auto set = machine.run(machine.agent().set_preferences(copy, {.receive_invoices = false}, "anna"));
    EXPECT_EQ(set->error().code, Errc::bad_request);
    EXPECT_EQ(world.main().places.at("Kopia").preferences, both_true);
}

TEST(Followers, WithoutTheConfigurationTheLeaderGoesOnAndTheOtherIsADuplicate) {
    Led world{both_true, both_true, both_true};
    Machine{world}.once();
    world.policy.settled.clear();
    Machine machine{world};
    machine.once();
    EXPECT_EQ(at(machine, leading).state, CompanyState::synced);
    EXPECT_EQ(why(machine, following), Errc::duplicate);
}

TEST(Followers, TheirWritesCountInTheGuardOfTheirOwnInstallation) {
    World world;
    world.policy.mass_change_limit = 0.2;
    auto& other = world.install("other");
    for (std::size_t n = 0; n < 12; ++n) {
        std::string nine = "556" + std::to_string(300000 + n);
        Result<OrgNumber> number = fail(Errc::invalid_number, "none yet");
        for (char check = '0'; check <= '9' && number.has_error(); ++check) number = OrgNumber::parse(nine + check);
        const sync::PlaceKey leader{"main", "L" + nine}, follower{"other", "F" + nine};
        world.service.add(*number, nine, CollaborationState::active, both_true);
        world.main().add(leader.place, *number, both_true);
        other.add(follower.place, *number, both_true);
        world.policy.settled[*number] = {.installation = "main",
                                         .place = leader.place,
                                         .followers = {follower},
                                         .leader = std::make_shared<const sync::PlaceKey>(leader)};
    }
    Machine machine{world};
    EXPECT_EQ(machine.once()->synced, 24U);
    for (auto& [place, company] : world.main().places) company.preferences.send_all_invoices = false;
    machine.once();
    const auto holds = machine.agent().held();
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0].installation, "main") << "of the leaders, whose choices would overwrite the online ones";
    machine.run(machine.agent().approve(holds[0].id, std::nullopt, "anna"));
    machine.once();
    ASSERT_EQ(machine.agent().held().size(), 1U);
    EXPECT_EQ(machine.agent().held()[0].installation, "other");
    for (auto& [place, company] : other.places) EXPECT_EQ(company.preferences.send_all_invoices, true);
}

TEST(Followers, AreNoChoiceOfTheirOwnForSet) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.serve();
    const auto by_place = machine.run(machine.agent().set_preferences(following, {.receive_invoices = false}, "anna"));
    EXPECT_EQ(by_place->error().code, Errc::followed_choice);
    const auto by_number = machine.run(machine.agent().set_preferences(lindqvist, {.receive_invoices = false}, "anna"));
    ASSERT_TRUE(by_number->has_value());
    EXPECT_EQ((*by_number)->status.place(), "L");
    EXPECT_EQ(world.follower().receive_invoices, false);
}

TEST(Followers, AreExplainedByWhatLeads) {
    Led world{both_true, both_true, both_true};
    Machine machine{world};
    machine.once();
    world.follower().receive_invoices = false;
    machine.once();
    const auto explained = machine.run(machine.agent().explain(following))->value();
    EXPECT_EQ(explained.detail.status.place(), "F");
    EXPECT_EQ(explained.preferences[1].held, sync::HoldKind::followed_choice);
    EXPECT_EQ(explained.preferences[0].rule, sync::Rule::agree);
}

TEST(ByPlace, ACompanyWithoutANumberIsAskedAbout) {
    Both world;
    auto& nameless = world.main().add("Namnlös", ekstrom);
    nameless.company.reset();
    nameless.trouble = fail(Errc::missing_number, "no number");
    Machine machine{world};
    machine.serve();
    const sync::PlaceKey key{"main", "Namnlös"};
    EXPECT_EQ(machine.run(machine.agent().company(key))->value().status.reason->code, Errc::missing_number);
    EXPECT_TRUE(machine.run(machine.agent().explain(key))->has_value());
    EXPECT_EQ(machine.run(machine.agent().company(sync::PlaceKey{"main", "none"}))->error().code, Errc::not_found);
    EXPECT_EQ(machine.run(machine.agent().set_preferences(key, both_true, "anna"))->error().code, Errc::missing_number);
    const auto tested = machine.run(machine.agent().test_installation("main", "Namnlös"))->value();
    EXPECT_EQ(tested.at(0).trouble->code, Errc::missing_number);
    EXPECT_FALSE(machine.run(machine.agent().test_installation("main", "L"))->value().at(0).trouble);
}

TEST(ByPlace, ASyncOfOneLooksAtItAndCountsItAlone) {
    Both world;
    auto& nameless = world.main().add("Namnlös", ekstrom);
    world.service.add(ekstrom, "Ekström", CollaborationState::active);
    nameless.company.reset();
    nameless.trouble = fail(Errc::missing_number, "no number");
    Machine machine{world};
    machine.serve();
    const auto sync = [&](std::vector<sync::PlaceKey> places) {
        SyncRequest request;
        request.scope = {.all = false, .installations = {}, .places = {places.begin(), places.end()}, .companies = {}};
        const std::string run = machine.agent().request_sync(std::move(request));
        return **machine.run(machine.agent().result(run));
    };
    const sync::PlaceKey key{"main", "Namnlös"};
    auto result = sync({key});
    EXPECT_EQ(result->companies, 1U);
    EXPECT_EQ(result->failed, 1U);
    nameless.company = ekstrom;
    nameless.trouble.reset();
    nameless.preferences.send_all_invoices = true;
    world.local().send_all_invoices = true;
    result = sync({key});
    EXPECT_EQ(result->synced, 1U);
    EXPECT_EQ(world.service.record(ekstrom).preferences.send_all_invoices, true);
    EXPECT_EQ(world.online().send_all_invoices, std::nullopt) << "nobody asked for that one";
    EXPECT_EQ(sync({{"main", "L"}})->companies, 1U) << "one with a number is asked for by it";
    EXPECT_EQ(world.online().send_all_invoices, true);
}

}  // namespace
}  // namespace samsynk::agent
