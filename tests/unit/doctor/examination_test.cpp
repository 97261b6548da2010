// What the doctor says of files, of the state's folder, and of how long things are good.
#include "doctor/examination.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace samsynk::doctor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class ExaminationTest : public testing::Test {
protected:
    ExaminationTest() {
        fs::create_directories(folder);
        fs::permissions(folder, fs::perms::owner_all);
    }
    ~ExaminationTest() override { fs::remove_all(folder); }
    fs::path lay(const std::string& name, unsigned mode) {
        std::ofstream{folder / name} << "hemligt";
        fs::permissions(folder / name, fs::perms{mode});
        return folder / name;
    }

    const fs::path folder = fs::temp_directory_path() / ("samsynk-doctor-" + std::to_string(::getpid()));
    settings::Settings settings;
};

TEST_F(ExaminationTest, FilesThatAreInOrder) {
    settings.service.auth.client_secret_file = lay("secret", 0640);
    settings.service.ca_file = lay("ca.pem", 0644);
    const auto findings = examine_files(settings, folder / "samsynk.yaml");
    EXPECT_EQ(findings.size(), 2U);
    EXPECT_EQ(worst_of(findings), Severity::fine);
}

TEST_F(ExaminationTest, ASecretThatEveryoneMayRead) {
    settings.service.auth.client_secret_file = lay("secret", 0644);
    const auto findings = examine_files(settings, folder / "samsynk.yaml");
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].severity, Severity::error);
    EXPECT_NE(to_text(findings[0].what).find("chmod o="), std::string::npos);
}

TEST_F(ExaminationTest, AFileThatIsMissing) {
    settings.installations.push_back({.id = "tryton"});
    settings.installations.back().database.password_file = folder / "gone";
    const auto findings = examine_files(settings, folder / "samsynk.yaml");
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].severity, Severity::error);
    EXPECT_NE(to_text(findings[0].what).find("gone"), std::string::npos);
    EXPECT_FALSE(findings[0].advice.id.empty());
}

TEST_F(ExaminationTest, APasswordInTheConfigurationItself) {
    settings.service.proxy = "http://me:hemligt@proxy.example:3128";
    EXPECT_EQ(worst_of(examine_files(settings, lay("samsynk.yaml", 0644))), Severity::warning);
    EXPECT_EQ(worst_of(examine_files(settings, lay("samsynk.yaml", 0640))), Severity::fine);
}

TEST_F(ExaminationTest, TheStatesFolder) {
    EXPECT_NE(worst_of(examine_state(folder)), Severity::error);
    EXPECT_EQ(worst_of(examine_state(folder / "not-yet")), Severity::notice);
    fs::permissions(folder, fs::perms{0777});
    EXPECT_EQ(worst_of(examine_state(folder)), Severity::warning);
    EXPECT_EQ(worst_of(examine_state(lay("a-file", 0600) / "below")), Severity::error);
}

TEST_F(ExaminationTest, ThereIsAlwaysSomethingToSayOfTheClock) { EXPECT_EQ(examine_system().size(), 1U); }

TEST(Examination, HowLongThingsAreGood) {
    EXPECT_EQ(by_time_left(15 * 24h), Severity::fine);
    EXPECT_EQ(by_time_left(14 * 24h - 1s), Severity::warning);
    EXPECT_EQ(by_time_left(3 * 24h), Severity::warning);
    EXPECT_EQ(by_time_left(3 * 24h - 1s), Severity::error);
    EXPECT_EQ(by_time_left(-1s), Severity::error);
}

TEST(Examination, OfTheSignIn) {
    EXPECT_EQ(worst_of(of_sign_in({.method = "device", .state = "ok"})), Severity::fine);
    EXPECT_EQ(worst_of(of_sign_in({.method = "device", .state = "unknown"})), Severity::notice);
    EXPECT_EQ(worst_of(of_sign_in({.method = "device", .state = "required"})), Severity::error);
    EXPECT_EQ(worst_of(of_sign_in({.method = "device", .state = "ok", .left = 5 * 24h})), Severity::warning);
    const auto findings = of_sign_in({.method = "device", .state = "ok", .certificate_left = 24h});
    EXPECT_EQ(findings.back().area, "certificate");
    EXPECT_EQ(findings.back().severity, Severity::error);
}

TEST(Examination, OfAnInstallation) {
    const Error away = fail(Errc::installation_offline, N_("The share is gone."));
    const Error one = fail(Errc::bad_file, N_("One file is broken."));
    EXPECT_EQ(worst_of(of_installation("main", {{{"It can be reached.", {}}, {}}})), Severity::fine);
    EXPECT_EQ(worst_of(of_installation("main", {{{"It can be reached.", {}}, one}})), Severity::warning);
    const auto findings = of_installation("main", {{{"It can be reached.", {}}, away}});
    EXPECT_EQ(worst_of(findings), Severity::error);
    EXPECT_EQ(findings.front().subject, "main");
}

TEST(OfRuns, WhatTheyMetLastIsToldOnce) {
    EXPECT_TRUE(of_runs({}, {}).empty());
    const Error down = fail(Errc::service_error, "it is down"), full = fail(Errc::state_failed, "the disk is full");
    EXPECT_EQ(of_runs(down, down).size(), 1U);
    EXPECT_EQ(worst_of(of_runs(down, {})), Severity::error);
    EXPECT_EQ(of_runs(down, full).size(), 2U);
}

}  // namespace
}  // namespace samsynk::doctor
