// A postman's round: every letter that is due is sent, and what became of it is written down.
#pragma once

#include <functional>
#include <string>

#include "sandbox/mail/delivery.hpp"
#include "sandbox/store/office_store.hpp"

namespace samsynk::sandbox {

class Round {
public:
    struct Around {
        std::string site, from;
        std::function<Time()> clock;
        std::function<bool()> stop;                   ///< no other letter is begun
        std::function<bool()> give_up;                ///< nor is one waited for
        std::function<void(const std::string&)> log;  ///< a line for the sandbox's administrator
    };

    Round(OfficeStore& store, Delivery& delivery, Around around)
        : store_{store}, delivery_{delivery}, around_{std::move(around)} {}

    /// Ends when nothing is due, when no letter gets through, or when it is to stop.
    void go();

private:
    Delivered send(const PostedLetter& letter);
    bool record(const PostedLetter& letter, const Delivered& delivered);
    void tell(const PostedLetter& letter, const Delivered& delivered);

    OfficeStore& store_;
    Delivery& delivery_;
    Around around_;
    std::string way_trouble_;  // what was logged of the way; empty: it is open
};

/// `20261125T203416Z-000012-5560160680-reminder`: without the number where that is a person's.
std::string parcel_name(const PostedLetter& letter);

}  // namespace samsynk::sandbox
