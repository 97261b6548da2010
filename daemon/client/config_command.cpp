#include <iostream>

#include "client/commands.hpp"
#include "client/findings.hpp"
#include "client/language.hpp"
#include "client/samsynkd_program.hpp"
#include "client/words.hpp"
#include "core/plain_text.hpp"
#include "settings/settings.hpp"

namespace samsynk::client {
namespace {

boost::json::array as_json(const std::vector<settings::Mistake>& mistakes) {
    boost::json::array all;
    for (const auto& mistake : mistakes)
        all.push_back({{"file", mistake.file.string()},
                       {"line", mistake.line},
                       {"column", mistake.column},
                       {"message", to_text(mistake.message)}});
    return all;
}

int tell_mistakes(const Options& options, const settings::Loaded& loaded, const std::string& file) {
    if (options.json)
        std::cout << boost::json::object{{"ok", loaded.settings.has_value()}, {"mistakes", as_json(loaded.mistakes)}}
                  << "\n";
    for (const auto& mistake : loaded.mistakes)
        if (!options.json) std::cerr << plain(settings::to_text(mistake, translated)) << "\n";
    if (loaded.settings && !options.json) std::cout << say(N_("{file} is right."), {{"file", file}}) << "\n";
    return loaded.settings ? done : usage;
}

}  // namespace

int config_check_command(const Options& options, const std::string& file, bool file_only) {
    use_credentials_of_service(file);
    const auto loaded = settings::load(file);
    if (file_only || !loaded.settings) return tell_mistakes(options, loaded, file);
    const auto looked = look_at_configuration(file);
    if (looked.has_error()) return complain(options, looked.error());
    if (!options.json) return tell_findings(options, *looked);
    boost::json::object answer{{"ok", text_at(*looked, "worst") != "error"}, {"mistakes", as_json({})}};
    answer["findings"] = looked->at("findings");
    std::cout << answer << "\n";
    return text_at(*looked, "worst") == "error" ? some_failed : done;
}

}  // namespace samsynk::client
