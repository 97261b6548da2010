#include "settings/reader.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <cstdlib>
#include <numeric>
#include <set>

#include "core/duration.hpp"
#include "core/host_name.hpp"
#include "core/text.hpp"

namespace samsynk::settings {
namespace {

// How many letters must be changed to make one word of the other.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1] ? 1 : 0)});
            corner = above;
        }
    }
    return row.back();
}

// An escape can put a line end, or a zero that ends a path early, where none can be seen.
bool is_text(const YAML::Node& node) {
    return node.IsScalar() && !node.Scalar().empty() && on_one_line(node.Scalar()) == node.Scalar();
}

bool names_host(const std::string& url) {
    const auto parts = boost::urls::parse_uri(url);
    return parts && is_host(std::string{parts->host_address()});
}

std::string listed(const std::vector<const char*>& words) {
    std::string text;
    for (const char* word : words) text += (text.empty() ? "" : ", ") + std::string{word};
    return text;
}

}  // namespace

std::optional<int> whole_number(const std::string& text, int least, int most) {
    if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    const int value = std::stoi(text);
    return value < least || value > most ? std::nullopt : std::optional{value};
}

void Reader::note(const YAML::Mark& mark, Message message) {
    mistakes_.push_back(
        {file_, mark.is_null() ? 0 : mark.line + 1, mark.is_null() ? 0 : mark.column + 1, std::move(message)});
}

void Reader::wrong(const char* key, Message message) {
    note(has(key) ? node_[key].Mark() : node_.Mark(), std::move(message));
}
void Reader::wrong(const char* key, const char* sentence, std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("key", full(key));
    wrong(key, Message{sentence, std::move(more)});
}
void Reader::wrong_here(Message message) { note(node_.Mark(), std::move(message)); }

bool Reader::only(const std::vector<const char*>& known) {
    if (!node_.IsMap()) {
        wrong_here({N_("{section} must hold lines of the form “key: value”: {known}."),
                    {{"section", section_.empty() ? "The file" : section_}, {"known", listed(known)}}});
        return false;
    }
    std::set<std::string> seen;
    for (const auto& entry : node_) {
        const std::string key = entry.first.IsScalar() ? shortened(on_one_line(entry.first.Scalar()), 80) : "?";
        if (!seen.insert(key).second)
            note(entry.first.Mark(), {N_("“{key}” stands twice. Remove one of them."), {{"key", full(key.c_str())}}});
        if (std::any_of(known.begin(), known.end(), [&](const char* name) { return key == name; })) continue;
        const auto nearest = std::min_element(known.begin(), known.end(), [&](const char* a, const char* b) {
            return distance(key, a) < distance(key, b);
        });
        if (distance(key, *nearest) <= 3)
            note(entry.first.Mark(), {N_("“{key}” is not known. Did you mean “{nearest}”?"),
                                      {{"key", full(key.c_str())}, {"nearest", *nearest}}});
        else
            note(entry.first.Mark(), {N_("“{key}” is not known. Known here: {known}."),
                                      {{"key", full(key.c_str())}, {"known", listed(known)}}});
    }
    return true;
}

std::optional<std::string> Reader::text(const char* key) {
    if (!has(key)) return std::nullopt;
    if (is_text(node_[key])) return node_[key].Scalar();
    wrong(key, N_("“{key}” must be a text on one line."));
    return std::nullopt;
}

bool Reader::required(const char* key) {
    if (!has(key)) wrong(key, N_("“{key}” is missing."));
    return has(key);
}

std::optional<std::string> Reader::required_text(const char* key) { return required(key) ? text(key) : std::nullopt; }

std::optional<std::string> Reader::https_url(const char* key) {
    auto url = required_text(key);
    if (!url) return std::nullopt;
    while (url->ends_with('/')) url->pop_back();
    const std::string rest = url->starts_with("https://") ? url->substr(8) : "";
    if (rest.empty() || rest.starts_with(':') || rest.starts_with('/') ||
        rest.find_first_of(" \t\"<>") != std::string::npos || !names_host(*url)) {
        wrong(key, N_("“{key}” must be an address such as https://localhost:8443. Plain HTTP is never used."));
        return std::nullopt;
    }
    return url;
}

