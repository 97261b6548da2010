// The installations: how they are, whether they can be used, what must be prepared there, and what a path holds.
#include <filesystem>
#include <iostream>

#include "client/commands.hpp"
#include "client/language.hpp"
#include "client/table.hpp"
#include "client/words.hpp"
#include "installations/proposals.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

// An id is part of the address that is asked; what can't be one names nothing.
std::optional<Error> not_an_id(const std::string& id) {
    if (!id.empty() && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos)
        return std::nullopt;
    return fail(Errc::not_found, N_("No installation is called {id}. See: samsynk installations"), {{"id", id}});
}

std::string count_at(const json::value& object, const char* key) {
    return std::to_string(object.at(key).to_number<std::size_t>());
}

std::string installation_state(const json::value& one) {
    if (one.at("reason").is_object()) return translated(N_("can't be used"));
    if (one.at("companies").to_number<std::size_t>() == 0) return translated(N_("not looked at yet"));
    return translated(N_("in order"));
}

// What it can do, in few words.
std::string abilities(const json::value& can) {
    const auto is = [&](const char* what) { return can.at(what).as_bool(); };
    std::string words;
    const auto add = [&](bool good, const char* word) {
        if (good) words += (words.empty() ? "" : ", ") + translated(word);
    };
    add(is("read_preferences"), N_("reads choices"));
    add(is("write_preferences"), N_("writes choices"));
    add(is("write_collaboration"), N_("is told of collaborations"));
    return words;
}

std::string watching_word(const std::string& watching) {
    if (watching == "events") return translated(N_("told at once"));
    if (watching == "looking") return translated(N_("looked for every few seconds"));
    return translated(N_("by the runs"));
}

void print_installations(const json::array& all) {
    std::vector<std::vector<std::string>> rows{{translated(N_("INSTALLATION")), translated(N_("STATE")),
                                                translated(N_("COMPANIES")), translated(N_("PROBLEMS")),
                                                translated(N_("CHANGES THERE")), translated(N_("WHERE"))}};
    for (const auto& one : all)
        rows.push_back({text_at(one, "id"), installation_state(one), count_at(one, "companies"),
                        count_at(one, "problems"), watching_word(text_at(one, "watching")), text_at(one, "location")});
    std::cout << table(rows);
    for (const auto& one : all) {
        const std::string kind = text_at(one, "connector") == text_at(one, "program")
                                     ? text_at(one, "connector")
                                     : text_at(one, "connector") + ", " + text_at(one, "program");
        std::cout << text_at(one, "id") << " (" << kind << "): " << abilities(one.at("can")) << "\n";
        if (one.at("reason").is_object()) std::cout << "  " << say_reason(one.at("reason")) << "\n";
    }
}

// Quoted as YAML, in which a path may hold anything.
std::string yaml_text(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string{"''"} : std::string{c};
    return quoted + "'";
}

std::string as_yaml(const installations::Proposal& proposal, std::size_t number) {
    const std::string id = number == 0 ? "main" : "more-" + std::to_string(number);
    std::string text = "  - id: " + id + "\n    connector: " + proposal.connector + "\n";
    if (proposal.connector == "folder") return text + "    path: " + yaml_text(proposal.path.string()) + "\n";
    return text + "    mapping: " + proposal.mapping +
           "\n    database:\n      type: sqlite\n      path: " + yaml_text(proposal.path.string()) + "\n";
}

std::string remark_of(const installations::Proposal& proposal) {
    if (proposal.connector == "folder")
        return say(N_("A folder with {count} company folders."), {{"count", std::to_string(proposal.companies)}});
    return say(proposal.remark);
}

