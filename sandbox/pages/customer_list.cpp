#include "sandbox/pages/customer_list.hpp"

#include <algorithm>

#include "core/company_name.hpp"

namespace samsynk::sandbox {
namespace {

// The digits of what looks like a number, or a part of one; else nothing.
std::string digits_of(const std::string& search) {
    if (search.find_first_not_of("0123456789- ") != std::string::npos) return {};
    std::string digits;
    for (const char c : search)
        if (c >= '0' && c <= '9') digits += c;
    return digits;
}

}  // namespace

std::string sort_key(const std::string& name) {
    std::string key;
    const std::string text = composed(name);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view two = std::string_view{text}.substr(i, 2);
        if (two == "å" || two == "Å")
            key += '{', ++i;
        else if (two == "ä" || two == "Ä")
            key += '|', ++i;
        else if (two == "ö" || two == "Ö")
            key += '}', ++i;
        else
            key += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    }
    return key;
}

std::vector<const CustomerList::Line*> CustomerList::find(OfficeStore& store, const std::string& office,
                                                          const std::string& search) {
    Kept& kept = offices_[office];
    const std::int64_t change = store.last_change();
    if (kept.change != change) {
        kept.lines.clear();
        for (CustomerLine& line : store.customers_of(office))
            kept.lines.push_back({sort_key(line.name), std::move(line)});
        std::sort(kept.lines.begin(), kept.lines.end(),
                  [](const Line& one, const Line& other) { return one.key < other.key; });
        kept.change = change;
    }
    const std::string key = sort_key(search), digits = digits_of(search);
    std::vector<const Line*> found;
    for (const Line& line : kept.lines)
        if (line.key.find(key) != std::string::npos ||
            (!digits.empty() && line.customer.company.digits().find(digits) != std::string::npos))
            found.push_back(&line);
    return found;
}

}  // namespace samsynk::sandbox
