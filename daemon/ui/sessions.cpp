#include "ui/sessions.hpp"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace samsynk::ui {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// OpenSSL's, but loaded here: named to the linker, it would be loaded at each start of `samsynk`, whatever it is to do.
decltype(&CRYPTO_memcmp) comparison() {
    static const auto found = [] {
        void* library = ::dlopen(("libcrypto.so." + std::to_string(OPENSSL_SHLIB_VERSION)).c_str(), RTLD_NOW);
        return reinterpret_cast<decltype(&CRYPTO_memcmp)>(library ? ::dlsym(library, "CRYPTO_memcmp") : nullptr);
    }();
    if (!found) throw std::runtime_error{"OpenSSL (libcrypto) could not be loaded"};
    return found;
}

}  // namespace

// Six bits a letter; what is missing to a whole last letter is zero.
std::string random_key() {
    std::array<unsigned char, key_bytes> bytes{};
    if (::getentropy(bytes.data(), bytes.size()) != 0) throw std::runtime_error{"the system has no random numbers"};
    std::string text;
    unsigned bits = 0, count = 0;
    for (const unsigned char byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 6; count -= 6) text += letters[bits >> (count - 6) & 63U];
    }
    if (count > 0) text += letters[bits << (6 - count) & 63U];
    return text;
}

bool same_secret(std::string_view one, std::string_view other) {
    return one.size() == other.size() && comparison()(one.data(), other.data(), one.size()) == 0;
}

Sessions::Sessions() { comparison(); }

std::string Sessions::new_key() { return key_ = random_key(); }

std::optional<std::string> Sessions::open(std::string_view key, Moment now) {
    if (key_.empty() || !same_secret(key_, key)) return std::nullopt;
    key_.clear();
    end_unused(now);
    if (sessions_.size() == most)
        sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                         [](const auto& one, const auto& other) { return one.used < other.used; }));
    sessions_.push_back({random_key(), now, 0});
    return sessions_.back().token;
}

bool Sessions::enter(std::string_view token, Moment now) {
    end_unused(now);
    Session* session = find(token);
    if (!session) return false;
    session->used = now;
    ++session->inside;
    return true;
}

void Sessions::leave(std::string_view token, Moment now) {
    Session* session = find(token);
    if (!session || session->inside == 0) return;
    session->used = now;
    --session->inside;
}

// All are looked at, so that the time tells nothing of which.
Sessions::Session* Sessions::find(std::string_view token) {
    Session* found = nullptr;
    for (Session& session : sessions_)
        if (same_secret(session.token, token)) found = &session;
    return found;
}

void Sessions::end_unused(Moment now) {
    std::erase_if(sessions_, [&](const Session& one) { return one.inside == 0 && now - one.used >= unused; });
}

}  // namespace samsynk::ui
