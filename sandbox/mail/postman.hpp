// Sends what is in the outbox, on a thread and a connection of its own: no mail server, slow or dead, holds up anything
// else.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "sandbox/mail/delivery.hpp"

namespace samsynk::sandbox {

class Postman {
public:
    struct Route {
        std::filesystem::path store;
        std::string site;                       ///< where the pages are
        std::string from;                       ///< the sender's e-mail address
        std::chrono::milliseconds grace{2000};  ///< for a conversation that goes on when it is to end
    };

    /// Begins at once, with all that waits. Throws where it can't.
    Postman(Route route, std::unique_ptr<Delivery> delivery);
    /// Ends when the letter on its way is delivered, or after the grace; what is not sent waits in the outbox.
    ~Postman();
    Postman(const Postman&) = delete;
    Postman& operator=(const Postman&) = delete;

private:
    void work();
    void rounds();
    void wait(std::chrono::milliseconds longest);

    Route route_;
    std::unique_ptr<Delivery> delivery_;
    int bell_, stop_;
    std::atomic<std::chrono::steady_clock::rep> end_by_;
    bool fresh_ = true;
    std::thread thread_;
};

}  // namespace samsynk::sandbox
