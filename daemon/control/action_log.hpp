// Who asked for what: each action on the control socket becomes an event before its answer leaves.
#pragma once

#include "control/exchange.hpp"
#include "core/event.hpp"

namespace samsynk::control {

/// Passes requests on. Looking is not logged; what was refused is.
class ActionLog : public Answerer {
public:
    ActionLog(Answerer& next, EventSink& events) : next_{next}, events_{events} {}
    boost::asio::awaitable<Response> answer(Request request) override;

private:
    Answerer& next_;
    EventSink& events_;
};

}  // namespace samsynk::control
