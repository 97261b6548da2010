#include "installations/folder/collaboration_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

using Block = std::pair<std::string, std::string>;  // a top-level key, and its lines

constexpr std::string_view heading =
    "# Skrivs av Samsynk: samarbetet i Digitala fakturor & dokument. Ändra inte här.\n"
    "# Written by Samsynk: the collaboration for digital documents. Do not edit.\n";

constexpr std::array<std::string_view, 9> other_types{"true", "false", "yes", "no", "on", "off", "null", "y", "n"};

// Written here and not by yaml-cpp, which replaces the characters that Unicode keeps for no use (U+FFFE): the file
// would never tell what it should, and would be written anew in each run.
std::string double_quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            quoted.append("\\x").append(1, hex[byte >> 4U]).append(1, hex[byte & 15U]);
        else
            quoted.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
    }
    return quoted + '"';
}

std::string scalar(std::string_view text) {
    // Only the words of our own lists stand bare; what comes from outside could be taken for another type.
    const bool plain =
        !text.empty() &&
        std::none_of(other_types.begin(), other_types.end(), [&](std::string_view word) { return word == text; }) &&
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return plain ? std::string{text} : double_quoted(text);
}

void add(std::vector<Block>& blocks, const std::string& key, std::string_view value) {
    if (!value.empty()) blocks.emplace_back(key, key + ": " + scalar(value) + "\n");
}

void add(std::vector<Block>& blocks, const std::string& key,
         std::initializer_list<std::pair<const char*, std::string>> inner) {
    std::string lines;
    for (const auto& [name, value] : inner)
        if (!value.empty()) lines += std::string{"  "} + name + ": " + value + "\n";
    if (!lines.empty()) blocks.emplace_back(key, key + ":\n" + lines);
}

std::string quoted_if_any(std::string_view text) { return text.empty() ? std::string{} : scalar(text); }

// Since when the present state has been in effect, where the service says so.
std::string since(const sync::Collaboration& c) {
    switch (c.state) {
        case sync::CollaborationState::invited:
            return c.invited_at;
        case sync::CollaborationState::active:
        case sync::CollaborationState::ending:
            return c.approved_at;
        case sync::CollaborationState::ended:
            return c.ended_at;
        default:
            return {};
    }
}

std::vector<Block> blocks_of(const sync::Notice& notice) {
    const sync::Collaboration& c = notice.collaboration;
    std::vector<Block> blocks;
    add(blocks, "company", notice.company.digits());
    add(blocks, "name", notice.name);
    add(blocks, "function", notice.function_active ? "active" : "inactive");
    add(blocks, "state", name_of(c.state));
    add(blocks, "awaiting", name_of(c.awaiting));
    add(blocks, "since", since(c));
    add(blocks, "office", {{"company", quoted_if_any(c.office_company)}, {"name", quoted_if_any(c.office_name)}});
    add(blocks, "assignment", {{"id", quoted_if_any(c.assignment_id)}, {"name", quoted_if_any(c.assignment_name)}});
    add(blocks, "invoice_recipient", name_of(c.invoice_recipient));
    add(blocks, "payee", name_of(c.payee));
    add(blocks, "invited_at", c.invited_at);
    add(blocks, "approved_at", c.approved_at);
    add(blocks, "ends_on", c.ends_on);
    add(blocks, "ended_at", c.ended_at);
    add(blocks, "registration",
        {{"receive", std::string{name_of(notice.receiving)}},
         {"operator", quoted_if_any(notice.registration_operator)}});
    add(blocks, "in_effect",
        {{"send_all_invoices", notice.sending_in_effect ? "true" : "false"},
         {"receive_invoices", notice.receiving_in_effect ? "true" : "false"}});
    return blocks;
}

bool is_our_key(std::string_view key) {
    constexpr std::string_view keys[] = {
        "company",           "name",  "function",   "state",       "awaiting", "since",    "office",       "assignment",
        "invoice_recipient", "payee", "invited_at", "approved_at", "ends_on",  "ended_at", "registration", "in_effect"};
    return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

// Divides a file into its top-level keys with what hangs under them; comments and blank lines have an empty key.
std::vector<Block> divide(std::string_view text) {
    std::vector<Block> blocks;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::size_t next = end == std::string_view::npos ? text.size() : end + 1;
        const std::string line{text.substr(at, next - at)};
        at = next;
        const bool inner = line[0] == ' ' || line[0] == '\t' || line[0] == '-';
        if (inner && !blocks.empty()) {
            blocks.back().second += line;
            continue;
        }
        const std::size_t colon = line[0] == '#' ? std::string::npos : line.find(':');
        blocks.emplace_back(colon == std::string::npos ? std::string{} : line.substr(0, colon), line);
    }
    return blocks;
}

