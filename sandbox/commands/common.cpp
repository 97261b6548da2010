#include "sandbox/commands/common.hpp"

#include <iostream>

#include "core/plain_text.hpp"
#include "sandbox/web/private_folder.hpp"

namespace samsynk::sandbox {

[[noreturn]] void complain(const std::string& text) {
    std::cerr << "samsynk-sandbox: " << plain(text) << std::endl;
    throw CLI::RuntimeError(1);
}

OrgNumber number_of(const std::string& text) {
    const auto number = OrgNumber::parse(text);
    if (number.has_error()) complain(text + ": " + to_text(number.error().message));
    return *number;
}

OfficeStore open(const Data& data) {
    make_private_folder(*data);
    return OfficeStore{*data / "sandbox.db"};
}

void change(const Data& data, const std::string& text,
            const std::function<Result<void>(Customer&, OfficeStore&)>& rule) {
    OfficeStore store = open(data);
    const OrgNumber number = number_of(text);
    store.transaction([&] {
        auto stored = store.find(number);
        if (!stored) complain(number.text() + " is not a customer. Add it with: company add");
        if (const auto done = rule(stored->customer, store); done.has_error()) complain(to_text(done.error().message));
        store.save(stored->customer);
    });
}

void choose(std::optional<bool>& choice, const std::string& word) {
    if (word == "yes") choice = true;
    if (word == "no") choice = false;
    if (word == "none") choice.reset();
}

}  // namespace samsynk::sandbox
