// `samsynk support-bundle`: what a helper needs to find a fault, without secrets and persons' numbers.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/commands.hpp"
#include "client/config_redaction.hpp"
#include "client/doctor_command.hpp"
#include "client/formatting.hpp"
#include "client/output_file.hpp"
#include "client/redactor.hpp"
#include "client/subprocess.hpp"
#include "core/time.hpp"
#include "settings/settings.hpp"

namespace samsynk::client {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t most_explained = 50;
constexpr const char* log_lines = "2000";
constexpr std::size_t least_value = 6;
// Not its environment and its arguments, which may hold a secret.
constexpr const char* shown_of_unit =
    "--property=Id,LoadState,ActiveState,SubState,Result,UnitFileState,FragmentPath,DropInPaths,User,Group,MainPID,"
    "NRestarts,ExecMainStartTimestamp,ExecMainExitTimestamp,ExecMainCode,ExecMainStatus,ActiveEnterTimestamp,"
    "InactiveEnterTimestamp,StatusText,StatusErrno,WatchdogUSec,WatchdogTimestamp,MemoryCurrent,MemoryPeak,MemoryHigh,"
    "MemoryMax,CPUUsageNSec,TasksCurrent,TasksMax,LimitNOFILE,StateDirectory,RuntimeDirectory,LogsDirectory,"
    "ReadWritePaths,ReadOnlyPaths,NeedDaemonReload";
constexpr std::chrono::seconds patience{60};  // the doctor may wait for a network

std::string text_of(const fs::path& file) {
    std::error_code code;
    std::ostringstream text;
    if (fs::is_regular_file(file, code) || file.string().starts_with("/proc/"))
        text << std::ifstream{file, std::ios::binary}.rdbuf();
    return text.str();
}

std::string today() { return to_rfc3339(wall_clock()).substr(0, 10); }

std::string host() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

// Gathers pieces in a folder of its own, which is gone at the end.
class Bundle {
public:
    Bundle(const Options& options, std::string config) : options_{options}, config_{std::move(config)} {
        std::string name = (fs::temp_directory_path() / "samsynk-support-XXXXXX").string();
        if (::mkdtemp(name.data())) folder_ = name;
    }
    ~Bundle() {
        std::error_code ignored;
        if (!folder_.empty()) fs::remove_all(folder_, ignored);
    }
    Bundle(const Bundle&) = delete;
    Bundle& operator=(const Bundle&) = delete;

    bool begun() const { return !folder_.empty(); }
    void gather(bool with_names) {
        use_credentials_of_service(config_);
        owner_ = owner_of_state(config_);
        const auto loaded = settings::load(config_);
        const HiddenConfiguration configuration = hide_secrets(text_of(config_));
        hide_all(configuration);
        if (loaded.settings) hide_all(*loaded.settings);
        learn_names(with_names);
        put("version.txt", "samsynk " SAMSYNK_VERSION "\n");
        put_text("samsynk.yaml", configuration.text, "it can't be read, or is empty");
        put_mistakes(loaded);
        from_daemon();
        put_json("config-check.json", look_at_configuration(config_));
        from_system(loaded.settings ? loaded.settings->state_directory : settings::usual_state_directory());
        put_log(loaded);
        if (!missing_.empty()) put("missing.txt", missing_);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : fs::directory_iterator{folder_}) all.push_back(entry.path().filename());
        std::sort(all.begin(), all.end());
        return all;
    }
    Result<ProgramOutput> packed() const {
        return run_program({"tar", "-czf", "-", "--owner=0", "--group=0", "-C", folder_.string(), "."});
    }

private:
    // By its text, as it may have mistakes.
    void hide_all(const HiddenConfiguration& configuration) {
        for (const std::string& value : configuration.values) redactor_.hide(value);
        for (const fs::path& file : configuration.files) hide(file);
    }
    void hide_all(const settings::Settings& settings) {
        const settings::Service& service = settings.service;
        for (const auto& file : {service.auth.client_secret_file, service.auth.client_key_file,
                                 service.auth.refresh_token_file, service.client_key_file, service.proxy_password_file})
            hide(file);
        for (const settings::Installation& one : settings.installations) {
            hide(one.database.password_file);
            for (const auto& [name, value] : one.environment)
                if (value.size() >= least_value) redactor_.hide(value);  // `true` stands everywhere
        }
    }
    void hide(const std::optional<fs::path>& file) {
        if (!file) return;
        std::istringstream lines{text_of(*file)};  // of a key each line is one
        for (std::string line; std::getline(lines, line);) {
            while (!line.empty() && line.back() == '\r') line.pop_back();
            redactor_.hide(line);
        }
    }

    void learn_names(bool with_names) {
        const auto all = ask("/v1/companies");
        if (all.has_error()) {
            if (!with_names)
                missing_ += "other names: the daemon did not tell the companies', so the log has them as they are\n";
            return;
        }
        for (const auto& company : all->at("companies").as_array()) {
            if (!with_names) redactor_.rename(text_at(company, "name"));
            if (company.at("reason").is_object() && troubled_.size() < most_explained &&
                company.at("company").is_string())
                troubled_.push_back(text_at(company, "company"));
        }
    }

    // One that does not answer is asked once.
    Result<json::value> ask(const std::string& target, const std::string& method = "GET") {
        if (silent_) return *silent_;
        ControlSocket socket{options_.socket};
        socket.give_up_after(patience);
        auto answer = socket.call(method, target, method == "GET" ? "" : "{}");
        if (answer.has_error() && answer.error().code == Errc::busy) silent_ = answer.error();
        return answer;
    }

