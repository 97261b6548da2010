// A person's sign-in on disk: after a crash at any moment either the refresh token of before or the new one is there,
// and whole (docs/decisions/0003).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/time.hpp"

namespace samsynk::service {

/// What is kept of a sign-in.
struct Kept {
    std::string issuer;
    std::string client_id;
    std::string refresh_token;       ///< the newest; empty: someone has signed out
    std::string previous;            ///< the one before it, until the newest has been used with success
    std::optional<Time> expires_at;  ///< of the sign-in, where it was told
    std::string seed;                ///< the fingerprint of the refresh_token_file it began with; empty: of none
    std::uint64_t generation = 0;    ///< rises with each save

    bool operator==(const Kept&) const = default;
};

class TokenFile {
public:
    /// Called before each step of a save that changes the disk; a test ends the save there by throwing.
    using Step = std::function<void(const char* step)>;

    explicit TokenFile(std::filesystem::path folder, Step step = {});

    /// Nothing where nobody has signed in. Finishes a save that was cut off after the new file was whole.
    /// Error sign_in_failed: the file can't be read or makes no sense.
    Result<std::optional<Kept>> load();
    /// On disk (flushed, under its name, the folder flushed) on return, and readable by nobody else. The folder is made
    /// where it is missing. Error state_failed: then the disk has one of the two, and a later save is whole again.
    Result<void> save(const Kept& kept);

    const std::filesystem::path& path() const { return file_; }

private:
    Result<void> make_folder() const;
    Result<void> write_new(const std::string& text) const;
    Result<void> put_in_place() const;
    void before(const char* step) const {
        if (step_) step_(step);
    }
    Error failed(int number) const;

    std::filesystem::path folder_, file_, new_file_;
    Step step_;
};

/// What names a token without telling it: SHA-256 in hex.
std::string fingerprint(const std::string& token);

}  // namespace samsynk::service
