// What the fuzz targets share: a check that ends the program, and a way to take an input apart.
//
// A target is one file in targets/: an LLVMFuzzerTestOneInput that gives any bytes to one parser and checks what must
// hold of what comes out. Clang makes a fuzzer of it (libFuzzer); the ordinary build replays tests/fuzz/corpus/ with
// it.
#pragma once

#include <algorithm>
#include <boost/assert/source_location.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/org_number.hpp"
#include "installations/folder/text_encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace samsynk::fuzz {

/// What must hold whatever the input. Where it does not, the program ends here, so that the input is kept.
inline void check(bool holds, const char* what, boost::source_location where = BOOST_CURRENT_LOCATION) {
    if (holds) return;
    std::fprintf(stderr, "BROKEN: %s (%s:%u)\n", what, where.file_name(), static_cast<unsigned>(where.line()));
    std::abort();
}

/// A refusal is of an expected kind, and what it says can be shown: valid UTF-8, and not as long as the input.
inline void check_error(const Error& error, std::initializer_list<Errc> expected) {
    check(std::find(expected.begin(), expected.end(), error.code) != expected.end(), "an error of another kind");
    const std::string text = to_text(error.message);
    check(!text.empty(), "an error without a sentence");
    check(text.size() < 1024, "an error's sentence is long");
    check(installations::is_utf8(text), "an error's sentence is not UTF-8");
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Takes what stands before the next `end` out of `text`; all of it where there is none.
inline std::string_view take(std::string_view& text, char end = '\n') {
    const std::size_t at = text.find(end);
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return taken;
}

}  // namespace samsynk::fuzz
