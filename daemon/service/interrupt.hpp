// Ends at once whatever a client waits for, at any step, and all that comes after it.
#pragma once

#include <functional>
#include <list>

namespace samsynk::service {

class Interrupt {
public:
    /// While it lives, `stop()` calls `end_wait`, which makes what is waited for end soon.
    class Wait {
    public:
        Wait(Interrupt& interrupt, std::function<void()> end_wait)
            : interrupt_{interrupt}, at_{interrupt.waits_.insert(interrupt.waits_.end(), std::move(end_wait))} {}
        ~Wait() { interrupt_.waits_.erase(at_); }
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;

    private:
        Interrupt& interrupt_;
        std::list<std::function<void()>>::iterator at_;
    };

    void stop() {
        stopped_ = true;
        for (const auto& end_wait : waits_) end_wait();
    }
    bool stopped() const { return stopped_; }

private:
    std::list<std::function<void()>> waits_;
    bool stopped_ = false;
};

}  // namespace samsynk::service
