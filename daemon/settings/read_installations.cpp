#include "settings/read_installations.hpp"

#include <algorithm>
#include <set>

#include "core/text.hpp"

namespace samsynk::settings {
namespace {

using std::chrono::seconds;

bool is_name(const std::string& text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    return !text.empty() && text.size() <= 63 && letters.find(text.front()) != std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

void read_watch(Reader& reader, Installation& installation) {
    if (reader.text("watch") == "look")
        return reader.wrong("watch", N_("“{old}” is called “{now}” now. Write that in its place."),
                            {{"old", "watch: look"}, {"now", "watch: poll"}});
    reader.one_of(
        "watch", installation.watch,
        {{"auto", Watch::automatic}, {"events", Watch::events}, {"poll", Watch::looking}, {"off", Watch::none}});
}

void read_timeout(Reader& reader, Installation& installation) {
    installation.timeout = reader.duration("timeout", seconds{1}, seconds{600});
}

// What only the data source can say is not to be believed to be in effect.
void leave_to_data_source(Reader& reader) {
    for (const char* key : {"host", "port", "ca_file", "tls"})
        if (reader.has(key))
            reader.wrong(key, N_("“{key}” is not for ODBC: it is the data source that says it, in odbc.ini."));
}

void read_server(Reader& reader, Database& database) {
    if (database.type == "odbc") leave_to_data_source(reader);
    database.host = reader.text("host").value_or("");
    database.name = reader.required_text("name").value_or("");
    database.user = reader.text("user").value_or("");
    database.password_file = reader.path("password_file");
    database.ca_file = reader.path("ca_file");
    database.tls = reader.one_of("tls", {"auto", "on", "off"}).value_or("auto");
    if (!reader.has("port")) return;
    database.port = whole_number(reader.text("port").value_or(""), 1, 65535).value_or(0);
    if (database.port == 0) reader.wrong("port", N_("“{key}” must be a number from 1 to 65535."));
}

void read_database(Reader reader, Database& database) {
    if (!reader.only({"type", "path", "host", "port", "name", "user", "password_file", "ca_file", "tls"})) return;
    reader.required("type");
    database.type = reader.one_of("type", {"sqlite", "postgresql", "mariadb", "odbc"}).value_or("");
    if (database.type != "sqlite") {
        if (reader.has("path"))
            reader.wrong("path", N_("“{key}” is for SQLite only. Give the database's name instead."));
        if (!database.type.empty()) read_server(reader, database);
        return;
    }
    reader.required("path");
    database.path = reader.path("path").value_or("");
    if (database.path.string().find('"') != std::string::npos)
        reader.wrong("path", N_("“{key}” must not hold a quote."));
    for (const char* key : {"host", "port", "name", "user", "password_file", "ca_file", "tls"})
        if (reader.has(key)) reader.wrong(key, N_("“{key}” is not for SQLite, which is a file: give its path only."));
}

void read_sql(Reader& reader, Installation& installation) {
    if (!reader.only({"id", "connector", "mapping", "database", "watch", "timeout", "new_companies"})) return;
    installation.mapping = reader.required_text("mapping").value_or("");
    if (!installation.mapping.empty() && !installation.mapping.starts_with('/') && !is_name(installation.mapping))
        reader.wrong("mapping", N_("“{key}” must be the name of a mapping, such as tryton, or a whole path."));
    if (reader.required("database")) read_database(reader.section("database"), installation.database);
    read_timeout(reader, installation);
}

void read_exec(Reader& reader, Installation& installation) {
    if (!reader.only({"id", "connector", "command", "environment", "watch", "timeout", "new_companies"})) return;
    reader.required("command");
    installation.command = reader.texts("command");
    if (reader.has("command") && (installation.command.empty() || !installation.command.front().starts_with('/')))
        reader.wrong("command", N_("“{key}” must be a list that begins with a program's whole path: [/usr/bin/ssh, "
                                   "server, bridge]."));
    installation.environment = reader.words("environment");
    read_timeout(reader, installation);
}

void read_folder(Reader& reader, Installation& installation) {
    if (!reader.only({"id", "connector", "path", "ignore", "watch", "new_companies"})) return;
    reader.required("path");
    installation.path = reader.path("path").value_or("");
    installation.passed_over = reader.texts("ignore");
}

void read_installation(Reader reader, std::set<std::string>& ids, Settings& settings) {
    if (!reader.is_mapping()) return;
    Installation installation;
    installation.id = reader.required_text("id").value_or("");
    if (reader.has("id") && !is_name(installation.id))
        reader.wrong("id", N_("“{key}” must be a short name of the letters a to z, digits and dashes."));
    else if (!installation.id.empty() && !ids.insert(installation.id).second)
        reader.wrong("id", N_("Two installations are called “{id}”. Give each a name of its own."),
                     {{"id", installation.id}});
    reader.required("connector");
    installation.connector = reader.one_of("connector", {"folder", "sql", "exec"}).value_or("");
    if (installation.connector == "sql")
        read_sql(reader, installation);
    else if (installation.connector == "exec")
        read_exec(reader, installation);
    else
        read_folder(reader, installation);
    read_watch(reader, installation);
    if (reader.one_of("new_companies", {"accept", "approve"}) == "approve")
        settings.sync.asks_for_new.insert(installation.id);
    settings.installations.push_back(std::move(installation));
}

// `ignore`, an installation, an installation and a place in it (`main:Ovnbol2000`), or a whole path.
std::optional<CompanyChoice> read_choice(const OrgNumber& company, const std::string& text,
                                         const std::vector<Installation>& installations) {
    CompanyChoice choice{.company = company};
    if (text == "ignore") {
        choice.ignored = true;
        return choice;
    }
    if (text.starts_with('/')) {
        choice.place = text;
        return choice;
    }
    const auto colon = text.find(':');
    choice.installation = text.substr(0, colon);
    if (colon != std::string::npos) choice.place = text.substr(colon + 1);
    const bool known = std::any_of(installations.begin(), installations.end(),
                                   [&](const Installation& one) { return one.id == choice.installation; });
    if (!known || (colon != std::string::npos && choice.place.empty())) return std::nullopt;
    return choice;
}

bool is_place(const std::optional<CompanyChoice>& choice) {
    return choice && !choice->ignored && !choice->place.empty();
}

// `{leads: main:D01, follow: [main:D02]}`: several books of one company.
std::optional<CompanyChoice> read_leader(Reader reader, const OrgNumber& company,
                                         const std::vector<Installation>& installations) {
    if (!reader.only({"leads", "follow"})) return std::nullopt;
    const char* shape =
        N_("“{key}” must be a place: an installation's id and the place (main:D01), or the whole path of a company "
           "folder.");
    reader.required("leads");
    reader.required("follow");
    auto leader = read_choice(company, reader.text("leads").value_or("-"), installations);
    if (reader.has("leads") && !is_place(leader)) reader.wrong("leads", shape);
    std::vector<CompanyChoice> followers;
    for (const std::string& text : reader.texts("follow")) {
        auto follower = read_choice(company, text, installations);
        if (!is_place(follower)) return reader.wrong("follow", shape), std::nullopt;
        followers.push_back(std::move(*follower));
    }
    if (reader.has("follow") && followers.empty()) reader.wrong("follow", shape);
    if (!is_place(leader) || followers.empty()) return std::nullopt;
    leader->followers = std::move(followers);
    return leader;
}

std::optional<CompanyChoice> read_one(Reader& section, const std::string& key, const OrgNumber& company,
                                      const std::vector<Installation>& installations) {
    const auto text = section.text(key.c_str());
    auto choice = text ? read_choice(company, *text, installations) : std::nullopt;
    if (text && !choice)
        section.wrong(key.c_str(),
                      N_("“{key}” must be “ignore”, an installation's id, id:place, or the whole path of a company "
                         "folder."));
    return choice;
}

// Each place is named once, for one company.
class NamedPlaces {
public:
    std::string twice(const CompanyChoice& choice) {
        std::string found = note(choice);
        for (const CompanyChoice& follower : choice.followers)
            if (found.empty()) found = note(follower);
        return found;
    }

private:
    std::string note(const CompanyChoice& choice) {
        if (choice.ignored || choice.place.empty()) return {};
        const std::string name = choice.installation.empty() ? choice.place : choice.installation + ":" + choice.place;
        return names_.insert(name).second ? std::string{} : name;
    }
    std::set<std::string> names_;
};

}  // namespace

void read_installations(Reader& root, Settings& settings) {
    const std::vector<Reader> list = root.sections("installations");
    if (list.empty()) {
        root.wrong("installations",
                   N_("“installations” must list at least one: “- id: main”, with connector and path under it."));
        return;
    }
    std::set<std::string> ids;
    for (const Reader& one : list) read_installation(one, ids, settings);
}

void read_companies(Reader& root, Settings& settings) {
    const std::vector<Installation>& installations = settings.installations;
    std::vector<CompanyChoice>& companies = settings.companies;
    Reader section = root.section("companies");
    NamedPlaces named;
    for (const std::string& key : root.keys("companies")) {
        const auto number = OrgNumber::parse(key);
        if (number.has_error()) {
            section.wrong(key.c_str(), number.error().message);
            continue;
        }
        auto choice = section.at(key.c_str()).IsMap()
                          ? read_leader(section.section(key.c_str()), *number, installations)
                          : read_one(section, key, *number, installations);
        if (!choice) continue;
        if (const std::string twice = named.twice(*choice); !twice.empty())
            section.wrong(key.c_str(), N_("{place} is named twice under “companies”. Name each place once."),
                          {{"place", twice}});
        else if (std::any_of(companies.begin(), companies.end(),
                             [&](const CompanyChoice& one) { return one.company == *number; }))
            section.wrong(key.c_str(), {N_("“{key}” stands twice. Remove one of them."), {{"key", key}}});
        else
            companies.push_back(std::move(*choice));
    }
}

}  // namespace samsynk::settings
