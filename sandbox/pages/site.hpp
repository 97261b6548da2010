// The pages of the sandbox: which address leads where, who may come in, and what keeps others out.
#pragma once

#include "sandbox/pages/visit.hpp"

namespace samsynk::sandbox {

class Site {
public:
    Site(OfficeStore& store, Accounts& accounts, TokenStore& tokens) : desk_{store, accounts, tokens} {}

    /// What a browser gets. Never throws for what a person can do wrong.
    ApiReply answer(const ApiRequest& request);
    /// Where something went wrong that is nobody's fault.
    static ApiReply sorry();

private:
    ApiReply answer_page(const ApiRequest& request);
    ApiReply answer_visit(Visit& visit);

    Desk desk_;
};

}  // namespace samsynk::sandbox
