// Which way letters leave: into a folder, or to a mail server.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "sandbox/mail/smtp.hpp"

namespace samsynk::sandbox {

struct MailOptions {
    std::filesystem::path folder;  ///< where no mail server is given
    SmtpOptions smtp;              ///< with a url: letters go there
    std::string from = "byrastod@sandbox.example";
};

/// Bad_settings or unreadable: what to give instead.
Result<void> check(const MailOptions& options);
std::unique_ptr<Delivery> way_of(const MailOptions& options);

}  // namespace samsynk::sandbox
