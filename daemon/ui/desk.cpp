#include "ui/desk.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <span>

#include "core/embedded_file.hpp"
#include "ui/gate.hpp"

namespace samsynk::ui {

std::span<const EmbeddedFile> pages();

namespace {

namespace json = boost::json;

Answer not_with_this_method(const Asked& asked, const char* allow) {
    Answer answer = problem(405, fail(Errc::bad_request, N_("{path} can't be asked with {method}."),
                                      {{"path", asked.target}, {"method", asked.method}}));
    answer.allow = allow;
    return answer;
}

std::string content_type_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, const char*>, 6> types{
        {{".html", "text/html; charset=utf-8"},
         {".css", "text/css; charset=utf-8"},
         {".js", "text/javascript; charset=utf-8"},
         {".svg", "image/svg+xml"},
         {".png", "image/png"},
         {".ico", "image/x-icon"}}};
    for (const auto& [end, type] : types)
        if (name.ends_with(end)) return type;
    return "application/octet-stream";
}

std::optional<Answer> page(std::string_view path) {
    const std::string_view name = path == "/" ? "index.html" : path.substr(1);
    for (const EmbeddedFile& file : pages())
        if (file.name == name) return Answer{.content_type = content_type_of(name), .body = {}, .file = file.bytes};
    return std::nullopt;
}

// Empty where there is none.
std::string key_in(const std::string& body) {
    boost::system::error_code code;
    const json::value value = json::parse(body, code);
    if (code || !value.is_object()) return {};
    const auto* key = value.get_object().if_contains("key");
    return key && key->is_string() ? std::string{key->get_string()} : std::string{};
}

}  // namespace

std::string Desk::new_address() { return "http://127.0.0.1:" + std::to_string(port_) + "/#" + sessions_.new_key(); }

std::optional<Answer> Desk::answer(const Asked& asked, Moment now) {
    if (auto refusal = turned_away(asked, port_)) return refusal;
    const std::string path = asked.target.substr(0, asked.target.find('?'));
    if (path.starts_with("/v1/")) {
        constexpr std::array methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
        if (std::find(methods.begin(), methods.end(), asked.method) == methods.end())
            return not_with_this_method(asked, "GET, POST, PUT, PATCH, DELETE");
        if (sessions_.enter(token_of(asked), now)) return std::nullopt;
        return problem(401,
                       fail(Errc::not_permitted,
                            N_("You are not signed in here, or were away for too long. Press Enter in the terminal "
                               "where samsynk ui runs, and open the new address.")));
    }
    if (path == "/open") return asked.method == "POST" ? open(asked, now) : not_with_this_method(asked, "POST");
    auto found = page(path);
    if (path == "/catalog/sv") found = catalog();
    if (!found) return problem(404, fail(Errc::not_found, N_("There is nothing at {path}."), {{"path", path}}));
    if (asked.method != "GET") return not_with_this_method(asked, "GET");
    return found;
}

Answer Desk::open(const Asked& asked, Moment now) {
    const std::string key = key_in(asked.body);
    if (key.empty()) return problem(400, fail(Errc::bad_request, N_("“{key}” must be a text."), {{"key", "key"}}));
    const auto token = sessions_.open(key, now);
    if (!token)
        return problem(403,
                       fail(Errc::not_permitted,
                            N_("This address was used already, or is not the last one. Press Enter in the terminal "
                               "where samsynk ui runs, and open the new address.")));
    if (opened_) opened_();
    return {.body = json::serialize(json::object{{"token", *token}}) + "\n"};
}

Answer Desk::catalog() const {
    std::ifstream file{catalogs_ / "sv/LC_MESSAGES/samsynk.mo", std::ios::binary};
    if (!file) return problem(404, fail(Errc::not_found, N_("The Swedish words are not installed.")));
    return {.content_type = "application/octet-stream", .body = {std::istreambuf_iterator<char>{file}, {}}};
}

}  // namespace samsynk::ui
