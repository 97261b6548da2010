// The pages, each with the file that it lives in. What they answer is described in docs/flow.md.
#pragma once

#include "sandbox/pages/visit.hpp"

namespace samsynk::sandbox {

// start.cpp
ApiReply start_page(Visit& visit);
ApiReply sign_in_page(Visit& visit);
ApiReply sign_in(Visit& visit);
ApiReply sign_out(Visit& visit);
ApiReply choose_language(Visit& visit);

// device.cpp: the codes of `samsynk login`
ApiReply device_page(Visit& visit);
ApiReply answer_device(Visit& visit);

// byra_customers.cpp
ApiReply customers_page(Visit& visit);
ApiReply new_customer_page(Visit& visit);
ApiReply add_customer(Visit& visit);

// byra_customer.cpp
ApiReply customer_page(Visit& visit);
ApiReply assignments_page(Visit& visit);
ApiReply add_assignment(Visit& visit);
ApiReply collaborations_page(Visit& visit);

// byra_collaboration.cpp
ApiReply collaboration_page(Visit& visit);
ApiReply take_office_step(Visit& visit);

// byra_activate.cpp
ApiReply activate_page(Visit& visit);
ApiReply activate_collaboration(Visit& visit);

// invitation.cpp: where the e-mail's link leads
ApiReply invitation_page(Visit& visit);
ApiReply choose_password(Visit& visit);

// spiris.cpp
ApiReply companies_page(Visit& visit);
ApiReply company_page(Visit& visit);
ApiReply take_customer_step(Visit& visit);

// invoicing.cpp
ApiReply invoicing_start(Visit& visit);
ApiReply invoicing_page(Visit& visit);
ApiReply save_invoicing(Visit& visit);

}  // namespace samsynk::sandbox
