#include "core/company_name.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

TEST(CompanyName, IsTheSameInOtherLettersFormsAndKinds) {
    EXPECT_TRUE(same_company_name("Åkeriet i Östersund AB", "åkeriet i östersund aktiebolag"));
    EXPECT_TRUE(same_company_name("A\u030Akeriet", "\u00C5keriet")) << "the two forms of Å";
    EXPECT_TRUE(same_company_name("Bygg & Co AB (publ)", "BYGG & CO, AB"));
    EXPECT_TRUE(same_company_name("Lindqvists Bygg och Plåt i Sör", "Lindqvists Bygg och Plåt i Sörmland AB"));
    EXPECT_TRUE(same_company_name("", "Vad som helst AB")) << "no name says nothing";
}

TEST(CompanyName, AnotherNameIsAnother) {
    EXPECT_FALSE(same_company_name("Åkeriet AB", "Akeriet AB"));
    EXPECT_FALSE(same_company_name("Bygg AB", "Byggmästarna AB")) << "a short beginning says nothing";
    EXPECT_FALSE(same_company_name("Lindqvist Bygg AB", "Lindqvist El AB"));
}

TEST(CompanyName, ComposesWhatCanBeComposedOnly) {
    EXPECT_EQ(composed("Fo\u0308retag"), "F\u00F6retag");
    EXPECT_EQ(composed("Ovnbol2000"), "Ovnbol2000");
    EXPECT_EQ(composed("\xF6 not UTF-8"), "\xF6 not UTF-8");
}

}  // namespace
}  // namespace samsynk
