#include "sandbox/words/words.hpp"

#include <boost/json.hpp>
#include <map>
#include <stdexcept>

#include "core/embedded_file.hpp"
#include "core/message.hpp"
#include "core/plain_text.hpp"

namespace samsynk::sandbox {

std::span<const EmbeddedFile> assets();  // made of sandbox/assets

namespace {

namespace mustache = kainjow::mustache;
using Words = std::map<std::string, std::string>;

const EmbeddedFile* find_asset(std::string_view name) {
    for (const EmbeddedFile& file : assets())
        if (file.name == name) return &file;
    return nullptr;
}

// Of all files of words whose names end so; what two of them say would be said by chance.
Words read_words(const std::string& ending) {
    Words words;
    for (const EmbeddedFile& file : assets()) {
        if (!file.name.starts_with("words/") || !file.name.ends_with(ending)) continue;
        const auto parsed = boost::json::parse(boost::json::string_view{file.bytes.data(), file.bytes.size()});
        for (const auto& [key, sentence] : parsed.as_object())
            if (!words.emplace(key, std::string{sentence.as_string()}).second)
                throw std::logic_error("the sandbox has two words for " + std::string{key});
    }
    return words;
}

const Words& words_of(Language language) {
    static const Words swedish = read_words(".sv.json"), english = read_words(".en.json");
    return language == Language::sv ? swedish : english;
}

// Names come from outside: they must not turn what stands beside them.
std::string html_escape(const std::string& text) { return mustache::html_escape(without_steering(text)); }
std::string plain_escape(const std::string& text) { return text; }

}  // namespace

std::string_view asset(const std::string& name) {
    if (const EmbeddedFile* file = find_asset(name)) return file->bytes;
    throw std::logic_error("the sandbox has no file " + name);
}

bool has_asset(const std::string& name) { return find_asset(name) != nullptr; }

std::string say(Language language, const std::string& key,
                const std::vector<std::pair<std::string, std::string>>& args) {
    const auto& words = words_of(language);
    const auto found = words.find(key);
    if (found == words.end()) throw std::logic_error("the sandbox has no word for " + key);
    return to_text(Message{found->second, args});
}

std::string say(Language language, const Message& message) {
    if (language == Language::en) return to_text(message);
    static const Words sentences = read_words("sentences.json");
    return to_text(message, [](const std::string& id) {
        const auto found = sentences.find(id);
        return found == sentences.end() ? id : found->second;
    });
}

std::string render(const std::string& name, mustache::data data, Language language) {
    mustache::data words;
    for (const auto& [key, sentence] : words_of(language)) words.set(key, sentence);
    data.set("w", words);
    data.set("lang", std::string{name_of(language)});
    const std::string folder = name.substr(0, name.rfind('/') + 1), ending = name.substr(name.rfind('.'));
    for (const EmbeddedFile& file : assets()) {
        if (!file.name.starts_with(folder) || !file.name.ends_with(ending)) continue;
        const std::string text{file.bytes};
        data.set(std::string{file.name.substr(folder.size())}, mustache::partial{[text] { return text; }});
    }
    mustache::mustache page{std::string{asset(name)}};
    if (!page.is_valid()) throw std::logic_error(name + ": " + page.error_message());
    page.set_custom_escape(ending == ".html" ? html_escape : plain_escape);
    return page.render(data);
}

}  // namespace samsynk::sandbox