// The company's place there. As it was named, where it is not among the companies that are known: it may be new.
std::string place_in(ControlSocket& socket, const std::string& id, const std::string& company) {
    const std::string begin = id + ":";
    const auto named = resolve_company(socket, company);
    const auto all = socket.get("/v1/companies");
    if (named.has_value() && named->place.starts_with(begin)) return named->place.substr(begin.size());
    if (named.has_value() && all.has_value())
        for (const auto& one : all->at("companies").as_array())
            if (text_at(one, "installation") == id && text_at(one, "company") == named->number)
                return text_at(one, "place");
    if (company.starts_with(begin)) return company.substr(begin.size());
    if (company.find('/') == std::string::npos) return company;
    const std::filesystem::path path = std::filesystem::path{company}.lexically_normal();
    return path.has_filename() ? path.filename() : path.parent_path().filename();
}

}  // namespace

int installations_command(const Options& options) {
    ControlSocket socket{options.socket};
    const auto all = socket.get("/v1/installations");
    if (all.has_error()) return complain(options, all.error());
    if (options.json)
        std::cout << *all << "\n";
    else
        print_installations(all->at("installations").as_array());
    for (const auto& one : all->at("installations").as_array())
        if (one.at("reason").is_object() || one.at("problems").to_number<std::size_t>() > 0) return some_failed;
    return done;
}

int installation_test_command(const Options& options, const std::string& id, const std::string& company) {
    if (auto wrong = not_an_id(id)) return complain(options, *wrong);
    ControlSocket socket{options.socket};
    json::object asked;
    if (!company.empty()) asked["place"] = place_in(socket, id, company);
    const auto tried = socket.call("POST", "/v1/installations/" + id + "/test", json::serialize(asked));
    if (tried.has_error()) return complain(options, tried.error());
    if (options.json) {
        std::cout << *tried << "\n";
    } else {
        for (const auto& probe : tried->at("tried").as_array()) {
            const bool well = probe.at("reason").is_null();
            std::cout << (well ? "✓ " : "✗ ") << say_reason(probe) << "\n";
            if (!well) std::cout << "  " << say_reason(probe.at("reason")) << "\n";
        }
        std::cout << translated(N_("Nothing was changed.")) << "\n";
    }
    return tried->at("well").as_bool() ? done : some_failed;
}

int installation_prepare_command(const Options& options, const std::string& id, bool apply) {
    if (auto wrong = not_an_id(id)) return complain(options, *wrong);
    ControlSocket socket{options.socket};
    const auto prepared =
        socket.call("POST", "/v1/installations/" + id + "/prepare", apply ? R"({"apply":true})" : "{}");
    if (prepared.has_error()) return complain(options, prepared.error());
    if (options.json) {
        std::cout << *prepared << "\n";
        return done;
    }
    const auto& sql = prepared->at("sql").as_string();
    if (sql.empty())
        std::cout << translated(N_("Nothing needs to be prepared there.")) << "\n";
    else if (prepared->at("applied").as_bool())
        std::cout << translated(N_("Prepared. The companies are looked at now: samsynk installations")) << "\n";
    else
        std::cout << std::string_view{sql.data(), sql.size()};
    return done;
}

int installation_scan_command(const Options& options, const std::string& path) {
    const auto found = installations::proposals_at(path);
    if (found.has_error()) return complain(options, found.error());
    if (options.json) {
        json::array list;
        for (const auto& one : *found)
            list.push_back({{"connector", one.connector.empty() ? json::value(nullptr) : json::value(one.connector)},
                            {"path", one.path.string()},
                            {"mapping", one.mapping.empty() ? json::value(nullptr) : json::value(one.mapping)},
                            {"companies", one.companies},
                            {"remark", remark_of(one)}});
        std::cout << json::object{{"found", std::move(list)}} << "\n";
        return found->empty() ? some_failed : done;
    }
    if (found->empty()) {
        std::cout << say(N_("Nothing was found at {path} that Samsynk can use."), {{"path", path}}) << "\n";
        return some_failed;
    }
    std::size_t number = 0;
    std::string yaml;
    for (const auto& one : *found) {
        yaml += "  # " + remark_of(one) + "\n";
        yaml += one.connector.empty() ? "  #   " + one.path.string() + "\n" : as_yaml(one, number++);
    }
    std::cout << "installations:" << (number == 0 ? " []" : "") << "\n" << yaml;
    return done;
}

}  // namespace samsynk::client
