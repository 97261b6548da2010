// The people who sign in to the sandbox's pages, in SQLite: those of an office, and customers' administrators.
#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>
#include <string>

#include "core/error.hpp"

namespace samsynk::sandbox {

struct Account {
    std::string email;  ///< in lower case
    std::string name;
    std::string office;  ///< the number of the office that the person works at; empty: a customer's
};

/// An address as it is compared: without blanks around it, in lower case.
std::string email_key(std::string text);

/// Passwords are kept as scrypt makes of them. Throws SQLite::Exception.
class Accounts {
public:
    explicit Accounts(const std::filesystem::path& file);

    std::optional<Account> find(const std::string& email);
    /// Errors: duplicate; bad_request, where the password is shorter than ten characters or longer than 200.
    Result<Account> add(const Account& account, const std::string& password);
    /// Who worked at one office works at the other.
    void move(const std::string& office, const std::string& to);
    /// The account where the password is right. Takes as long where there is no such account.
    std::optional<Account> sign_in(const std::string& email, const std::string& password);

private:
    SQLite::Database database_;
};

}  // namespace samsynk::sandbox
