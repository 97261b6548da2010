#include "installations/sql/mapping.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "core/plain_text.hpp"
#include "core/text.hpp"
#include "installations/yaml_text.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

constexpr std::array known_keys{"program",
                                "databases",
                                "busy",
                                "companies",
                                "write_send_all_invoices",
                                "write_receive_invoices",
                                "write_collaboration",
                                "marker",
                                "write_marker",
                                "prepare",
                                "grants"};
constexpr std::array known_databases{"sqlite", "postgresql", "mariadb", "odbc"};

template <class Words>
bool among(const Words& words, std::string_view word) {
    return std::any_of(words.begin(), words.end(), [&](const char* one) { return word == one; });
}

template <class Words>
std::string listed(const Words& words) {
    std::string text;
    for (const char* word : words) text += (text.empty() ? "" : ", ") + std::string{word};
    return text;
}

// What it is called now, of a word of before 0.1; null of any other.
const char* renamed(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, const char*>, 3> all{
        {{"mark", "marker"}, {"leave_mark", "write_marker"}, {"told", "collaboration_revision"}}};
    for (const auto& [old, now] : all)
        if (word == old) return now;
    return nullptr;
}

// Reads one mapping; the first mistake ends it.
class MappingReader {
public:
    MappingReader(const YAML::Node& root, const fs::path& file) : root_{root} { found_.file = file; }

    Result<Mapping> read() {
        if (!root_.IsDefined() || !root_.IsMap())
            return wrong(root_, N_("a mapping holds lines such as “program: tryton”, and statements."));
        for (const auto& check : {&MappingReader::keys, &MappingReader::head, &MappingReader::statements})
            if (auto mistake = (this->*check)()) return *mistake;
        return std::move(found_);
    }

private:
    using Mistake = std::optional<Error>;

    Error wrong(const YAML::Node& node, std::string sentence,
                std::vector<std::pair<std::string, std::string>> args = {}) const {
        const int line = node.IsDefined() && !node.Mark().is_null() ? node.Mark().line + 1 : 1;
        Error error = fail(Errc::bad_settings, N_("{file}, line {line}: {mistake}"),
                           {{"file", found_.file.string()}, {"line", std::to_string(line)}});
        error.message.args.emplace_back("mistake", to_text(Message{std::move(sentence), std::move(args)}));
        return error;
    }

    Mistake keys() {
        std::set<std::string> seen;
        for (const auto& entry : root_) {
            const std::string key = entry.first.IsScalar() ? plain(shortened(entry.first.Scalar(), 80)) : "?";
            if (const char* now = renamed(key))
                return wrong(entry.first, N_("“{old}” is called “{now}” now. Write that in its place."),
                             {{"old", key}, {"now", now}});
            if (!among(known_keys, key))
                return wrong(entry.first, N_("“{key}” is not known. Known here: {known}."),
                             {{"key", key}, {"known", listed(known_keys)}});
            if (!seen.insert(key).second)
                return wrong(entry.first, N_("“{key}” stands twice. Remove one of them."), {{"key", key}});
        }
        return std::nullopt;
    }

    Mistake head() {
        const YAML::Node program = root_["program"];
        if (!program || !program.IsScalar() || !is_word(program.Scalar()))
            return wrong(program, N_("“{key}” must be a short name of the letters a to z, digits and dashes."),
                         {{"key", "program"}});
        found_.program = program.Scalar();
        const YAML::Node databases = root_["databases"];
        if (!databases || !databases.IsSequence() || databases.size() == 0)
            return wrong(databases, N_("“{key}” must be a list such as [one, two]."), {{"key", "databases"}});
        for (const auto& database : databases) {
            if (!database.IsScalar() || !among(known_databases, database.Scalar()))
                return wrong(database, N_("“{key}” must be one of: {values}."),
                             {{"key", "databases"}, {"values", listed(known_databases)}});
            found_.databases.push_back(database.Scalar());
        }
        if (auto mistake = script("prepare", found_.prepare)) return mistake;
        return script("grants", found_.grants);
    }

    Mistake statements() {
        const std::vector<const char*> none, marker{"marker"};
        if (!root_["companies"]) return wrong(root_, N_("“{key}” is missing."), {{"key", "companies"}});
        if (auto mistake = statement(root_["companies"], "companies", none, found_.companies)) return mistake;
        if (root_["busy"]) {
            found_.busy.emplace();
            if (auto mistake = statement(root_["busy"], "busy", none, *found_.busy)) return mistake;
        }
        if (root_["marker"]) {
            found_.mark.emplace();
            if (auto mistake = statement(root_["marker"], "marker", none, *found_.mark)) return mistake;
        }
        if (auto mistake = attempts("write_marker", marker, found_.leave_mark)) return mistake;
        for (const auto preference : sync::all_preferences) {
            const std::string key = "write_" + std::string{name_of(preference)};
            if (auto mistake =
                    attempts(key, preference_parameters, found_.write.at(static_cast<std::size_t>(preference))))
                return mistake;
        }
        if (auto mistake = attempts("write_collaboration", collaboration_parameters, found_.write_collaboration))
            return mistake;
        return told_somewhere();
    }

