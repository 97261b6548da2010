// A small bridge in Python, written by a test into a folder of its own, and a connector to it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "installations/exec/exec_installation.hpp"

namespace samsynk::installations {

using namespace std::chrono_literals;

// What every bridge begins with: requests come in, companies go out.
inline constexpr const char* bridge_prelude = R"(#!/usr/bin/python3
import json, os, signal, sys, threading, time
ALL = ["read_preferences", "write_preferences", "collaboration", "changed", "marker", "dry_run"]
HERE = os.path.dirname(__file__)
def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
def company(place, number="556016-0680", send=None, receive=None, **more):
    return {"place": place, "number": number, "name": "Bolag " + place, "send_all_invoices": send,
            "receive_invoices": receive, "collaboration_revision": None, **more}
def note(name, text=""):
    with open(HERE + "/" + name, "a") as file:
        file.write(str(text) + "\n")
def ask():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    request = json.loads(line)
    note("asked", line.strip())
    return request
def hello(can=ALL, **more):
    say(id=ask()["id"], **{"protocol": 1, "program": "test-books", "capabilities": can, **more})
def lists(request, *places, **more):
    for place in places:
        say(id=request["id"], company=company(place, **more))
    say(id=request["id"], count=len(places))
note("started", os.getpid())
)";

class ExecRig : public testing::Test {
protected:
    void SetUp() override {
        std::string name = std::filesystem::temp_directory_path() / "samsynk-exec-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    void TearDown() override {
        side_.reset();
        context_.restart();
        context_.run_for(5s);  // until it is reaped: nothing is left running
        for (const std::string& pid : lines_of("started")) EXPECT_FALSE(runs(pid)) << "a bridge was left running";
        std::filesystem::remove_all(folder_);
    }

    void bridge(const std::string& body, ExecOptions options = {}) {
        const auto file = folder_ / "bridge.py";
        std::ofstream{file} << bridge_prelude << body;
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        if (options.command.empty()) options.command = {file};
        side_ = make_exec_installation("main", std::move(options), context_.get_executor());
    }
    static ExecOptions quick(std::chrono::milliseconds reply_timeout) {
        return {.command = {}, .environment = {}, .reply_timeout = reply_timeout};
    }
    std::vector<std::string> lines_of(const std::string& file) const {
        std::ifstream in{folder_ / file};
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    }
    static bool runs(const std::string& pid) { return ::kill(std::stoi(pid), 0) == 0; }

    template <class T>
    T run(boost::asio::awaitable<T> work) {
        std::optional<T> result;
        boost::asio::co_spawn(context_, std::move(work), [&](std::exception_ptr problem, T value) {
            if (problem) std::rethrow_exception(problem);
            result.emplace(std::move(value));
        });
        context_.restart();
        while (!result) context_.run_one();
        return std::move(*result);
    }
    // Runs what goes on in the background until it is so, a few seconds at most.
    template <class Holds>
    bool soon(Holds holds, std::chrono::milliseconds most = 5s) {
        const auto until = std::chrono::steady_clock::now() + most;
        while (!holds() && std::chrono::steady_clock::now() < until) {
            context_.restart();
            context_.run_for(5ms);
        }
        return holds();
    }
    void pass(std::chrono::milliseconds time) {
        (void)soon([] { return false; }, time);
    }

    Result<std::vector<sync::LocalCompanyPtr>> scan() { return run(side_->scan(false)); }
    std::vector<Result<void>> write(std::vector<agent::PreferenceWrite> writes) {
        return run(side_->write_preferences(std::move(writes)));
    }
    static agent::PreferenceWrite choice(const std::string& place, bool to = true) {
        return {place, OrgNumber::parse("5560160680").value(), sync::Preference::send_all_invoices, std::nullopt, to};
    }
    static std::string words(const Error& error) { return to_text(error.message); }

    boost::asio::io_context context_;
    std::filesystem::path folder_;
    std::unique_ptr<agent::LocalSide> side_;
};

}  // namespace samsynk::installations
