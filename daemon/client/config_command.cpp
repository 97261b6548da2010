#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "core/plain_text.hpp"
#include "settings/settings.hpp"

namespace samsynk::client {

int config_check_command(const Options& options, const std::string& file) {
    const auto loaded = settings::load(file);
    if (options.json) {
        boost::json::array mistakes;
        for (const auto& mistake : loaded.mistakes)
            mistakes.push_back({{"file", mistake.file.string()},
                                {"line", mistake.line},
                                {"column", mistake.column},
                                {"message", to_text(mistake.message)}});
        boost::json::object answer;
        answer["ok"] = loaded.settings.has_value();
        answer["mistakes"] = std::move(mistakes);
        std::cout << answer << "\n";
    } else {
        for (const auto& mistake : loaded.mistakes) std::cerr << plain(settings::to_text(mistake, translated)) << "\n";
        if (loaded.settings) std::cout << say(N_("{file} is right."), {{"file", file}}) << "\n";
    }
    return loaded.settings ? done : usage;
}

}  // namespace samsynk::client