std::string merged(std::vector<Block> news, std::string_view old) {
    std::string text;
    for (const Block& known : divide(old)) {
        if (!is_our_key(known.first)) {
            text += known.second;
            if (!text.empty() && text.back() != '\n') text += '\n';
            continue;
        }
        const auto found =
            std::find_if(news.begin(), news.end(), [&](const Block& block) { return block.first == known.first; });
        if (found == news.end()) continue;
        text += found->second;
        news.erase(found);
    }
    for (const auto& [key, lines] : news) text += lines;
    return text;
}

// What the file says, by key; an inner one as `office.name`.
using Values = std::map<std::string, std::string, std::less<>>;

Values values_of(const YAML::Node& root) {
    Values values;
    if (!root.IsMap()) return values;
    for (const auto& block : root) {
        if (!block.first.IsScalar()) continue;
        const std::string key = block.first.Scalar();
        if (block.second.IsScalar()) values.emplace(key, block.second.Scalar());
        if (!block.second.IsMap()) continue;
        for (const auto& inner : block.second)
            if (inner.first.IsScalar() && inner.second.IsScalar())
                values.emplace(key + "." + inner.first.Scalar(), inner.second.Scalar());
    }
    return values;
}

// A value as `scalar` writes it; nothing where it is written otherwise.
std::optional<std::string> bare_of(std::string_view written) {
    if (written.empty()) return std::nullopt;
    if (written.front() != '"') {
        const bool word = written.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
        return word ? std::optional{std::string{written}} : std::nullopt;
    }
    if (written.size() < 2 || written.back() != '"') return std::nullopt;
    written = written.substr(1, written.size() - 2);
    if (written.find_first_of("\\\"") != std::string_view::npos) return std::nullopt;  // rare enough
    return std::string{written};
}

// The same of a file that is just as we write it, quickly: there is one in each company's folder, and all are read at
// each start. Nothing where anything in it is otherwise; then YAML must tell.
std::optional<Values> our_own(std::string_view text) {
    Values values;
    std::string block;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) return std::nullopt;
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (line.starts_with('#')) continue;
        const bool inner = line.starts_with("  ");
        if (inner) line.remove_prefix(2);
        const std::size_t colon = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
        if (colon == 0 || colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
        const std::string key{line.substr(0, colon)};
        if (!inner) {
            if (!is_our_key(key)) return std::nullopt;
            block = key + ".";
            if (line.size() == colon + 1) continue;
        } else if (block.empty()) {
            return std::nullopt;
        }
        if (line.size() < colon + 3 || line[colon + 1] != ' ') return std::nullopt;
        auto value = bare_of(line.substr(colon + 2));
        if (!value || !values.emplace(inner ? block + key : key, std::move(*value)).second) return std::nullopt;
        if (!inner) block.clear();
    }
    return values;
}

std::optional<sync::Notice> notice_from(const Values& values) {
    const auto at = [&](std::string_view key) {
        const auto found = values.find(key);
        return found == values.end() ? std::string{} : found->second;
    };
    const auto has = [&](std::string_view block) {
        const auto found = values.lower_bound(block);
        return found != values.end() && found->first.starts_with(block);
    };
    const auto company = OrgNumber::parse(at("company"));
    const auto state = sync::collaboration_state(at("state"));
    if (company.has_error() || !state || !has("registration.") || !has("in_effect.")) return std::nullopt;
    sync::Notice notice{.company = *company};
    notice.name = at("name");
    notice.function_active = at("function") == "active";
    sync::Collaboration& c = notice.collaboration;
    c.state = *state;
    c.awaiting = sync::awaiting(at("awaiting")).value_or(sync::Awaiting::nothing);
    c.office_company = at("office.company");
    c.office_name = at("office.name");
    c.assignment_id = at("assignment.id");
    c.assignment_name = at("assignment.name");
    c.invoice_recipient = sync::party(at("invoice_recipient")).value_or(sync::Party::not_stated);
    c.payee = sync::party(at("payee")).value_or(sync::Party::not_stated);
    c.invited_at = at("invited_at");
    c.approved_at = at("approved_at");
    c.ends_on = at("ends_on");
    c.ended_at = at("ended_at");
    notice.receiving = sync::receiving(at("registration.receive")).value_or(sync::Receiving::none);
    notice.registration_operator = at("registration.operator");
    notice.sending_in_effect = at("in_effect.send_all_invoices") == "true";
    notice.receiving_in_effect = at("in_effect.receive_invoices") == "true";
    return notice;
}

}  // namespace

std::string render_notice(const sync::Notice& notice, std::string_view old) {
    const auto blocks = blocks_of(notice);
    if (!old.empty()) {
        std::string kept = merged(blocks, old);
        const auto told = parse_notice(kept);
        if (told && fingerprint(*told) == fingerprint(notice)) return kept;
    }
    std::string text{heading};
    for (const auto& [key, lines] : blocks) text += lines;
    return text;
}

std::optional<sync::Notice> parse_notice(std::string_view text) {
    if (!unfit_for_yaml(text, {}))
        if (const auto values = our_own(text)) return notice_from(*values);
    const auto values = reading_yaml<Values>(text, {}, values_of);
    return values.has_value() ? notice_from(*values) : std::nullopt;
}

}  // namespace samsynk::installations
