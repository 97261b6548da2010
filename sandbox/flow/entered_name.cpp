#include "sandbox/flow/entered_name.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "core/plain_text.hpp"
#include "core/text.hpp"

namespace samsynk::sandbox {
namespace {

constexpr std::size_t longest_name = 200;  // characters

// A blank of any width, or what is there without being seen.
bool is_blank(std::string_view character) {
    utf8proc_int32_t code = 0;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(character.data()),
                     static_cast<utf8proc_ssize_t>(character.size()), &code);
    const auto category = utf8proc_category(code);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CF;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// Of valid UTF-8.
std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.substr(0, character_size(text)))) text.remove_prefix(character_size(text));
    while (!text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && !begins_character(text[last])) --last;
        if (!is_blank(text.substr(last))) break;
        text = text.substr(0, last);
    }
    return text;
}

const char* missing(Named what) {
    switch (what) {
        case Named::customer:
            return N_("Give the customer a name of at most 200 characters.");
        case Named::office:
            return N_("Give the office a name of at most 200 characters.");
        case Named::assignment:
            return N_("Give the assignment a name of at most 200 characters.");
        case Named::assignment_id:
            return N_("Give the assignment an id of at most 200 characters.");
        case Named::person:
            return N_("Give the person a name of at most 200 characters.");
        case Named::e_invoice_operator:
            return N_("Give the operator a name of at most 200 characters.");
        case Named::machine:
            break;
    }
    return N_("Give the machine a name of at most 200 characters.");
}

Error wrong(const char* sentence, std::string_view text) {
    return fail(Errc::bad_request, sentence, {{"name", plain(shortened(text, longest_name))}});
}

}  // namespace

// A form is read with U+FFFD for what is not UTF-8.
Result<std::string> entered_name(Named what, std::string_view text) {
    if (valid_utf8(text) != text || text.find("\uFFFD") != std::string_view::npos)
        return wrong(N_("“{name}” is not written in UTF-8, so its letters can't be told. Write the name anew."), text);
    if (one_line(text) != text)
        return wrong(N_("“{name}” holds a sign that can't be seen, such as a line end or a tab. Write the name on one "
                        "line, without that sign."),
                     text);
    const std::string_view name = trimmed(text);
    if (name.empty() ||
        static_cast<std::size_t>(std::count_if(name.begin(), name.end(), begins_character)) > longest_name)
        return fail(Errc::bad_request, missing(what));
    return std::string{name};
}

}  // namespace samsynk::sandbox
