// The contract: what each call answers. Knows the store and the flow, but no sockets.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>

#include "sandbox/store/office_store.hpp"
#include "sandbox/web/message.hpp"

namespace samsynk::sandbox {

ApiReply problem(int status, const std::string& code, const std::string& detail);

class Contract {
public:
    explicit Contract(OfficeStore& store) : store_{store} {}

    ApiReply answer(const ApiRequest& request);

private:
    ApiReply list(const ApiRequest& request);
    ApiReply changes(const ApiRequest& request);
    ApiReply one(const std::string& company);
    ApiReply set_preferences(const ApiRequest& request);
    ApiReply register_installation(const ApiRequest& request, const std::string& id);
    ApiReply release(const std::string& id, const std::string& company);
    boost::json::object apply(const boost::json::value& operation);
    boost::json::object change(const boost::json::object& operation, const std::string& body);

    OfficeStore& store_;
};

}  // namespace samsynk::sandbox
