#include "core/secret_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "core/secrets.hpp"

namespace samsynk {
namespace {

namespace fs = std::filesystem;

class SecretFileTest : public testing::Test {
protected:
    ~SecretFileTest() override { fs::remove(file); }
    void write(const std::string& text, fs::perms mode = fs::perms::owner_read | fs::perms::owner_write) {
        std::ofstream{file} << text;
        fs::permissions(file, mode);
    }

    const fs::path file = fs::temp_directory_path() / ("samsynk-secret-" + std::to_string(::getpid()));
};

TEST_F(SecretFileTest, IsReadWithoutTheEndsOfLines) {
    write("hem ligt\n\r\n");
    EXPECT_EQ(read_secret_file(file).value(), "hem ligt");
    write("hem ligt", fs::perms{0640});
    EXPECT_EQ(read_secret_file(file).value(), "hem ligt");
    EXPECT_EQ(without_secrets("it is hem ligt"), "it is [hidden]");
}

TEST_F(SecretFileTest, WhatCanNotBeSeenAroundItIsNotOfIt) {
    for (const char* text :
         {"\xEF\xBB\xBFnyckel-ord", "nyckel-ord \n", "\tnyckel-ord\t", "\xEF\xBB\xBF nyckel-ord\r\n "}) {
        write(text);
        EXPECT_EQ(read_secret_file(file).value(), "nyckel-ord");
    }
}

TEST_F(SecretFileTest, WhatIsNoTextIsToldAsThatAndNotSent) {
    for (const std::string& text :
         {std::string{"\xFF\xFEh\0e\0m\0", 8}, std::string{"hem\0ligt", 8}, std::string{"hem\xE5ligt"}}) {
        write(text);
        EXPECT_NE(to_text(read_secret_file(file).error().message).find("no plain text"), std::string::npos);
    }
}

TEST_F(SecretFileTest, APipeIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(read_secret_file(file).error().code, Errc::unreadable);
}

// What is wrong is not the file.
TEST_F(SecretFileTest, WhatKeptItFromBeingReadIsTold) {
    write("nyckel-ord");
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{0, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto read = read_secret_file(file);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    ASSERT_TRUE(read.has_error());
    EXPECT_NE(to_text(read.error().message).find("Too many open files"), std::string::npos);
}

TEST_F(SecretFileTest, IsNoneWhereEveryoneMayReadOrWriteIt) {
    for (const unsigned mode : {0644U, 0604U, 0602U, 0666U}) {
        write("nyckel-ord", fs::perms{mode});
        const auto read = read_secret_file(file);
        ASSERT_TRUE(read.has_error()) << mode;
        EXPECT_EQ(read.error().code, Errc::bad_settings);
        const std::string told = to_text(read.error().message);
        EXPECT_NE(told.find(file.string()), std::string::npos);
        EXPECT_NE(told.find("chmod o="), std::string::npos);
        EXPECT_EQ(told.find("nyckel-ord"), std::string::npos);
    }
}

TEST_F(SecretFileTest, IsNoneWhereItIsMissingEmptyOrHuge) {
    EXPECT_EQ(read_secret_file("/no/such/file").error().code, Errc::unreadable);
    write("\n");
    EXPECT_EQ(read_secret_file(file).error().code, Errc::unreadable);
    write(std::string(70'000, 'x'));
    EXPECT_EQ(read_secret_file(file).error().code, Errc::unreadable);
}

}  // namespace
}  // namespace samsynk
