// Standard output where it is JSON: it goes to scripts, and to people whose terminal it must not steer.
#pragma once

#include <streambuf>
#include <string>

namespace samsynk::client {

/// While it lives, what is written to std::cout is JSON, and what steers a terminal is escaped in it.
class JsonOutput : public std::streambuf {
public:
    JsonOutput();
    ~JsonOutput() override;
    JsonOutput(const JsonOutput&) = delete;
    JsonOutput& operator=(const JsonOutput&) = delete;

protected:
    int_type overflow(int_type letter) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

private:
    bool pass_on(std::size_t size);

    std::streambuf* next_;
    std::string text_;  ///< not passed on yet
};

}  // namespace samsynk::client
