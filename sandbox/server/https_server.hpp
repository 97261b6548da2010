// HTTPS for the sandbox: connections, sign-in, and the change feed that waits.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "sandbox/mail/way.hpp"
#include "sandbox/signin/tokens.hpp"

namespace samsynk::sandbox {

struct ServeOptions {
    std::filesystem::path data;
    std::string address = "127.0.0.1";
    unsigned short port = 8443;  ///< 0: any free one; which, is written to `port` in the data folder
    std::string url;             ///< what clients reach it by, where something stands between; else its own address
    SignInOptions sign_in;
    MailOptions mail;  ///< its folder, if none is named: `mail` in the data folder
};

/// Serves until SIGTERM or SIGINT. Throws where it can't begin.
int serve(ServeOptions options);

}  // namespace samsynk::sandbox
