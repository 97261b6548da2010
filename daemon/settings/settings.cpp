#include "settings/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "core/proxy_address.hpp"
#include "core/text.hpp"
#include "core/whole_yaml.hpp"
#include "core/writers.hpp"
#include "settings/read_installations.hpp"
#include "settings/reader.hpp"

namespace samsynk::settings {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

void read_auth(Reader reader, Auth& auth) {
    if (!reader.only({"issuer", "client_id", "client_secret_file", "client_key_file", "client_key_id",
                      "refresh_token_file", "scope"}))
        return;
    auth.issuer = reader.https_url("issuer").value_or("");
    auth.client_id = reader.required_text("client_id").value_or("");
    auth.client_secret_file = reader.path("client_secret_file");
    auth.client_key_file = reader.path("client_key_file");
    auth.client_key_id = reader.text("client_key_id").value_or("");
    auth.refresh_token_file = reader.path("refresh_token_file");
    auth.scope = reader.text("scope").value_or("");
    const bool secret = reader.has("client_secret_file"), key = reader.has("client_key_file");
    if (secret && key)
        reader.wrong("client_key_file",
                     N_("client_secret_file and client_key_file are two ways to sign in: give one of them."));
    if (reader.has("client_key_id") && !key)
        reader.wrong("client_key_id", N_("“{key}” needs client_key_file beside it."));
    if (reader.has("refresh_token_file") && (secret || key))
        reader.wrong("refresh_token_file",
                     N_("refresh_token_file is a person's sign-in: remove it, or client_secret_file and "
                        "client_key_file."));
}

bool is_pin(const std::string& pin) {
    constexpr std::string_view begins = "sha256/";
    return pin.size() == begins.size() + 44 && pin.starts_with(begins) && pin.ends_with('=') &&
           pin.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", begins.size()) ==
               pin.size() - 1;
}

void read_proxy(Reader& reader, Service& service) {
    service.proxy = reader.text("proxy");
    service.proxy_password_file = reader.path("proxy_password_file");
    const auto address = parse_proxy_address(service.proxy.value_or("http://none.example"));
    if (address.has_error()) {
        reader.wrong("proxy", address.error().message);
        return;
    }
    if (!service.proxy_password_file) return;
    if (address->user.empty() || !address->password.empty())
        reader.wrong("proxy_password_file",
                     N_("“{key}” needs “{proxy}” with a user and without a password: http://user@proxy.example:3128."),
                     {{"proxy", reader.full("proxy")}});
}

void read_service(Reader reader, Service& service) {
    if (!reader.only({"url", "ca_file", "ca_only", "client_cert_file", "client_key_file", "pins", "proxy",
                      "proxy_password_file", "connect_timeout", "reply_timeout", "auth"}))
        return;
    service.url = reader.https_url("url").value_or("");
    service.ca_file = reader.path("ca_file");
    service.ca_only = reader.flag("ca_only").value_or(false);
    if (service.ca_only && !reader.has("ca_file"))
        reader.wrong("ca_only", N_("“{key}” needs “{file}”: else nobody would be trusted."),
                     {{"file", reader.full("ca_file")}});
    service.client_cert_file = reader.path("client_cert_file");
    service.client_key_file = reader.path("client_key_file");
    if (reader.has("client_cert_file") != reader.has("client_key_file"))
        reader.wrong_here({N_("client_cert_file and client_key_file go together: give both, or none."), {}});
    service.pins = reader.texts("pins");
    if (!std::all_of(service.pins.begin(), service.pins.end(), is_pin))
        reader.wrong("pins", N_("“{key}” must list hashes of public keys, each “sha256/” and 44 characters of Base64 "
                                "that end with “=”."));
    read_proxy(reader, service);
    service.connect_timeout =
        reader.duration("connect_timeout", seconds{1}, seconds{120}).value_or(service.connect_timeout);
    service.reply_timeout = reader.duration("reply_timeout", seconds{1}, seconds{600}).value_or(service.reply_timeout);
    if (reader.required("auth")) read_auth(reader.section("auth"), service.auth);
}

void read_sync(Reader reader, agent::Policy& sync) {
    if (!reader.only({"interval", "push", "first_contact", "mass_change_limit", "release_missing_after"})) return;
    if (const auto interval = reader.duration("interval", seconds{10}, seconds{86400})) sync.interval = *interval;
    sync.push = reader.flag("push").value_or(sync.push);
    sync.mass_change_limit = reader.percentage("mass_change_limit").value_or(sync.mass_change_limit);
    const auto missing = reader.duration("release_missing_after", hours{1}, hours{24 * 3650});
    if (missing) sync.release_missing_after = std::chrono::ceil<hours>(*missing);
    using sync::FirstContact;
    reader.one_of("first_contact", sync.first_contact,
                  {{"online", FirstContact::online}, {"local", FirstContact::local}, {"hold", FirstContact::hold}});
}

void read_control(Reader reader, Control& control) {
    if (!reader.only({"socket", "observers"})) return;
    control.socket = reader.path("socket").value_or(control.socket);
    if (control.socket.string().size() > 107)
        reader.wrong("socket", N_("“{key}” is too long: a socket's path has at most 107 bytes."));
    control.observers = reader.texts("observers");
}

// A file's size: `10MiB`, `500KiB`; or `never`, where another program rotates.
void read_rotation(Reader& reader, telemetry::LogFile& file) {
    const auto given = reader.text("rotate_at");
    if (given == "never") file.rotate_at = 0;
    if (given && given != "never") {
        const auto digits = std::min(given->find_first_not_of("0123456789"), given->size());
        const std::string unit = given->substr(digits);
        const std::uint64_t factor = unit == "KiB" ? 1024 : unit == "MiB" ? 1024 * 1024 : unit == "GiB" ? 1 << 30 : 0;
        file.rotate_at = digits > 0 && digits <= 6 ? std::stoull(given->substr(0, digits)) * factor : 0;
        if (file.rotate_at < 64 * 1024 || file.rotate_at > std::uint64_t{16} << 30)
            reader.wrong("rotate_at", N_("“{key}” must be a size such as 10MiB (64KiB to 16GiB), or never."));
    }
    const auto keep = reader.text("keep");
    if (!keep) return;
    const auto number = whole_number(*keep, 1, 100);
    if (!number) reader.wrong("keep", N_("“{key}” must be a number from 1 to 100."));
    file.keep = static_cast<unsigned>(number.value_or(1));
}

void read_log(Reader reader, telemetry::LogOptions& log) {
    using telemetry::LogFormat;
    if (!reader.only({"level", "format", "file", "rotate_at", "keep"})) return;
    reader.one_of("level", log.minimum,
                  {{"debug", Level::debug},
                   {"info", Level::info},
                   {"notice", Level::notice},
                   {"warning", Level::warning},
                   {"error", Level::error}});
    reader.one_of("format", log.format,
                  {{"auto", LogFormat::automatic},
                   {"journald", LogFormat::journald},
                   {"json", LogFormat::json},
                   {"text", LogFormat::text}});
    telemetry::LogFile file{.path = reader.path("file").value_or("")};
    read_rotation(reader, file);
    if (!file.path.empty() && log.format == LogFormat::journald)
        reader.wrong("file", N_("“{key}” goes with the formats json and text: the journal is no file."));
    if (!file.path.empty()) {
        log.file = std::move(file);
        return;
    }
    for (const char* key : {"rotate_at", "keep"})
        if (reader.has(key))
            reader.wrong(key, N_("“{key}” needs “{file}” beside it."), {{"file", reader.full("file")}});
}

// `127.0.0.1:9465` or `[::1]:9465`. Whoever is on this machine may read it, nobody else.
void read_metrics(Reader reader, control::MetricsOptions& metrics) {
    if (!reader.only({"listen", "companies"})) return;
    metrics.companies = reader.flag("companies").value_or(metrics.companies);
    const auto listen = reader.text("listen");
    if (!listen) return;
    const auto colon = listen->rfind(':');
    const std::string host = listen->substr(0, colon);
    const auto port = whole_number(colon == std::string::npos ? "" : listen->substr(colon + 1), 1, 65535);
    if ((host != "127.0.0.1" && host != "[::1]") || !port) {
        reader.wrong("listen", N_("“{key}” must be a port of this machine's own, such as 127.0.0.1:9465 or "
                                  "[::1]:9465. For others, put a proxy with a password before it."));
        return;
    }
    metrics.address = host == "[::1]" ? "::1" : host;
    metrics.port = static_cast<std::uint16_t>(*port);
}

// systemd tells a service which folders it made for it: each instance has its own.
fs::path folder_of(const char* variable, const char* usual) {
    const char* given = std::getenv(variable);
    const std::string first = given ? std::string{given}.substr(0, std::string{given}.find(':')) : "";
    return first.starts_with('/') ? first : usual;
}

// An instance keeps its state in a folder of its name in that of the first daemon, which keeps its sign-in in this one.
void read_state(Reader& root, Settings& settings) {
    if (root.has("state")) {
        Reader state = root.section("state");
        if (state.only({"directory"}))
            settings.state_directory = state.path("directory").value_or(settings.state_directory);
    }
    if ((settings.state_directory / "").parent_path().filename() == sign_in_folder)
        root.wrong("state",
                   N_("The state can't be kept in {directory}: a folder of that name is for sign-ins. Give the "
                      "instance another name, or set state.directory."),
                   {{"directory", settings.state_directory.string()}});
}

Settings read_all(const YAML::Node& node, const fs::path& file, std::vector<Mistake>& mistakes) {
    Settings settings;
    settings.control.socket = usual_socket();
    settings.state_directory = usual_state_directory();
    Reader root{node, "", file, mistakes};
    if (!root.only({"service", "sync", "installations", "companies", "control", "state", "log", "metrics"}))
        return settings;
    if (root.required("service")) read_service(root.section("service"), settings.service);
    if (root.has("sync")) read_sync(root.section("sync"), settings.sync);
    read_installations(root, settings);
    if (root.has("companies")) read_companies(root, settings);
    if (root.has("control")) read_control(root.section("control"), settings.control);
    read_state(root, settings);
    if (root.has("log")) read_log(root.section("log"), settings.log);
    if (root.has("metrics")) read_metrics(root.section("metrics"), settings.metrics);
    return settings;
}

Loaded refused(const fs::path& file, int line, Message message) {
    return Loaded{.mistakes = {Mistake{file, line, line > 0 ? 1 : 0, std::move(message)}}};
}

// What runs as the daemon, or says whom it believes.
std::set<fs::path> trusted_files(const Settings& settings) {
    std::set<fs::path> files;
    if (settings.service.ca_file) files.insert(*settings.service.ca_file);
    for (const Installation& one : settings.installations) {
        if (one.database.ca_file) files.insert(*one.database.ca_file);
        if (one.mapping.starts_with('/')) files.insert(one.mapping);
        if (!one.command.empty()) files.insert(one.command.front());
    }
    return files;
}

Message sentence_of(const Opening& opening) {
    const std::string path = opening.path.string();
    if (opening.by_owner)
        return {N_("{path} belongs to another user, who could make samsynkd run any program. It is not used. Mend it "
                   "with: chown root {path}"),
                {{"path", path}}};
    return {N_("{path} may be written by others, who could make samsynkd run any program. It is not used. Mend it "
               "with: chmod go-w {path}"),
            {{"path", path}}};
}

// Each file that others than root and the daemon's user may change is a mistake; with one there are no settings. The
// configuration decides what samsynkd runs and whom it trusts: so nobody else may write it, nor what it names.
void refuse_writable(Loaded& loaded, const fs::path& file) {
    std::set<fs::path> files{file}, told;
    if (loaded.settings) files.merge(trusted_files(*loaded.settings));
    const auto trusted = trusted_users();
    std::vector<Mistake> found;
    for (const fs::path& one : files)
        if (const auto opening = opening_to(one, trusted); opening && told.insert(opening->path).second)
            found.push_back({file, 0, 0, sentence_of(*opening)});
    if (found.empty()) return;
    loaded.settings.reset();
    loaded.mistakes.insert(loaded.mistakes.begin(), found.begin(), found.end());
}

bool is_control(const char& c) { return has_control_characters({&c, 1}); }

}  // namespace