    // Without a place for :collaboration_revision the agent would write it anew at each run.
    Mistake told_somewhere() const {
        if (found_.write_collaboration.empty()) return std::nullopt;
        for (const SqlText& one : found_.write_collaboration)
            if (std::find(one.parameters.begin(), one.parameters.end(), "collaboration_revision") ==
                one.parameters.end())
                return wrong(root_["write_collaboration"], N_("each statement of write_collaboration must keep "
                                                              ":collaboration_revision, for “companies” to give it "
                                                              "back."));
        return std::nullopt;
    }

    template <class Known>
    Mistake attempts(const std::string& key, const Known& known, Attempts& into) {
        const YAML::Node list = root_[key];
        if (!list || list.IsNull()) return std::nullopt;
        if (list.IsScalar()) {
            into.emplace_back();
            return statement(list, key, known, into.back());
        }
        if (!list.IsSequence())
            return wrong(list, N_("“{key}” must be a statement, or a list of them."), {{"key", key}});
        for (const auto& one : list) {
            into.emplace_back();
            if (auto mistake = statement(one, key, known, into.back())) return mistake;
        }
        return std::nullopt;
    }

    template <class Known>
    Mistake statement(const YAML::Node& node, const std::string& key, const Known& known, SqlText& into) {
        if (!node.IsScalar()) return wrong(node, N_("“{key}” must be a statement, or a list of them."), {{"key", key}});
        auto text = read_sql(node.Scalar(), key);
        if (text.has_error()) return wrong(node, text.error().message.id, text.error().message.args);
        for (const std::string& parameter : text->parameters) {
            if (const char* now = renamed(parameter))
                return wrong(node, N_("{key} has the parameter “:{parameter}”, which is called “:{now}” now."),
                             {{"key", key}, {"parameter", parameter}, {"now", now}});
            if (!among(known, parameter))
                return wrong(node,
                             N_("{key} has the parameter “:{parameter}”, which is not known. Known here: {known}."),
                             {{"key", key}, {"parameter", parameter}, {"known", listed(known)}});
        }
        if (key == "companies" && text->sql.find("collaboration_revision") == std::string::npos &&
            text->sql.find("told") != std::string::npos)
            return wrong(node,
                         N_("“companies” gives the column “told”, which is called “collaboration_revision” now."));
        into = std::move(*text);
        return std::nullopt;
    }

    Mistake script(const char* key, std::string& into) {
        const YAML::Node node = root_[key];
        if (!node || node.IsNull()) return std::nullopt;
        if (!node.IsScalar()) return wrong(node, N_("“{key}” must be a text of SQL statements."), {{"key", key}});
        into = node.Scalar();
        return std::nullopt;
    }

    static bool is_word(const std::string& text) {
        return !text.empty() && text.size() <= 40 &&
               text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    }

    YAML::Node root_;
    Mapping found_;
};

// Beside the program where it was built or unpacked, else the system's.
std::vector<fs::path> mapping_folders() {
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path().parent_path();
    return {"/etc/samsynk/mappings", program / "share/samsynk/mappings", "/usr/share/samsynk/mappings"};
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view text, const fs::path& file) {
    auto mapping = reading_yaml<Mapping>(text, file.string(), [&](const YAML::Node& root) {
        return MappingReader{root, file}.read();
    });
    if (mapping.has_error() && mapping.error().code == Errc::bad_file)
        return Error{Errc::bad_settings, mapping.error().message, mapping.error().detail};
    return mapping;
}

Result<Mapping> load_mapping(const fs::path& file) {
    std::error_code code;
    std::ifstream stream;
    if (fs::is_regular_file(file, code)) stream.open(file);  // a pipe would be waited for
    if (!stream.is_open())
        return fail(Errc::bad_settings, N_("The mapping {file} can't be read. Check its name and permissions."),
                    {{"file", file.string()}});
    std::string text(yaml_limit + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse_mapping(text, file);
}

Result<fs::path> find_mapping(const std::string& name) {
    std::string known;
    std::error_code code;
    for (const fs::path& folder : mapping_folders()) {
        if (fs::path file = folder / (name + ".yaml"); fs::is_regular_file(file, code)) return file;
        for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code))
            if (at->path().extension() == ".yaml") known += (known.empty() ? "" : ", ") + at->path().stem().string();
    }
    return fail(
        Errc::bad_settings,
        N_("There is no mapping “{name}”. There are: {known}. A mapping of your own is named by its whole path."),
        {{"name", name}, {"known", known.empty() ? "-" : known}});
}

}  // namespace samsynk::installations
