// Hears when somebody presses Enter in the terminal.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

namespace samsynk::ui {

class EnterKey {
public:
    explicit EnterKey(boost::asio::any_io_executor executor);
    ~EnterKey();

    /// False: standard input is no terminal, and nothing is heard.
    bool listen(std::function<void()> pressed);
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace samsynk::ui
