// What is made when the sandbox starts for the first time: the secret of the agent's client, and the office's sign-in.
#pragma once

#include <filesystem>
#include <string>

#include "sandbox/people/accounts.hpp"
#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {

/// The secret in DATA/client_secret.
std::string client_secret(const std::filesystem::path& data);

/// Someone who works at the office, with the office's e-mail address. The address and the password stand in
/// DATA/office_sign_in, a line each, readable by its owner only.
void make_office_sign_in(const std::filesystem::path& data, OfficeStore& store, Accounts& accounts);

}  // namespace samsynk::sandbox
