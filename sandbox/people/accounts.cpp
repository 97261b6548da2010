#include "sandbox/people/accounts.hpp"

#include <SQLiteCpp/Statement.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "core/ids.hpp"

namespace samsynk::sandbox {
namespace {

constexpr const char* shape = R"sql(
CREATE TABLE IF NOT EXISTS accounts (
  email TEXT PRIMARY KEY, name TEXT NOT NULL, office TEXT NOT NULL, salt TEXT NOT NULL, password BLOB NOT NULL) WITHOUT ROWID;
)sql";
constexpr std::size_t shortest = 10, longest = 200;

// 16 MiB and about 50 ms each: dear for who guesses.
std::string hash_of(const std::string& password, const std::string& salt) {
    std::string hash(32, '\0');
    if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size(), 1 << 14, 8, 1, 64 << 20, reinterpret_cast<unsigned char*>(hash.data()),
                       hash.size()) != 1)
        throw std::runtime_error("scrypt failed");
    return hash;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string email_key(std::string text) {
    const auto first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
    text = first == std::string::npos ? "" : text.substr(first, last - first + 1);
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

Accounts::Accounts(const std::filesystem::path& file)
    : database_{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 10000} {
    database_.exec("PRAGMA journal_mode = WAL");
    database_.exec(shape);
}

std::optional<Account> Accounts::find(const std::string& email) {
    SQLite::Statement row{database_, "SELECT email, name, office FROM accounts WHERE email = ?"};
    row.bind(1, email_key(email));
    if (!row.executeStep()) return std::nullopt;
    return Account{row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString()};
}

Result<Account> Accounts::add(const Account& account, const std::string& password) {
    if (characters(password) < shortest || password.size() > longest)
        return fail(Errc::bad_request, N_("Choose a password of at least ten characters."));
    const std::string salt = random_hex(16), hash = hash_of(password, salt);
    SQLite::Statement row{database_, "INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?, ?)"};
    row.bind(1, email_key(account.email));
    row.bind(2, account.name);
    row.bind(3, account.office);
    row.bind(4, salt);
    row.bind(5, hash.data(), static_cast<int>(hash.size()));
    if (row.exec() == 0)
        return fail(Errc::duplicate, N_("{email} has an account already. Sign in with its password."),
                    {{"email", email_key(account.email)}});
    return *find(account.email);
}

void Accounts::move(const std::string& office, const std::string& to) {
    SQLite::Statement row{database_, "UPDATE accounts SET office = ? WHERE office = ? AND office <> ''"};
    row.bind(1, to);
    row.bind(2, office);
    row.exec();
}

std::optional<Account> Accounts::sign_in(const std::string& email, const std::string& password) {
    if (password.size() > longest) return std::nullopt;
    SQLite::Statement row{database_, "SELECT salt, password FROM accounts WHERE email = ?"};
    row.bind(1, email_key(email));
    const bool known = row.executeStep();
    const std::string salt = known ? row.getColumn(0).getString() : "none";
    const std::string kept = known ? row.getColumn(1).getString() : std::string(32, '\0');
    const std::string given = hash_of(password, salt);
    if (!known || kept.size() != given.size() || CRYPTO_memcmp(kept.data(), given.data(), kept.size()) != 0)
        return std::nullopt;
    return find(email);
}

}  // namespace samsynk::sandbox
