#include "sandbox/server/first_start.hpp"

#include <sys/stat.h>

#include <fstream>

#include "core/ids.hpp"

namespace samsynk::sandbox {
namespace {

void write_secret(const std::filesystem::path& file, const std::string& text) {
    const auto mask = ::umask(0077);
    std::ofstream{file} << text;
    ::umask(mask);
}

}  // namespace

std::string client_secret(const std::filesystem::path& data) {
    const auto file = data / "client_secret";
    std::string secret;
    if (std::ifstream in{file}; in >> secret) return secret;
    secret = random_hex(24);
    write_secret(file, secret + "\n");
    return secret;
}

void make_office_sign_in(const std::filesystem::path& data, OfficeStore& store, Accounts& accounts) {
    const Office office = store.office();
    if (accounts.find(office.email)) return;
    const std::string password = random_hex(8);
    if (accounts.add({.email = office.email, .name = office.name, .office = office.company}, password).has_value())
        write_secret(data / "office_sign_in", office.email + "\n" + password + "\n");
}

}  // namespace samsynk::sandbox
