// Whether a request comes from where it may come from: a browser also asks on behalf of other pages than ours.
#pragma once

#include <cstdint>
#include <optional>

#include "ui/exchange.hpp"

namespace samsynk::ui {

/// The answer to a request that names another host (as one that another name was made to lead here for), comes from
/// another page, or is none that a browser sends; nothing where it may come in.
std::optional<Answer> turned_away(const Asked& asked, std::uint16_t port);

}  // namespace samsynk::ui
