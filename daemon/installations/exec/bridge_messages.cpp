#include "installations/exec/bridge_messages.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "core/json_text.hpp"
#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"
#include "installations/companies.hpp"

namespace samsynk::installations {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_mark = 500;
constexpr std::size_t longest_sample = 60;
constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_number = 40;
constexpr std::size_t longest_said = 300;  // of what a program says of itself or of an error, bytes

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// What is wrong with one company: thrown and caught in this file only.
struct CompanyError {
    Error error;
};

class CompanyReader {
public:
    CompanyReader(const json::object& object, sync::LocalCompany& company) : object_{object}, company_{company} {}

    void read(bool with_preferences) {
        look_for_old_words();
        read_identity();
        read_times();
        if (!with_preferences) return;
        for (const auto preference : sync::all_preferences)
            company_.preferences[preference] = choice(name_of(preference).data());
    }
    // A text; null or left out: nothing.
    std::optional<std::string> text(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || value->is_null()) return std::nullopt;
        if (!value->is_string() || view(value->get_string()).find(no_character) != std::string_view::npos) wrong(key);
        return std::string{view(value->get_string())};
    }

private:
    using Args = std::vector<std::pair<std::string, std::string>>;

    [[noreturn]] void refuse(Errc code, const char* sentence, Args args = {}) const {
        args.insert(args.begin(), {"place", company_.place});
        throw CompanyError{fail(code, sentence, std::move(args))};
    }
    [[noreturn]] void wrong(const char* key) const {
        refuse(Errc::bad_file,
               N_("{place}: the bridge tells “{field}” in another way than agreed, or not at all. This company is "
                  "set aside until the bridge is corrected."),
               {{"field", key}});
    }
    bool flag(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || value->is_null()) return false;
        if (!value->is_bool()) wrong(key);
        return value->get_bool();
    }
    // Must be there: one that is misspelt would be read as a choice that was taken away.
    sync::Choice choice(const char* key) const {
        const json::value* value = object_.if_contains(key);
        if (!value || (!value->is_null() && !value->is_bool())) wrong(key);
        return value->is_null() ? sync::Choice{} : sync::Choice{value->get_bool()};
    }

    // Words of before 0.1. Passed over, they would look as if nothing had been said.
    void look_for_old_words() const {
        constexpr std::array<std::pair<const char*, const char*>, 3> renamed{
            {{"told", "collaboration_revision"}, {"trouble", "error"}, {"chosen_at", "changed_at"}}};
        for (const auto& [old, now] : renamed)
            if (object_.contains(old))
                refuse(
                    Errc::bad_file,
                    N_("{place}: the bridge says “{old}”, which is called “{now}” now. This company is set aside until "
                       "the bridge is corrected."),
                    {{"old", old}, {"now", now}});
    }
    void read_identity() {
        company_.name = plain(on_one_line(shortened(text("name").value_or(""), longest_name)));
        company_.ignored = flag("ignored");
        if (const auto error = text("error"))
            refuse(Errc::unreadable, N_("{place} can't be read: {said}"), {{"said", said_by_bridge(*error)}});
        const std::string number = text("number").value_or("");
        if (number.find_first_not_of(' ') == std::string::npos)
            refuse(Errc::missing_number,
                   N_("{place} ({name}) has no organisation number. Enter it in the accounting program."),
                   {{"name", company_.name}});
        const auto parsed = OrgNumber::parse(shortened(number, longest_number));
        if (parsed.has_error()) throw CompanyError{wrong_number_of(parsed.error(), company_.place, company_.name)};
        company_.company = *parsed;
    }
    void read_times() {
        if (const auto told = text("collaboration_revision")) company_.notice = revision_in(*told);
        const auto changed_at = text("changed_at");
        if (!changed_at) return;
        const auto time = parse_rfc3339(*changed_at);
        if (time.has_error())
            refuse(Errc::bad_file,
                   N_("{place}: “changed_at” is no time as 2026-11-02T08:00:00Z. This company is set aside until the "
                      "bridge is corrected."));
        company_.chosen_at = *time;
    }

    const json::object& object_;
    sync::LocalCompany& company_;
};

