// The secrets that this process holds now, so that nothing that is logged or told has one in it, whoever put it into a
// sentence.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/message.hpp"

namespace samsynk {

/// While one of its copies lives, without_secrets hides this text. Of several lines each is hidden by itself, as of a
/// private key. A line of less than six letters would hide more than it protects.
class PresentSecret {
public:
    PresentSecret() = default;
    explicit PresentSecret(std::string_view secret);

private:
    std::shared_ptr<const void> held_;
};

/// Keeps it hidden until another is remembered under the same name: what is read of a file may come back at any time.
void remember_secret(const std::string& name, std::string_view secret);

/// `[hidden]` in place of each present secret. From any thread.
std::string without_secrets(std::string_view text);

/// The same in all that is filled into a message. What is logged, and what is told to those who ask, passes here.
Message without_secrets(Message message);

}  // namespace samsynk
