// Base64, as HTTP's Basic and as JWTs write it.
#pragma once

#include <string>
#include <string_view>

namespace samsynk::service {

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);  ///< for URLs, without padding

}  // namespace samsynk::service
