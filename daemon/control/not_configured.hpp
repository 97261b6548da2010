// What is answered while the configuration says nothing yet.
#pragma once

#include <filesystem>

#include "control/exchange.hpp"

namespace samsynk::control {

/// 503 `not_configured` to all but `GET /healthz` and `POST /v1/reload`, which calls `reload`.
class NotConfigured : public Answerer {
public:
    using Reload = std::function<Result<void>()>;
    NotConfigured(std::filesystem::path file, Reload reload) : file_{std::move(file)}, reload_{std::move(reload)} {}
    boost::asio::awaitable<Response> answer(Request request) override;

private:
    std::filesystem::path file_;
    Reload reload_;
};

/// The same as a sentence.
Error not_configured(const std::filesystem::path& file);

}  // namespace samsynk::control
