// A small gateway on the loopback between a browser and the daemon's control socket, for the one who has started it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/error.hpp"

namespace samsynk::ui {

struct GatewayOptions {
    std::string socket;              ///< the daemon's
    std::uint16_t port = 0;          ///< 0: any that is free
    std::filesystem::path catalogs;  ///< the folder with the Swedish words: sv/LC_MESSAGES/samsynk.mo
};

class Gateway {
public:
    Gateway(boost::asio::any_io_executor executor, GatewayOptions options);
    ~Gateway();

    /// Listens at 127.0.0.1, and answers from now on. Errors: busy, not_permitted: of the port.
    Result<void> start();
    void stop();

    std::uint16_t port() const;
    /// With a key that is good once; an earlier one is not good any more.
    std::string new_address();
    /// Is called when somebody has used the key.
    void on_opened(std::function<void()> opened);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samsynk::ui