fs::path usual_socket() { return folder_of("RUNTIME_DIRECTORY", "/run/samsynk") / "control.sock"; }
fs::path usual_state_directory() { return folder_of("STATE_DIRECTORY", "/var/lib/samsynk"); }

Loaded parse(std::string_view text, const fs::path& file) try {
    if (const auto at = std::find_if(text.begin(), text.end(), is_control); at != text.end())
        return refused(file, static_cast<int>(std::count(text.begin(), at, '\n')) + 1,
                       {N_("A control character stands here. Save the file as plain text in UTF-8."), {}});
    const std::string whole{text};
    if (const int line = line_behind_document(whole); line > 0)
        return refused(file, line,
                       {N_("This does not belong to what stands above it. Begin all sections at the same indent, "
                           "without “---” between them."),
                        {}});
    const YAML::Node node = YAML::Load(whole);
    if (!node.IsDefined() || node.IsNull()) {
        Loaded nothing = refused(
            file, 1,
            {N_("The configuration is empty. Write it after the example /usr/share/doc/samsynk/examples/samsynk.yaml."),
             {}});
        nothing.nothing = true;
        return nothing;
    }
    Loaded loaded;
    Settings settings = read_all(node, file, loaded.mistakes);
    std::stable_sort(loaded.mistakes.begin(), loaded.mistakes.end(),
                     [](const Mistake& a, const Mistake& b) { return a.line < b.line; });
    if (loaded.mistakes.empty()) loaded.settings = std::move(settings);
    return loaded;
} catch (const YAML::Exception& problem) {
    return refused(file, problem.mark.line + 1,
                   {N_("This is not YAML ({why}). Indent with blanks, never tabs, and check colons and quotes."),
                    {{"why", problem.msg.substr(0, problem.msg.find(':'))}}});  // what follows is the text's own
}

Loaded load(const fs::path& file) {
    std::error_code code;
    const auto status = fs::status(file, code);
    if (!fs::exists(status))
        return refused(
            file, 0,
            {N_("The file does not exist. Write it after the example /usr/share/doc/samsynk/examples/samsynk.yaml."),
             {}});
    if (!fs::is_regular_file(status)) return refused(file, 0, {N_("This is not a file."), {}});
    if (fs::file_size(file, code) > 1024 * 1024)
        return refused(file, 0, {N_("The file is over 1 MiB: too large for a configuration."), {}});
    std::ifstream stream{file};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    if (!stream.is_open() || stream.bad())
        return refused(file, 0, {N_("The file can't be read. Check its permissions."), {}});
    Loaded loaded = parse(text, file);
    refuse_writable(loaded, file);
    return loaded;
}

std::string to_text(const Mistake& mistake, const Translate& translate) {
    const std::string where = mistake.file.string() + (mistake.line > 0 ? ":" + std::to_string(mistake.line) : "");
    return where + ": " + samsynk::to_text(mistake.message, translate);
}

}  // namespace samsynk::settings
