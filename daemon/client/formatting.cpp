#include "client/formatting.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>

#include "client/language.hpp"
#include "core/plain_text.hpp"
#include "core/time.hpp"

namespace samsynk::client {

namespace json = boost::json;

namespace {

// Of names that people read as they are. One that is not known is taken for the last.
std::string known_word(const std::string& name, std::initializer_list<const char*> words) {
    const auto* found = std::find(words.begin(), words.end(), name);
    return tr(found == words.end() ? *(found - 1) : *found);
}

}  // namespace

std::size_t width_of(const std::string& text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool combining = (byte == 0xCC || byte == 0xCD) && at + 1 < text.size();  // U+0300 to U+036F
        if ((byte & 0xC0) != 0x80 && !combining) ++width;
    }
    return width;
}

void add_row(Rows& rows, const char* heading, const std::string& value) {
    if (!value.empty()) rows.push_back({tr(heading), value});
}

std::string table(const Rows& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t column = 0; column < row.size(); ++column) {
            if (column == widths.size()) widths.push_back(0);
            widths[column] = std::max(widths[column], width_of(row[column]));
        }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += row[column];
            if (column + 1 < row.size()) line.append(widths[column] - width_of(row[column]) + 2, ' ');
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string count_at(const json::value& object, const char* key) {
    // A daemon that is older than this command, just after an update, does not know all of them.
    const auto* count = object.as_object().if_contains(key);
    return std::to_string(count ? count->to_number<std::size_t>() : 0);
}

std::string choice_word(const json::value& choice) {
    if (!choice.is_bool()) return tr(N_("not chosen"));
    return choice.get_bool() ? tr(N_("yes")) : tr(N_("no"));
}

std::string preference_word(const std::string& name) {
    return name == "send_all_invoices" ? tr(N_("send all invoices")) : tr(N_("receive invoices"));
}

std::string state_word(const std::string& name) {
    return known_word(
        name, {N_("synced"), N_("waiting"), N_("held"), N_("failed"), N_("ignored"), N_("offline"), N_("pending")});
}

std::string collaboration_word(const std::string& name) {
    return known_word(
        name, {N_("invited"), N_("active"), N_("declined"), N_("expired"), N_("ending"), N_("ended"), N_("none")});
}

std::string counts_line(const json::value& counts) {
    const auto count = [&](const char* what) { return count_at(counts, what); };
    std::string line = tr(N_("{companies} companies: {synced} synced, {waiting} waiting, {held} held, {failed} failed, "
                             "{ignored} ignored"),
                          {{"companies", count("companies")},
                           {"synced", count("synced")},
                           {"waiting", count("waiting")},
                           {"held", count("held")},
                           {"failed", count("failed")},
                           {"ignored", count("ignored")}});
    if (count("pending") != "0") line += ", " + tr(N_("{pending} not looked at yet"), {{"pending", count("pending")}});
    if (count("offline") != "0") line += ", " + tr(N_("{offline} offline"), {{"offline", count("offline")}});
    return line + ".";
}

std::string local_time(const std::string& rfc3339) {
    const auto time = parse_rfc3339(rfc3339);
    if (time.has_error()) return {};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(*time);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[32] = {};
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

std::string pretty_number(const json::value& number) {
    if (!number.is_string()) return "?";
    const std::string digits = plain(std::string_view{number.get_string()});
    if (digits.size() != 10) return digits;
    // A person's: of it only the birth date is shown, as on the page. Programs get it whole, by --json.
    return digits.substr(0, 6) + "-" + (digits[2] < '2' ? "****" : digits.substr(6));
}

std::string company_label(const json::value& company) {
    const std::string name = text_at(company, "name");
    return name.empty() ? text_at(company, "place") : name;
}

std::string problem_line(const json::value& company) {
    const std::string label = company_label(company), reason = tr_reason(company.at("reason"));
    return "  ! " + (reason.find(label) == std::string::npos ? label + ": " + reason : reason);
}

std::string change_words(const json::value& change) {
    const std::string kind = text_at(change, "kind");
    if (kind == "collaboration" || kind == "told")
        return tr(N_("the collaboration is {state}"),
                  {{"state", collaboration_word(text_at(change, "collaboration"))}});
    const auto words = kind == "to_local"    ? N_("{preference}: {from} → {to} (fetched from the online service)")
                       : kind == "to_online" ? N_("{preference}: {from} → {to} (sent to the online service)")
                                             : N_("{preference}: {from} → {to} (chosen by {by})");
    return tr(words, {{"preference", preference_word(text_at(change, "preference"))},
                      {"from", choice_word(change.at("from"))},
                      {"to", choice_word(change.at("to"))},
                      {"by", text_at(change, "by")}});
}

std::string change_line(const json::value& change) { return company_label(change) + ": " + change_words(change); }

ExitCode company_exit_code(const json::value& company) {
    const std::string state = text_at(company, "state");
    return state == "failed" || state == "held" ? some_failed : done;
}

void print_run(const json::value& run) {
    for (const auto& change : run.at("changes").as_array()) std::cout << "  " << change_line(change) << "\n";
    for (const auto& company : run.at("problems").as_array()) std::cout << problem_line(company) << "\n";
    for (const auto& one : run.at("offline").as_array())
        std::cout << "  ! " << text_at(one, "id") << ": " << tr_reason(one.at("reason")) << "\n";
    if (run.at("dry_run").as_bool()) print_line(N_("Nothing was changed: this was only the plan."));
    const std::string changed = count_at(run.at("counts"), "changed");
    const std::string changes = tr(N_("{changed} changes."), {{"changed", changed}});
    // The last line is the one that is read: of a run that failed it says so, and what was done all the same.
    if (run.at("error").is_object())
        std::cout << tr(N_("The run failed: {why}"), {{"why", tr_reason(run.at("error"))}})
                  << (changed == "0" ? "" : " " + changes) << "\n";
    else
        std::cout << counts_line(run.at("counts")) << " " << changes << "\n";
}

ExitCode run_exit_code(const json::value& run) {
    if (text_at(run, "outcome") != "completed") return run_failed;
    const auto has = [&](const char* what) { return count_at(run.at("counts"), what) != "0"; };
    return has("failed") || has("held") || !run.at("offline").as_array().empty() ? some_failed : done;
}

}  // namespace samsynk::client
