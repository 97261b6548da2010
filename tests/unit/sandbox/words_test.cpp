#include "sandbox/words/words.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace samsynk::sandbox {
namespace {

namespace fs = std::filesystem;

const fs::path sandbox = fs::path{SAMSYNK_SOURCE_DIR} / "sandbox";

std::string text_of(const fs::path& file) {
    std::stringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

// Of all files of words whose names end so.
std::set<std::string> keys_of(const std::string& ending) {
    std::set<std::string> keys;
    for (const auto& file : fs::directory_iterator{sandbox / "assets/words"}) {
        if (!file.path().filename().string().ends_with(ending)) continue;
        const boost::json::value all = boost::json::parse(text_of(file.path()));
        for (const auto& [key, value] : all.as_object())
            EXPECT_TRUE(keys.insert(std::string{key}).second) << key << " stands in two files";
    }
    EXPECT_FALSE(keys.empty());
    return keys;
}

std::set<std::string> found_in(const fs::path& folder, const std::string& ending, const std::regex& what) {
    std::set<std::string> found;
    for (const auto& file : fs::recursive_directory_iterator{folder}) {
        if (file.path().extension() != ending) continue;
        const std::string text = text_of(file.path());
        for (std::sregex_iterator at{text.begin(), text.end(), what}, end; at != end; ++at) found.insert((*at)[1]);
    }
    return found;
}

TEST(Words, AreTheSameInBothLanguages) {
    EXPECT_EQ(keys_of(".sv.json"), keys_of(".en.json"));
    const std::regex name{R"(\{\w+\})"};
    for (const auto& key : keys_of(".sv.json")) {
        std::set<std::string> swedish, english;
        const std::string sv = say(Language::sv, key), en = say(Language::en, key);
        for (std::sregex_iterator at{sv.begin(), sv.end(), name}, end; at != end; ++at) swedish.insert(at->str());
        for (std::sregex_iterator at{en.begin(), en.end(), name}, end; at != end; ++at) english.insert(at->str());
        EXPECT_EQ(swedish, english) << key;
    }
}

TEST(Words, OfTheTemplatesAreThere) {
    const auto keys = keys_of(".sv.json");
    for (const auto& used : found_in(sandbox / "assets", ".html", std::regex{R"(\{\{w\.(\w+)\}\})"}))
        EXPECT_TRUE(keys.contains(used)) << used;
}

// What a page says by a key that is put together is looked for by its beginning.
TEST(Words, AreUsed) {
    auto used = found_in(sandbox / "assets", ".html", std::regex{R"(\{\{w\.(\w+)\}\})"});
    used.merge(found_in(sandbox, ".cpp", std::regex{R"re("(\w+)")re"}));
    for (const auto& key : keys_of(".sv.json")) {
        bool found = used.contains(key);
        for (const auto& begin : used)
            found = found || (begin.ends_with('_') && begin.size() > 4 && key.starts_with(begin));
        EXPECT_TRUE(found) << key << " is said nowhere";
    }
}

TEST(Words, HaveSwedishForEveryRule) {
    std::set<std::string> sentences;
    for (const fs::path& file : {sandbox, fs::path{SAMSYNK_SOURCE_DIR} / "daemon/core"})
        for (const auto& one : fs::recursive_directory_iterator{file}) {
            const bool wanted =
                one.path().extension() == ".cpp" && (file == sandbox || one.path().filename() == "org_number.cpp");
            if (!wanted) continue;
            std::string text = std::regex_replace(text_of(one.path()), std::regex{"\"\\s*\n\\s*\""}, "");
            const std::regex marked{R"re(N_\("((?:[^"\\]|\\.)*)"\))re"};
            for (std::sregex_iterator at{text.begin(), text.end(), marked}, end; at != end; ++at)
                sentences.insert((*at)[1]);
        }
    EXPECT_GT(sentences.size(), 20U);
    const auto translated = keys_of("sentences.json");
    for (const auto& sentence : sentences) EXPECT_TRUE(translated.contains(sentence)) << sentence;
    for (const auto& sentence : translated) EXPECT_TRUE(sentences.contains(sentence)) << sentence << " is said nowhere";
}

TEST(Render, LeavesOutWhatTurnsAPage) {
    kainjow::mustache::data data;
    data.set("title", std::string{"A\u202eB\u2066\U000e0041"});
    EXPECT_NE(render("pages/told.html", data, Language::en).find("<h1>AB</h1>"), std::string::npos);
}

TEST(Render, EscapesInPagesAndKnowsItsParts) {
    kainjow::mustache::data data;
    data.set("title", std::string{"<b>"});
    data.set("sentence", std::string{"Å & Ö"});
    const std::string page = render("pages/told.html", data, Language::en);
    EXPECT_NE(page.find("<h1>&lt;b&gt;</h1>"), std::string::npos);
    EXPECT_NE(page.find("Å &amp; Ö"), std::string::npos);
    EXPECT_EQ(page.find("{{"), std::string::npos);
    EXPECT_NE(page.find("</html>"), std::string::npos);
}

}  // namespace
}  // namespace samsynk::sandbox
