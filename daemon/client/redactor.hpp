// What leaves for a helper's eyes passes through here: no secret, no person's number, and names only where asked for.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace samsynk::client {

constexpr const char* hidden = "[hidden]";  ///< stands in place of a secret

class Redactor {
public:
    /// Never to be seen, as it is, in JSON, or in an address. Of less than four letters it would hide more than it
    /// protects.
    void hide(const std::string& secret);
    /// A company's name; each is called `company-N` instead, the same everywhere.
    void rename(const std::string& name);

    /// Any text: secrets, passwords in addresses, names, personal numbers.
    std::string clean(std::string text) const;
    /// The same of JSON: texts that are a name, and sentences made anew of their parts.
    boost::json::value clean(const boost::json::value& value) const;

private:
    std::string clean_value(std::string text) const;

    std::vector<std::string> secrets_;  ///< longest first
    std::map<std::string, std::string> names_;
};

}  // namespace samsynk::client