    void from_daemon() {
        const std::pair<const char*, const char*> calls[]{{"status.json", "/v1/status"},
                                                          {"companies.json", "/v1/companies"},
                                                          {"installations.json", "/v1/installations"},
                                                          {"held.json", "/v1/held"},
                                                          {"history.json", "/v1/history?limit=100"}};
        for (const auto& [name, target] : calls) put_json(name, ask(target));
        put_json("doctor.json", ask("/v1/doctor", "POST"));
        for (std::size_t n = 0; n < troubled_.size(); ++n)
            put_json("explain-" + std::to_string(n + 1) + ".json", ask("/v1/companies/" + troubled_[n] + "/explain"));
        put_metrics();
    }

    void put_metrics() {
        if (silent_) return put_text("metrics.txt", "", to_text(silent_->message));
        ControlSocket socket{options_.socket};
        socket.give_up_after(patience);
        std::string metrics;
        const auto fetched = socket.fetch("GET", "/metrics", [&](std::string_view part) {
            metrics += part;
            return true;
        });
        put_text("metrics.txt", metrics, fetched.has_error() ? to_text(fetched.error().message) : "");
    }

    void from_system(const fs::path& state) {
        put_output("unit.txt", {"systemctl", "show", "--no-pager", shown_of_unit, "samsynkd.service"});
        put_output("state-folder.txt", {"ls", "-lan", "--time-style=full-iso", state.string()}, owner_);
        put_output("disk.txt", {"df", "-k", state.string()}, owner_);
        put_output("mounts.txt", {"findmnt", "--list", "--noheadings", "--output", "TARGET,FSTYPE"});
        put_output("clock.txt", {"timedatectl", "show"});
        put_output("kernel.txt", {"uname", "-a"});
        put_text("os-release.txt", text_of("/etc/os-release"), "it can't be read");
        put_text("memory.txt", text_of("/proc/meminfo"), "it can't be read");
    }
    void put_mistakes(const settings::Loaded& loaded) {
        std::string all;
        for (const auto& mistake : loaded.mistakes) all += settings::to_text(mistake) + "\n";
        if (!all.empty()) put_text("config-mistakes.txt", all, "");
    }
    void put_log(const settings::Loaded& loaded) {
        if (loaded.settings && loaded.settings->log.file)
            put_output("log.txt", {"tail", "-n", log_lines, loaded.settings->log.file->path.string()}, owner_);
        else
            put_output("log.txt", {"journalctl", "--no-pager", "-u", "samsynkd", "-n", log_lines, "-o", "short-iso"});
    }

    // What lies in the daemon's folders is looked at as the daemon: a link that is laid there leads no further for us.
    void put_output(const std::string& name, std::vector<std::string> words,
                    const std::optional<FolderOwner>& user = {}) {
        words.insert(words.begin(), {"timeout", "-k", "2", "20"});
        const auto ran = run_program(std::move(words), {.user = user, .with_errors = true});
        put_text(name, ran.has_value() ? ran->output : "",
                 ran.has_value() ? "it printed nothing" : to_text(ran.error().message));
        if (ran.has_value() && ran->exit_code != 0)
            missing_ += name + ": it ended with " + std::to_string(ran->exit_code) + "\n";
    }
    void put_json(const std::string& name, const Result<json::value>& answer) {
        if (answer.has_error())
            missing_ += name + ": " + redactor_.clean(to_text(answer.error().message)) + "\n";
        else
            put(name, json::serialize(redactor_.clean(*answer)) + "\n");
    }
    void put_text(const std::string& name, const std::string& text, const std::string& why_empty) {
        if (text.empty())
            missing_ += name + ": " + redactor_.clean(why_empty) + "\n";
        else
            put(name, redactor_.clean(text));
    }
    void put(const std::string& name, const std::string& text) {
        std::ofstream{folder_ / name, std::ios::binary} << text;
    }

    const Options& options_;
    std::string config_;
    fs::path folder_;
    Redactor redactor_;
    std::vector<std::string> troubled_;  ///< companies' numbers
    std::string missing_;
    std::optional<Error> silent_;
    std::optional<FolderOwner> owner_;  ///< of the state, where it is not ours
};

Outcome support_bundle_command(const Options& options, const Arguments& given) {
    const std::string usual = "samsynk-support-" + host() + "-" + today() + ".tar.gz";
    const std::string file = given.path.empty() ? usual : given.path;
    AtomicOutputFile packed;
    if (const auto begun = packed.begin(file, true); begun.has_error()) return begun.error();
    Bundle bundle{options, given.file};
    if (!bundle.begun())
        return fail(Errc::write_failed, N_("No temporary folder could be made. Is there room in /tmp?"));
    bundle.gather(given.names);
    const auto ran = bundle.packed();
    if (ran.has_error()) return ran.error();
    packed.write(ran->output);
    if (const auto kept = packed.finish(); kept.has_error()) return kept.error();
    json::array names;
    std::string listed;
    for (const std::string& name : bundle.names()) {
        names.emplace_back(name);
        listed += (listed.empty() ? "" : ", ") + name;
    }
    if (options.json)
        print_json(json::object{{"file", file}, {"holds", std::move(names)}});
    else
        print_line(N_("{file} holds: {names}. Secrets and personal numbers were taken out. Look through it before you "
                      "send it to anyone."),
                   {{"file", file}, {"names", listed}});
    return done;
}

}  // namespace

void add_support_bundle(CommandLine& line) {
    auto* bundle =
        line.add("support-bundle", N_("Gather what a helper needs, without secrets"), support_bundle_command);
    bundle->add_option("FILE", line.given.path);
    bundle->add_flag("--with-names", line.given.names, tr(N_("With the companies' names")));
    add_config_option(bundle, line.given);
}

}  // namespace samsynk::client
