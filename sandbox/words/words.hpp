// The sandbox's words in Swedish and English, and its templates (Mustache), which are files in sandbox/assets.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/message.hpp"
#include "sandbox/flow/notice.hpp"

namespace samsynk::sandbox {

/// Of assets/words/*.sv.json or *.en.json, whose keys are the same: `say(Language::sv, "greeting", {{"name", "Eva"}})`
/// fills in `{name}`. The keys of all files are one namespace; those of letters begin with `mail_`. An unknown key is a
/// programming error (std::logic_error).
std::string say(Language language, const std::string& key,
                const std::vector<std::pair<std::string, std::string>>& args = {});

/// A sentence of a rule. Its Swedish stands in assets/words/sentences.json, by the English one.
std::string say(Language language, const Message& message);

/// Renders `assets/NAME` with `data`. In the template `{{w.KEY}}` is a word, `{{>part.html}}` another template of
/// the same folder. `{{x}}` is escaped for HTML in files that end with .html, and is plain in others.
std::string render(const std::string& name, kainjow::mustache::data data, Language language);

/// A file of sandbox/assets as it is. std::logic_error where there is none.
std::string_view asset(const std::string& name);
bool has_asset(const std::string& name);

}  // namespace samsynk::sandbox
