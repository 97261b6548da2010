// What a bridge says (docs/exec-connector.md), a line as a typed message. Pure: no process, no clock. Whatever a line
// holds, it is a message or an Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "sync/model.hpp"

namespace samsynk::installations {

inline constexpr std::size_t longest_line = 1024 * 1024;
inline constexpr std::int64_t bridge_protocol = 1;

/// What a bridge says that it can. Before it was asked: what is most likely.
struct BridgeSkills {
    bool read_preferences = true;
    bool write_preferences = true;
    bool collaboration = true;
    bool changed = true;
    bool mark = false;
    bool dry_run = false;

    bool operator==(const BridgeSkills&) const = default;
};

struct HelloReply {
    std::int64_t protocol = 0;
    std::string program;  ///< a-z, 0-9 and dash
    BridgeSkills can;
};
struct CompanyReply {
    sync::LocalCompany company;  ///< without a place: none could be read, and so it can't be set aside
};
struct CountReply {
    std::uint64_t count = 0;
};
struct DoneReply {};
struct MarkReply {
    std::string mark;  ///< empty: none was left
};
struct Refusal {
    std::string code;  ///< as the bridge wrote it; it may be none that we know
    std::string said;  ///< for people: plain, one line, short; never empty
};
/// Unasked.
struct ChangedLine {
    bool everything = false;
    std::vector<std::string> places;
};

struct BridgeLine {
    std::uint64_t id = 0;  ///< of the request that it answers; nothing to `ChangedLine`
    std::variant<HelloReply, CompanyReply, CountReply, DoneReply, MarkReply, Refusal, ChangedLine> message;
};

/// `with_preferences`: the bridge said that it can read them; else what a company says of them is let be.
/// Error bad_reply: it is no message. Its sentence lacks whose it was: {path} and {clock} (see bridge.cpp).
Result<BridgeLine> parse_bridge_line(std::string_view text, bool with_preferences = true);

/// Whether a text can name a place: not empty, at most 500 bytes, nothing in it that steers a terminal.
bool can_be_place(std::string_view text);

}  // namespace samsynk::installations
