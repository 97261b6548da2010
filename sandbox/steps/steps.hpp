// The steps of the flow, carried out: each is one transaction with its letters, whoever takes it (a page or the command
// line). The rules are sandbox/flow's.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {

/// Whose step it is, about which company. Errors of every step: not_found; changed_meanwhile, where the customer is
/// not at the version that was seen; rejected, as the rules say. Then nothing has changed.
struct Asked {
    OrgNumber company;
    Party by = Party::office;
    std::string office = {};                        ///< its number; empty: not asked for
    std::optional<std::int64_t> seen_version = {};  ///< of the page that it was decided on
};

class Steps {
public:
    explicit Steps(OfficeStore& store) : store_{store} {}

    /// Id, office's name, times and token of the activation are filled in.
    Result<StoredCustomer> activate(const Asked& asked, Activation activation);
    Result<StoredCustomer> remind(const Asked& asked);
    Result<StoredCustomer> withdraw(const Asked& asked);
    Result<StoredCustomer> approve(const Asked& asked);
    Result<StoredCustomer> accept_terms(const Asked& asked);
    Result<StoredCustomer> decline(const Asked& asked);
    Result<StoredCustomer> expire(const Asked& asked);
    Result<StoredCustomer> end_now(const Asked& asked);
    Result<StoredCustomer> end_on(const Asked& asked, const std::string& last_day);

    struct Choices {
        std::optional<bool> send_all_invoices, receive_invoices;
    };
    /// Choices that are made stay made: what is left out is left as it is.
    Result<StoredCustomer> choose(const Asked& asked, const Choices& choices);
    /// Error bad_request, here and below: the name is none, see entered_name.
    Result<StoredCustomer> add_assignment(const Asked& asked, const std::string& entered);
    /// A company that the office takes on. Where another office has it already, it is the same company, and its name
    /// stays. Error duplicate: it is the office's customer already.
    Result<StoredCustomer> add_customer(const std::string& office, Customer customer);
    /// The office whose account the daemon sees, or another one.
    Result<void> name_office(Office office, bool another);

private:
    using Rule = std::function<Result<void>(Customer&)>;
    Result<StoredCustomer> take(const Asked& asked, Step step, const Rule& rule);
    Result<StoredCustomer> change(const Asked& asked, const Rule& rule,
                                  const std::function<void(const Customer& before, const Customer& after)>& letters);
    void post(const Taken& taken, const Customer& customer);

    OfficeStore& store_;
};

}  // namespace samsynk::sandbox
