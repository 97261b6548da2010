// A company that someone named, by whatever they know of it, as the daemon is asked for it.
#pragma once

#include <string>

#include "client/http.hpp"

namespace samsynk::client {

struct NamedCompany {
    std::string number;     ///< ten digits; empty where none is known
    std::string place;      ///< `main:Ovnbol2000`; empty where it was named by its number
    std::string label;      ///< for people
    bool by_place = false;  ///< the place was named, or it is not the one that the number stands for

    std::string reference() const;  ///< the number, or the place
    std::string in_path() const;    ///< the same, in an address
};

/// By the number in any form, the place, the path of its folder, the name, or a part of name or place that fits one
/// only. Errors: bad_request, not_found.
Result<NamedCompany> resolve_company(ControlSocket& socket, const std::string& given);
/// The same where only a number will do.
Result<std::string> resolve_number(ControlSocket& socket, const std::string& given);

}  // namespace samsynk::client
