// A file that was taken into the program when it was built (packaging/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace samsynk {

struct EmbeddedFile {
    std::string_view name;  ///< from its folder on, as `pages/customer.html`
    std::string_view bytes;
};

}  // namespace samsynk
