// The installations: how they are, whether they can be used, what must be prepared there, and what a path holds.
#include <filesystem>
#include <iostream>

#include "client/commands.hpp"
#include "client/formatting.hpp"
#include "client/named_company.hpp"
#include "installations/proposals.hpp"

namespace samsynk::client {
namespace {

namespace json = boost::json;

Error unknown_installation(const std::string& id) {
    return fail(Errc::not_found, N_("No installation is called {id}. See: samsynk installations"), {{"id", id}});
}

std::string installation_state(const json::value& one) {
    if (one.at("reason").is_object()) return tr(N_("can't be used"));
    if (count_at(one, "companies") == "0") return tr(N_("not looked at yet"));
    return tr(N_("in order"));
}

// What it can do, in few words.
std::string abilities(const json::value& can) {
    const auto is = [&](const char* what) { return can.at(what).as_bool(); };
    std::string words;
    const auto add = [&](bool good, const char* word) {
        if (good) words += (words.empty() ? "" : ", ") + tr(word);
    };
    add(is("read_preferences"), N_("reads choices"));
    add(is("write_preferences"), N_("writes choices"));
    add(is("write_collaboration"), N_("is told of collaborations"));
    return words;
}

std::string watching_word(const std::string& watching) {
    if (watching == "events") return tr(N_("told at once"));
    if (watching == "looking") return tr(N_("looked for every few seconds"));
    return tr(N_("by the runs"));
}

void print_installations(const json::value& answer) {
    const auto& all = answer.at("installations").as_array();
    Rows rows{{tr(N_("INSTALLATION")), tr(N_("STATE")), tr(N_("COMPANIES")), tr(N_("PROBLEMS")),
               tr(N_("CHANGES THERE")), tr(N_("WHERE"))}};
    for (const auto& one : all)
        rows.push_back({text_at(one, "id"), installation_state(one), count_at(one, "companies"),
                        count_at(one, "problems"), watching_word(text_at(one, "watching")), text_at(one, "location")});
    std::cout << table(rows);
    for (const auto& one : all) {
        const std::string kind = text_at(one, "connector") == text_at(one, "program")
                                     ? text_at(one, "connector")
                                     : text_at(one, "connector") + ", " + text_at(one, "program");
        std::cout << text_at(one, "id") << " (" << kind << "): " << abilities(one.at("can")) << "\n";
        if (one.at("reason").is_object()) std::cout << "  " << tr_reason(one.at("reason")) << "\n";
    }
}

void print_probes(const json::value& answer) {
    for (const auto& probe : answer.at("tried").as_array()) {
        const bool well = probe.at("reason").is_null();
        std::cout << (well ? "✓ " : "✗ ") << tr_reason(probe) << "\n";
        if (!well) std::cout << "  " << tr_reason(probe.at("reason")) << "\n";
    }
    print_line(N_("Nothing was changed."));
}

void print_prepared(const json::value& answer) {
    const auto& sql = answer.at("sql").as_string();
    if (sql.empty())
        print_line(N_("Nothing needs to be prepared there."));
    else if (answer.at("applied").as_bool())
        print_line(N_("Prepared. The companies are looked at now: samsynk installations"));
    else
        std::cout << std::string_view{sql.data(), sql.size()};
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
        return tr(N_("A folder with {count} company folders."), {{"count", std::to_string(proposal.companies)}});
    return tr(proposal.remark);
}

json::array as_json(const std::vector<installations::Proposal>& found) {
    const auto or_null = [](const std::string& text) {
        return text.empty() ? json::value(nullptr) : json::value(text);
    };
    json::array list;
    for (const auto& one : found)
        list.push_back({{"connector", or_null(one.connector)},
                        {"path", one.path.string()},
                        {"mapping", or_null(one.mapping)},
                        {"companies", one.companies},
                        {"remark", remark_of(one)}});
    return list;
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

ExitCode exit_code_of_installations(const json::value& all) {
    for (const auto& one : all.at("installations").as_array())
        if (one.at("reason").is_object() || count_at(one, "problems") != "0") return some_failed;
    return done;
}

Outcome installations_command(const Options& options, const Arguments&) {
    return call_and_print(options, "GET", "/v1/installations", {}, print_installations, exit_code_of_installations);
}

Outcome installation_test_command(const Options& options, const Arguments& given) {
    const std::string& id = given.installation;
    if (!is_id(id)) return unknown_installation(id);
    json::object asked;
    if (!given.company.empty()) {
        ControlSocket socket{options.socket};
        asked["place"] = place_in(socket, id, given.company);
    }
    return call_and_print(options, "POST", "/v1/installations/" + id + "/test", asked, print_probes,
                          [](const json::value& tried) { return tried.at("well").as_bool() ? done : some_failed; });
}

Outcome installation_prepare_command(const Options& options, const Arguments& given) {
    const std::string& id = given.installation;
    if (!is_id(id)) return unknown_installation(id);
    const json::object asked = given.apply ? json::object{{"apply", true}} : json::object{};
    return call_and_print(options, "POST", "/v1/installations/" + id + "/prepare", asked, print_prepared);
}

Outcome installation_scan_command(const Options& options, const Arguments& given) {
    const auto found = installations::proposals_at(given.path);
    if (found.has_error()) return found.error();
    if (options.json) {
        print_json(json::object{{"found", as_json(*found)}});
        return found->empty() ? some_failed : done;
    }
    if (found->empty()) {
        print_line(N_("Nothing was found at {path} that Samsynk can use."), {{"path", given.path}});
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

}  // namespace

void add_installations(CommandLine& line) {
    auto& given = line.given;
    line.add("installations", N_("List the installations"), installations_command);
    auto* group = line.add_group("installation", N_("Try, prepare or look for an installation"));
    auto* test =
        line.add_below(group, "test", N_("Try all that a run needs, and change nothing"), installation_test_command);
    test->add_option("ID", given.installation)->required();
    test->add_option("COMPANY", given.company, tr(N_("Only this company: its place, path, name or number")));
    auto* prepare = line.add_below(group, "prepare", N_("Show what must be made in a database first"),
                                   installation_prepare_command);
    prepare->add_option("ID", given.installation)->required();
    prepare->add_flag("--apply", given.apply, tr(N_("Do it, with the rights that the daemon has")));
    line.add_below(group, "scan", N_("Propose a configuration for what a folder holds"), installation_scan_command)
        ->add_option("PATH", given.path)
        ->required();
}

}  // namespace samsynk::client
