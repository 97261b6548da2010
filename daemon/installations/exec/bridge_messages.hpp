// What a bridge is asked, and what it says (docs/exec-connector.md): lines, and typed messages. Pure: no process, no
// clock. Whatever a line holds, it is a message or an Error.
#pragma once

#include <boost/json/string.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/ports.hpp"

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

// What is asked. Each with its end of line.
std::string hello_request(std::uint64_t id);
std::string list_request(std::uint64_t id);
std::string read_request(std::uint64_t id, const std::string& place);
std::string write_request(std::uint64_t id, const agent::PreferenceWrite& write, bool dry_run = false);
std::string collaboration_request(std::uint64_t id, const agent::NoticeWrite& write);
std::string mark_request(std::uint64_t id);
std::string leave_mark_request(std::uint64_t id, const std::string& mark);

/// Cuts what comes in pieces into lines, and never keeps more than one line may have.
class LineSplitter {
public:
    explicit LineSplitter(std::size_t most) : most_{most} {}

    /// Calls `each` with every whole line, without its end, until it says false. False where it did, or where a line is
    /// longer than allowed; then it must not be fed any more.
    template <class Each>
    bool feed(std::string_view bytes, Each each) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            const bool whole = end != std::string_view::npos;
            const std::string_view piece = bytes.substr(0, end);
            if (kept_.size() + piece.size() > most_) return !(too_long_ = true);
            if (!whole) {
                kept_ += piece;
                return true;
            }
            bytes.remove_prefix(end + 1);
            const bool on = kept_.empty() ? each(piece) : each(std::string_view{kept_ += piece});
            kept_.clear();
            if (!on) return false;
        }
        return true;
    }
    bool too_long() const { return too_long_; }

private:
    std::size_t most_;
    std::string kept_;
    bool too_long_ = false;
};

// What a program wrote, for a log: short, plain, on one line, and without secrets.
/// What it says to people of itself or of an error.
std::string said_by_bridge(std::string_view text);
/// What it wrote and was not meant for people: also without what could be a person's number.
std::string shown_text(std::string_view text, std::size_t most);

}  // namespace samsynk::installations
