#include "service/signin/token_file.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "posix/small_file.hpp"
#include "service/json_reader.hpp"

namespace samsynk::service {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t version = 1;
constexpr std::size_t most_bytes = 256 * 1024;

// The content; nothing where there is no file, or it can't be read.
std::optional<std::string> read_whole(const fs::path& file, bool& missing) {
    const posix::UniqueFd descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    missing = !descriptor && (errno == ENOENT || errno == ENOTDIR);
    if (!descriptor) return std::nullopt;
    auto text = posix::read_all(descriptor, most_bytes + 1);
    if (text.has_error() || text->size() > most_bytes) return std::nullopt;
    return std::move(*text);
}

std::string to_text(const Kept& kept) {
    return json::serialize(json::object{
               {"version", version},
               {"generation", kept.generation},
               {"issuer", kept.issuer},
               {"client_id", kept.client_id},
               {"refresh_token", kept.refresh_token},
               {"previous", kept.previous},
               {"expires_at", kept.expires_at ? json::value(to_rfc3339(*kept.expires_at)) : json::value(nullptr)},
               {"seed", kept.seed}}) +
           "\n";
}

// Nothing where the text is not whole, or of another version.
std::optional<Kept> from_text(const std::string& text) try {
    const auto value = parse_json(text);
    if (value.has_error()) return std::nullopt;
    const JsonReader reader{*value};
    if (reader.number("version") != version) return std::nullopt;
    Kept kept{.issuer = reader.text("issuer"),
              .client_id = reader.text("client_id"),
              .refresh_token = reader.text("refresh_token"),
              .previous = reader.text("previous"),
              .seed = reader.text("seed"),
              .generation = static_cast<std::uint64_t>(reader.number("generation"))};
    if (const std::string at = reader.text_or_empty("expires_at"); !at.empty()) {
        const auto time = parse_rfc3339(at);
        if (time.has_error()) return std::nullopt;
        kept.expires_at = *time;
    }
    return kept;
} catch (const WrongShape&) {
    return std::nullopt;
}

std::optional<Kept> read_kept(const fs::path& file, bool& missing) {
    const auto text = read_whole(file, missing);
    return text ? from_text(*text) : std::nullopt;
}

}  // namespace

TokenFile::TokenFile(fs::path folder, Step step)
    : folder_{std::move(folder)},
      file_{folder_ / "token.json"},
      new_file_{folder_ / "token.json.new"},
      step_{std::move(step)} {}

Error TokenFile::failed(int number) const {
    return fail(Errc::state_failed,
                N_("The sign-in can't be kept in {file} ({why}). It is tried again. Check the disk and the folder's "
                   "permissions."),
                {{"file", file_.string()}, {"why", std::strerror(number)}});
}

Result<std::optional<Kept>> TokenFile::load() {
    bool missing = false, no_new = false;
    auto kept = read_kept(file_, missing);
    auto newer = read_kept(new_file_, no_new);
    if (newer && (!kept || newer->generation > kept->generation)) {
        (void)put_in_place();  // where it can't be now, the next save does it
        return newer;
    }
    if (kept) return kept;
    if (missing) return std::optional<Kept>{};
    return fail(Errc::sign_in_failed,
                N_("The sign-in kept in {file} can't be read. Check its permissions; else someone who may act for the "
                   "office must sign in again with: samsynk login"),
                {{"file", file_.string()}});
}

Result<void> TokenFile::make_folder() const {
    struct stat status {};
    if (::stat(folder_.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        if ((status.st_mode & 0777) != 0700 && ::chmod(folder_.c_str(), 0700) != 0) return failed(errno);
        return {};
    }
    before("mkdir");
    std::error_code code;
    fs::create_directories(folder_.parent_path(), code);
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return failed(errno);
    before("flush the parent");
    if (const auto flushed = posix::flush(folder_.parent_path()); flushed.has_error())
        return failed(flushed.error().value());
    return {};
}

Result<void> TokenFile::write_new(const std::string& text) const {
    before("open");
    const posix::UniqueFd descriptor{
        ::open(new_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!descriptor || ::fchmod(descriptor.get(), 0600) != 0) return failed(errno);
    const std::string_view whole = text;
    const std::size_t half = text.size() / 2;
    before("write the first half");
    auto done = posix::write_all(descriptor, whole.substr(0, half));
    if (done.has_value()) before("write the second half");
    if (done.has_value()) done = posix::write_all(descriptor, whole.substr(half));
    if (done.has_value()) before("flush");
    if (done.has_value()) done = posix::flush(descriptor);
    return done.has_value() ? Result<void>{} : failed(done.error().value());
}

Result<void> TokenFile::put_in_place() const {
    before("rename");
    if (::rename(new_file_.c_str(), file_.c_str()) != 0) return failed(errno);
    before("flush the folder");
    if (const auto flushed = posix::flush(folder_); flushed.has_error()) return failed(flushed.error().value());
    return {};
}

Result<void> TokenFile::save(const Kept& kept) {
    if (auto made = make_folder(); made.has_error()) return made.error();
    // A save before this one may have left the only whole copy of a newer token in the new file.
    bool ignored = false;
    const auto now = read_kept(file_, ignored), newer = read_kept(new_file_, ignored);
    if (newer && (!now || newer->generation > now->generation))
        if (auto placed = put_in_place(); placed.has_error()) return placed.error();
    if (auto written = write_new(to_text(kept)); written.has_error()) return written.error();
    return put_in_place();
}

std::string fingerprint(const std::string& token) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(token.data(), token.size(), digest.data(), &length, EVP_sha256(), nullptr);
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        constexpr const char* digits = "0123456789abcdef";
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

}  // namespace samsynk::service
