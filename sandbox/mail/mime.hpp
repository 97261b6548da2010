// A letter as a message that can be sent: RFC 5322 and MIME.
#pragma once

#include <string>

#include "core/time.hpp"
#include "sandbox/mail/letter.hpp"

namespace samsynk::sandbox {

struct Envelope {
    std::string from;        ///< an e-mail address
    std::string message_id;  ///< without brackets
    Time date;
};

/// multipart/alternative of plain text and HTML, with lines that end as the Internet has it. The same letter in the
/// same envelope is the same text. The addresses must be addresses (is_email).
std::string to_mime(const Letter& letter, const Envelope& envelope);

}  // namespace samsynk::sandbox