// A company as a bridge tells it. What is wrong with it is its own trouble: missing_number, bad_file, unreadable.
// Without a place where it tells none.
sync::LocalCompany read_bridge_company(const json::value& value, bool with_preferences) {
    sync::LocalCompany company{.place = {}, .identity_source = "bridge"};
    if (!value.is_object()) return company;
    CompanyReader reader{value.get_object(), company};
    try {
        const auto place = reader.text("place");
        if (!place || !can_be_place(*place)) return company;
        company.place = *place;
        reader.read(with_preferences);
    } catch (const CompanyError& wrong) {
        if (!company.place.empty()) company.trouble = wrong.error;
        company.preferences = {};
    }
    return company;
}

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
    hello.program = text_in(object.if_contains("program"), "program", longest_line);
    if (!is_program_name(hello.program)) throw Wrong{"program"};
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

json::value choice_value(sync::Choice choice) { return choice ? json::value(*choice) : json::value(nullptr); }

json::value text_value(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(json::string_view{text.data(), text.size()});
}

std::string line_of(const json::object& request) { return json::serialize(request) + "\n"; }

json::object collaboration_value(const sync::Notice& notice) {
    json::object object;
    for (const auto& [name, value] : notice_fields(notice)) {
        const auto* flag = std::get_if<bool>(&value);
        object[json::string_view{name.data(), name.size()}] =
            flag ? json::value(*flag) : text_value(std::get<std::string>(value));
    }
    return object;
}

}  // namespace

Result<BridgeLine> parse_bridge_line(std::string_view text, bool with_preferences) try {
    const auto value = read_json(text);
    if (value.has_error()) return value.error();
    return read_message(value->get_object(), with_preferences);
} catch (const Wrong& wrong) {
    return wrong_shape(wrong.field, text);
} catch (const Renamed& word) {
    return renamed(word);
}

std::string hello_request(std::uint64_t id) {
    return line_of({{"id", id}, {"do", "hello"}, {"protocol", bridge_protocol}, {"agent", "samsynk/" SAMSYNK_VERSION}});
}

std::string list_request(std::uint64_t id) { return line_of({{"id", id}, {"do", "list"}}); }

std::string read_request(std::uint64_t id, const std::string& place) {
    return line_of({{"id", id}, {"do", "read"}, {"place", place}});
}

std::string write_request(std::uint64_t id, const agent::PreferenceWrite& write, bool dry_run) {
    json::object request{{"id", id},
                         {"do", "write"},
                         {"place", write.place},
                         {"number", write.company.digits()},
                         {"preference", text_value(name_of(write.preference))},
                         {"from", choice_value(write.from)},
                         {"to", write.to}};
    if (dry_run) request["dry_run"] = true;
    return line_of(request);
}

std::string collaboration_request(std::uint64_t id, const agent::NoticeWrite& write) {
    return line_of({{"id", id},
                    {"do", "collaboration"},
                    {"place", write.place},
                    {"collaboration_revision", revision_text(sync::fingerprint(write.notice))},
                    {"collaboration", collaboration_value(write.notice)}});
}

std::string mark_request(std::uint64_t id) { return line_of({{"id", id}, {"do", "marker"}}); }

std::string leave_mark_request(std::uint64_t id, const std::string& mark) {
    return line_of({{"id", id}, {"do", "write_marker"}, {"marker", mark}});
}

std::string said_by_bridge(std::string_view text) {
    // Secrets go before it is shortened: half of one would not be known again.
    return plain(shortened(without_secrets(text), longest_said));
}

std::string shown_text(std::string_view text, std::size_t most) {
    std::string shown = plain(shortened(without_secrets(text), most));
    for (auto at = shown.begin(); at != shown.end();) {
        const auto begin = std::find_if(at, shown.end(), is_digit);
        at = std::find_if_not(begin, shown.end(), is_digit);
        if (at - begin >= 6) std::fill(begin, at, '#');
    }
    return shown;
}

}  // namespace samsynk::installations