std::optional<std::filesystem::path> Reader::path(const char* key) {
    auto given = text(key);
    if (!given) return std::nullopt;
    constexpr std::string_view credentials = "${CREDENTIALS_DIRECTORY}";
    if (const auto at = given->find(credentials); at != std::string::npos) {
        const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
        if (!directory) {
            wrong(key, N_("“{key}” uses ${CREDENTIALS_DIRECTORY}, which is not set. It is when systemd starts the "
                          "service with LoadCredential=."));
            return std::nullopt;
        }
        given->replace(at, credentials.size(), directory);
    }
    if (!given->starts_with('/')) {
        wrong(key, N_("“{key}” must be a whole path, beginning with “/”."));
        return std::nullopt;
    }
    return std::filesystem::path{*given};
}

std::optional<bool> Reader::flag(const char* key) {
    if (!has(key)) return std::nullopt;
    bool value = false;
    if (node_[key].IsScalar() && YAML::convert<bool>::decode(node_[key], value)) return value;
    wrong(key, N_("“{key}” must be true or false."));
    return std::nullopt;
}

std::optional<std::chrono::seconds> Reader::duration(const char* key, std::chrono::seconds least,
                                                     std::chrono::seconds most) {
    const auto given = text(key);
    if (!given) return std::nullopt;
    const auto time = parse_duration(*given);
    if (!time) {
        wrong(key, N_("“{key}” must be a time such as 30s, 15m or 1h."));
        return std::nullopt;
    }
    if (*time < least || *time > most) {
        wrong(key, N_("“{key}” must be between {least} s and {most} s."),
              {{"least", std::to_string(least.count())}, {"most", std::to_string(most.count())}});
        return std::nullopt;
    }
    return time;
}

std::optional<double> Reader::percentage(const char* key) {
    const auto given = text(key);
    if (!given) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(given->c_str(), &end);
    if (end == given->c_str() || std::string{end} != "%" || !(value >= 0 && value <= 100)) {
        wrong(key, N_("“{key}” must be a share such as 20%."));
        return std::nullopt;
    }
    return value / 100;
}

std::optional<std::string> Reader::one_of(const char* key, std::vector<const char*> names) {
    const auto given = text(key);
    if (!given || std::any_of(names.begin(), names.end(), [&](const char* name) { return *given == name; }))
        return given;
    wrong(key, N_("“{key}” must be one of: {values}."), {{"values", listed(names)}});
    return std::nullopt;
}

std::vector<std::string> Reader::texts(const char* key) {
    std::vector<std::string> all;
    if (!has(key)) return all;
    bool good = node_[key].IsSequence();
    if (good)
        for (const auto& item : node_[key]) {
            good = good && is_text(item);
            if (is_text(item)) all.push_back(item.Scalar());
        }
    if (!good) wrong(key, N_("“{key}” must be a list such as [one, two]."));
    return all;
}

std::map<std::string, std::string> Reader::words(const char* key) {
    std::map<std::string, std::string> all;
    for (const auto& entry : entries(key)) {
        const bool good = is_text(entry.first) && is_text(entry.second);
        if (!good || !all.emplace(entry.first.Scalar(), entry.second.Scalar()).second) not_once(key, entry.first);
    }
    return all;
}

std::vector<std::string> Reader::keys(const char* key) {
    std::vector<std::string> all;
    for (const auto& entry : entries(key)) {
        const bool good = is_text(entry.first) && !entry.second.IsNull();
        if (good && std::find(all.begin(), all.end(), entry.first.Scalar()) == all.end())
            all.push_back(entry.first.Scalar());
        else
            not_once(key, entry.first);
    }
    return all;
}

// Of a mapping; nothing where it is left out, or is none.
YAML::Node Reader::entries(const char* key) {
    if (!has(key)) return {};
    const YAML::Node node = node_[key];
    if (node.IsMap()) return node;
    wrong(key, N_("“{key}” must hold lines of the form “name: text”."));
    return {};
}

void Reader::not_once(const char* key, const YAML::Node& name) {
    note(name.Mark(), {N_("“{key}” must hold lines of the form “name: text”, each name once."), {{"key", full(key)}}});
}

std::vector<Reader> Reader::sections(const char* key) const {
    std::vector<Reader> all;
    if (!has(key) || !node_[key].IsSequence()) return all;
    for (std::size_t i = 0; i < node_[key].size(); ++i)
        all.push_back({node_[key][i], full(key) + "[" + std::to_string(i) + "]", file_, mistakes_});
    return all;
}

bool Reader::is_mapping() {
    if (node_.IsMap()) return true;
    wrong_here({N_("{section} must hold lines of the form “key: value”: {known}."),
                {{"section", section_}, {"known", "id, connector, …"}}});
    return false;
}

}  // namespace samsynk::settings
