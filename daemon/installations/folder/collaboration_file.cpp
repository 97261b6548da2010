#include "installations/folder/collaboration_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "installations/companies.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

using Block = std::pair<std::string, std::string>;  // a top-level key, and its lines

constexpr std::string_view heading =
    "# Skrivs av Samsynk: samarbetet i Digitala fakturor & dokument. Ändra inte här.\n"
    "# Written by Samsynk: the collaboration for digital documents. Do not edit.\n";

constexpr std::string_view revision_key = "revision";
constexpr std::size_t revision_digits = 16;

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
    constexpr std::string_view keys[] = {"company",      "name",       "function",    "state",     "awaiting",
                                         "since",        "office",     "assignment",  "in_effect", "invoice_recipient",
                                         "payee",        "invited_at", "approved_at", "ends_on",   "ended_at",
                                         "registration", revision_key};
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

// FNV-1a, which is the same on every machine. It is against accidents: who may write here may choose for the company.
std::uint64_t checksum(std::string_view text) {
    std::uint64_t sum = 0xcbf29ce484222325U;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return sum;
}

// What is told, and a checksum of the lines above: so that the file is known again without reading it as YAML, and one
// that was edited, or written to the disk in part, is known for that.
std::string revision_line(std::string_view above, std::uint64_t told) {
    return std::string{revision_key} + ": \"" + revision_text(told) + "-" + revision_text(checksum(above)) + "\"\n";
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

// What our keys say, by key; an inner one as `office.name`. Nothing where that is no YAML.
using Values = std::map<std::string, std::string>;

Values values_of(const YAML::Node& root) {
    Values values;
    if (!root.IsMap()) return values;
    for (const auto& block : root) {
        if (!block.first.IsScalar() || !is_our_key(block.first.Scalar())) continue;
        const std::string key = block.first.Scalar();
        if (block.second.IsScalar()) values.emplace(key, block.second.Scalar());
        if (!block.second.IsMap()) continue;
        for (const auto& inner : block.second)
            if (inner.first.IsScalar() && inner.second.IsScalar())
                values.emplace(key + "." + inner.first.Scalar(), inner.second.Scalar());
    }
    return values;
}

Values told_by(std::string_view text) {
    auto values = reading_yaml<Values>(text, {}, values_of);
    if (values.has_error()) return {};
    values->erase(std::string{revision_key});
    return std::move(*values);
}

}  // namespace

std::string render_notice(const sync::Notice& notice, std::string_view old) {
    const auto blocks = blocks_of(notice);
    const std::uint64_t told = fingerprint(notice);
    std::string fresh{heading};
    for (const auto& [key, lines] : blocks) fresh += lines;
    fresh += revision_line(fresh, told);
    if (old.empty()) return fresh;
    std::string kept = merged(blocks, old);
    kept += revision_line(kept, told);
    if (kept == fresh) return fresh;
    const Values wanted = told_by(fresh);
    return !wanted.empty() && told_by(kept) == wanted ? kept : fresh;
}

std::uint64_t notice_revision(std::string_view text) {
    const std::string begin = "\n" + std::string{revision_key} + ": \"";
    const std::size_t at = text.rfind(begin);
    if (at == std::string_view::npos) return 0;
    const std::string_view above = text.substr(0, at + 1);
    const std::uint64_t told = revision_in(text.substr(at + begin.size(), revision_digits));
    return text.substr(above.size()) == revision_line(above, told) ? told : 0;
}

}  // namespace samsynk::installations
