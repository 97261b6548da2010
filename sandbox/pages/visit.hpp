// One request to a page: who comes, in which language, what the form says; and what a page answers.
#pragma once

#include <kainjow/mustache.hpp>
#include <map>
#include <string>
#include <vector>

#include "sandbox/pages/customer_list.hpp"
#include "sandbox/people/accounts.hpp"
#include "sandbox/people/guard.hpp"
#include "sandbox/people/sessions.hpp"
#include "sandbox/signin/token_store.hpp"
#include "sandbox/steps/steps.hpp"
#include "sandbox/store/office_store.hpp"
#include "sandbox/web/message.hpp"
#include "sandbox/words/words.hpp"

namespace samsynk::sandbox {

using PageData = kainjow::mustache::data;
using Form = std::map<std::string, std::string>;

/// What all pages work with.
struct Desk {
    OfficeStore& store;
    Accounts& accounts;
    TokenStore& tokens;
    CustomerList customers{};
    Sessions sessions{};
    SignInGuard by_email{5, std::chrono::minutes{15}};
    SignInGuard by_address{30, std::chrono::minutes{15}};
};

struct Visit {
    Desk& desk;
    const ApiRequest& request;
    std::string session_key;
    Session& session;
    Language language;
    std::string part;  ///< what stood for `*` in the address
    Form form;         ///< of a POST, decoded
    Steps steps{desk.store};

    std::string given(const std::string& name) const;  ///< as it was sent; empty where it is missing
    std::string field(const std::string& name) const;  ///< on one line, without blanks around it
    std::string word(const std::string& key, const std::vector<std::pair<std::string, std::string>>& args = {}) const {
        return say(language, key, args);
    }
    std::string word(const Message& message) const { return say(language, message); }
};

/// Sets a text, unless it is empty: so that `{{#name}}` asks whether there is one.
void put(PageData& data, const std::string& name, const std::string& text);

/// The page `assets/pages/NAME`, with what every page has: title, who is signed in, the notice, the form's key.
ApiReply page(Visit& visit, const std::string& name, const std::string& title, PageData data = {}, int status = 200);
/// A page that says one thing.
ApiReply tell(Visit& visit, int status, const std::string& title, const std::string& sentence);
/// To another page of ours, which says `notice` once.
ApiReply go(Visit& visit, const std::string& path, const std::string& notice = {});
ApiReply not_found(Visit& visit);

/// An address of ours that may be gone to; else `/`.
std::string own_path(const std::string& given);

/// As it stands in an address' query; slashes stay.
std::string encoded(const std::string& text);

/// The fields of a form (application/x-www-form-urlencoded).
Form read_form(const std::string& body);

/// The status of a page that shows why something was refused.
int status_of(const Error& error);

}  // namespace samsynk::sandbox
