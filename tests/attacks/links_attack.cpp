// Links that come and go between two steps of the daemon must lead it nowhere.
#include <stdio.h>

#include "attacks/company_of_mallory.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class Links : public CompanyOfMallory {
protected:
    // A link in the place of a folder that is not there yet; and what the daemon made in between is put aside.
    void put_and_take_link(const fs::path& target) {
        if (::symlink(target.c_str(), own().c_str()) != 0) {
            std::error_code code;
            fs::rename(own(), hers() / "aside", code);
            fs::remove_all(hers() / "aside", code);
        }
        ::unlink(own().c_str());
    }
    void exchange_with_link(const fs::path& place) {
        ::renameat2(AT_FDCWD, place.c_str(), AT_FDCWD, (hers() / "link").c_str(), RENAME_EXCHANGE);
    }
    // All that the daemon does in a company's folder.
    void work() {
        const auto company = read_hers();
        expect_not_the_victims(company);
        (void)choose(company.preferences.receive_invoices, !company.preferences.receive_invoices.value_or(false));
        (void)tell("Bolag " + std::to_string(++told_));
    }
    void expect_not_the_victims(const sync::LocalCompany& company) {
        if (company.preferences.send_all_invoices) ++seen_of_the_victim_;
        if (company.company && *company.company != number_) ++seen_of_the_victim_;
    }

    int told_ = 0, seen_of_the_victim_ = 0;
};

TEST_F(Links, ALinkInPlaceOfAFolderThatIsMade) {
    while_mallory([&] { put_and_take_link(secret()); }, [&] { work(); });
    expect_that_nothing_was_reached();
}

TEST_F(Links, ALinkToTheFolderOfAnotherCompany) {
    while_mallory([&] { put_and_take_link(victims() / "samsynk"); }, [&] { work(); });
    expect_that_nothing_was_reached();
    EXPECT_EQ(seen_of_the_victim_, 0);
}

TEST_F(Links, AFolderExchangedForALinkToThatOfAnotherCompany) {
    write(own() / "preferences.yaml", "receive_invoices: false\n");
    fs::create_directory_symlink(victims() / "samsynk", hers() / "link");
    while_mallory([&] { exchange_with_link(own()); }, [&] { work(); });
    expect_that_nothing_was_reached();
    EXPECT_EQ(seen_of_the_victim_, 0);
}

TEST_F(Links, AFileExchangedForALinkToThatOfAnotherCompany) {
    write(own() / "preferences.yaml", "receive_invoices: false\n");
    fs::create_symlink(victims() / "samsynk/preferences.yaml", hers() / "link");
    while_mallory([&] { exchange_with_link(own() / "preferences.yaml"); }, [&] { work(); });
    expect_that_nothing_was_reached();
    EXPECT_EQ(seen_of_the_victim_, 0);
}

TEST_F(Links, AnExportExchangedForALinkToThatOfAnotherCompany) {
    fs::create_symlink(victims() / "bok.se", hers() / "link");
    while_mallory([&] { exchange_with_link(hers() / "bok.se"); }, [&] { work(); });
    expect_that_nothing_was_reached();
    EXPECT_EQ(seen_of_the_victim_, 0);
}

TEST_F(Links, WhatIsStagedTakenAwayOrReplaced) {
    write(own() / "preferences.yaml", "receive_invoices: false\n");
    const fs::path staged = own() / ".samsynk-preferences.yaml.new";
    while_mallory(
        [&] {
            ::symlink((victims() / "samsynk/preferences.yaml").c_str(), staged.c_str());
            ::unlink(staged.c_str());
        },
        [&] { work(); });
    expect_that_nothing_was_reached();
    EXPECT_EQ(seen_of_the_victim_, 0);
}

TEST_F(Links, AfterwardsTheCompanyIsAsAnyOther) {
    while_mallory([&] { put_and_take_link(secret()); }, [&] { work(); });
    std::error_code code;
    fs::remove_all(own(), code);
    EXPECT_TRUE(choose(std::nullopt, true).has_value());
    EXPECT_EQ(read_hers().preferences.receive_invoices, sync::Choice{true});
}

}  // namespace
}  // namespace samsynk::installations
