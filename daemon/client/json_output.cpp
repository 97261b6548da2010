#include "client/json_output.hpp"

#include <iostream>

#include "core/plain_text.hpp"

namespace samsynk::client {
namespace {

constexpr std::size_t much = 64 * 1024;

// Up to the beginning of the last character, which may not be whole yet.
std::size_t whole_characters(const std::string& text) {
    std::size_t end = text.size();
    while (end > 0 && (static_cast<unsigned char>(text[end - 1]) & 0xC0U) == 0x80U) --end;
    return end > 0 && (static_cast<unsigned char>(text[end - 1]) & 0x80U) != 0 ? end - 1 : text.size();
}

}  // namespace

JsonOutput::JsonOutput() : next_{std::cout.rdbuf(this)} {}

JsonOutput::~JsonOutput() {
    const bool written = pass_on(text_.size());
    const auto state = std::cout.rdstate();  // which another buffer would clear
    std::cout.rdbuf(next_);
    std::cout.clear(written ? state : state | std::ios::badbit);
}

bool JsonOutput::pass_on(std::size_t size) {
    const std::string safe = safe_in_json(std::string_view{text_}.substr(0, size));
    text_.erase(0, size);
    return next_->sputn(safe.data(), static_cast<std::streamsize>(safe.size())) ==
           static_cast<std::streamsize>(safe.size());
}

JsonOutput::int_type JsonOutput::overflow(int_type letter) {
    if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
    const char one = traits_type::to_char_type(letter);
    return xsputn(&one, 1) == 1 ? letter : traits_type::eof();
}

std::streamsize JsonOutput::xsputn(const char* text, std::streamsize size) {
    text_.append(text, static_cast<std::size_t>(size));
    return text_.size() < much || pass_on(whole_characters(text_)) ? size : 0;
}

int JsonOutput::sync() { return pass_on(whole_characters(text_)) && next_->pubsync() == 0 ? 0 : -1; }

}  // namespace samsynk::client
