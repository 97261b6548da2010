// One conversation with a mail server, through libcurl: what was said last, and what the server answered.
#pragma once

#include <functional>
#include <string>

#include "sandbox/mail/smtp.hpp"

namespace samsynk::sandbox {

struct SmtpEnd {
    int code = 0;       ///< libcurl's (CURLcode); 0: the server took the letter
    std::string words;  ///< libcurl's, of what went wrong
    long status = 0;    ///< the server's last answer: 250
    std::string reply;  ///< all of it; the one to the goodbye does not count
    std::string verb;   ///< the command that it answered: `RCPT`; empty before the first one
};

/// Takes the options' timeout, and a moment for the goodbye, at the most.
SmtpEnd talk(const SmtpOptions& options, const std::string& password, const Parcel& parcel,
             const std::function<bool()>& give_up);

}  // namespace samsynk::sandbox
