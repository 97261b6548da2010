// Letters to a mail server, by SMTP.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "sandbox/mail/delivery.hpp"

namespace samsynk::sandbox {

struct SmtpOptions {
    std::string url;                      ///< smtp://host:port (25) or smtps://host:port (465)
    std::string user;                     ///< with a password file; empty: no sign-in
    std::filesystem::path password_file;  ///< the password, for its owner and group only
    std::filesystem::path ca_file;        ///< whom to trust instead of the system's authorities; then TLS is required
    std::chrono::seconds timeout{60};     ///< of one letter
};

/// Bad_settings or unreadable: what to give instead. Looks at the password file, so that a server doesn't start
/// without.
Result<void> check(const SmtpOptions& options);

/// Where the server offers TLS, it is used, and its certificate must be right. With a user or a `ca_file` it must offer
/// it.
class Smtp : public Delivery {
public:
    explicit Smtp(SmtpOptions options) : options_{std::move(options)} {}

    Delivered deliver(const Parcel& parcel, const std::function<bool()>& give_up) override;
    /// One conversation, and the goodbye after it.
    std::chrono::seconds longest() const override { return 2 * options_.timeout; }

private:
    SmtpOptions options_;
};

}  // namespace samsynk::sandbox
