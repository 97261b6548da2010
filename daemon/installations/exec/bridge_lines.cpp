#include "installations/exec/bridge_lines.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "core/json_text.hpp"
#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/exec/bridge_company.hpp"
#include "installations/exec/shown_text.hpp"

namespace samsynk::installations {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_place = 500;
constexpr std::size_t longest_mark = 500;
constexpr std::size_t longest_program = 40;
constexpr std::size_t longest_sample = 60;

// Thrown and caught in this file only.
struct Wrong {
    std::string field;
};
// A word of before 0.1.
struct Renamed {
    std::string old, now;
};

Result<json::value> read_json(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // programs on Windows may begin with it
    json::parse_options options;
    options.max_depth = 16;
    boost::system::error_code code;
    json::value value = json::parse({text.data(), text.size()}, code, {}, options);
    if (code) value = json::parse(readable_json(text), code, {}, options);  // one broken name is one company's trouble
    if (!code && value.is_object()) return value;
    return fail(Errc::bad_reply,
                N_("{path} wrote what is no message: “{said}”. Samsynk ended it, and starts it again at {clock}. Its "
                   "standard output is for messages alone; what people should read belongs on standard error."),
                {{"said", shown_text(text, longest_sample)}}, code.message());
}

Error wrong_shape(const std::string& field, std::string_view text) {
    return fail(Errc::bad_reply,
                N_("{path} sent a message where “{field}” is missing, or of another kind than agreed: “{said}”. "
                   "Samsynk ended it, and starts it again at {clock}. The bridge must be corrected."),
                {{"field", field}, {"said", shown_text(text, longest_sample)}});
}

Error renamed(const Renamed& word) {
    return fail(
        Errc::bad_reply,
        N_("{path} says “{old}”, which is called “{now}” now. Samsynk ended it, and starts it again at {clock}. The "
           "bridge must be corrected."),
        {{"old", word.old}, {"now", word.now}});
}

std::uint64_t count_in(const json::value& value, const char* field) {
    if (value.is_int64() && value.get_int64() >= 0) return static_cast<std::uint64_t>(value.get_int64());
    if (value.is_uint64()) return value.get_uint64();
    throw Wrong{field};
}

std::string text_in(const json::value* value, const char* field, std::size_t most) {
    if (!value || !value->is_string() || value->get_string().size() > most) throw Wrong{field};
    return std::string{view(value->get_string())};
}

bool is_program(std::string_view text) {
    return !text.empty() && text.size() <= longest_program && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

BridgeSkills read_skills(const json::value* value) {
    if (!value || !value->is_array()) throw Wrong{"capabilities"};
    BridgeSkills skills{false, false, false, false, false, false};
    const std::array<std::pair<std::string_view, bool*>, 6> known{{{"read_preferences", &skills.read_preferences},
                                                                   {"write_preferences", &skills.write_preferences},
                                                                   {"collaboration", &skills.collaboration},
                                                                   {"changed", &skills.changed},
                                                                   {"marker", &skills.mark},
                                                                   {"dry_run", &skills.dry_run}}};
    for (const json::value& word : value->get_array()) {
        if (!word.is_string()) throw Wrong{"capabilities"};
        if (view(word.get_string()) == "mark") throw Renamed{"mark", "marker"};
        for (const auto& [name, skill] : known)
            if (view(word.get_string()) == name) *skill = true;
    }
    return skills;
}

HelloReply read_hello(const json::object& object) {
    const json::value& protocol = object.at("protocol");
    if (!protocol.is_int64()) throw Wrong{"protocol"};
    HelloReply hello{.protocol = protocol.get_int64()};
    if (hello.protocol != bridge_protocol) return hello;  // another one may tell the rest in another way
    hello.program = text_in(object.if_contains("program"), "program", longest_program);
    if (!is_program(hello.program)) throw Wrong{"program"};
    if (object.contains("can")) throw Renamed{"can", "capabilities"};
    hello.can = read_skills(object.if_contains("capabilities"));
    // What can't be read would look as if it were never chosen, and be written anew in each run.
    hello.can.write_preferences = hello.can.write_preferences && hello.can.read_preferences;
    return hello;
}

Refusal read_refusal(const json::value& value) {
    if (!value.is_object()) throw Wrong{"error"};
    const json::object& object = value.get_object();
    Refusal refusal{.code = text_in(object.if_contains("code"), "error.code", longest_line), .said = {}};
    if (const json::value* said = object.if_contains("message"); said && !said->is_null())
        refusal.said = said_by_bridge(text_in(said, "error.message", longest_line));
    if (refusal.said.empty()) refusal.said = said_by_bridge(refusal.code);
    if (refusal.said.empty()) throw Wrong{"error.code"};
    return refusal;
}

ChangedLine read_changed(const json::value& value) {
    if (value.is_bool() && value.get_bool()) return {.everything = true};
    if (!value.is_array()) throw Wrong{"changed"};
    ChangedLine changed;
    for (const json::value& place : value.get_array()) {
        changed.places.push_back(text_in(&place, "changed", longest_place));
        if (!can_be_place(changed.places.back())) throw Wrong{"changed"};
    }
    return changed;
}

MarkReply read_mark(const json::value& value) {
    MarkReply reply{value.is_null() ? std::string{} : text_in(&value, "marker", longest_mark)};
    if (reply.mark.find(no_character) != std::string::npos) throw Wrong{"marker"};  // it would never be the same again
    return reply;
}

// By the one key that tells which message it is.
BridgeLine read_message(const json::object& object, bool with_preferences) {
    constexpr std::array kinds{"protocol", "company", "count", "done", "marker", "error", "changed"};
    const auto has = [&](const char* kind) { return object.contains(kind); };
    if (std::count_if(kinds.begin(), kinds.end(), has) != 1) throw Wrong{"done"};
    if (const json::value* changed = object.if_contains("changed")) {
        if (object.contains("id")) throw Wrong{"changed"};
        return {0, read_changed(*changed)};
    }
    const json::value* id = object.if_contains("id");
    if (!id) throw Wrong{"id"};
    BridgeLine line{count_in(*id, "id"), DoneReply{}};
    if (has("protocol")) line.message = read_hello(object);
    if (has("company")) line.message = CompanyReply{read_bridge_company(object.at("company"), with_preferences)};
    if (has("count")) line.message = CountReply{count_in(object.at("count"), "count")};
    if (has("marker")) line.message = read_mark(object.at("marker"));
    if (has("error")) line.message = read_refusal(object.at("error"));
    if (has("done") && object.at("done") != true) throw Wrong{"done"};
    return line;
}

}  // namespace

bool can_be_place(std::string_view text) {
    return !text.empty() && text.size() <= longest_place && plain(text) == text;
}

Result<BridgeLine> parse_bridge_line(std::string_view text, bool with_preferences) try {
    const auto value = read_json(text);
    if (value.has_error()) return value.error();
    return read_message(value->get_object(), with_preferences);
} catch (const Wrong& wrong) {
    return wrong_shape(wrong.field, text);
} catch (const Renamed& word) {
    return renamed(word);
}

}  // namespace samsynk::installations
