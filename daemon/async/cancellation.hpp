// Ends at once whatever is waited for, at any step, and all that comes after it.
#pragma once

#include <functional>
#include <list>

namespace samsynk {

class CancellationSource {
public:
    void cancel() {
        cancelled_ = true;
        for (const auto& end_wait : waits_) end_wait();
    }
    bool cancelled() const { return cancelled_; }

private:
    friend class CancellationRegistration;
    std::list<std::function<void()>> waits_;
    bool cancelled_ = false;
};

/// While it lives, `cancel()` calls `end_wait`, which makes what is waited for end soon.
class CancellationRegistration {
public:
    CancellationRegistration(CancellationSource& source, std::function<void()> end_wait)
        : source_{source}, at_{source.waits_.insert(source.waits_.end(), std::move(end_wait))} {}
    ~CancellationRegistration() { source_.waits_.erase(at_); }
    CancellationRegistration(const CancellationRegistration&) = delete;
    CancellationRegistration& operator=(const CancellationRegistration&) = delete;

private:
    CancellationSource& source_;
    std::list<std::function<void()>>::iterator at_;
};

}  // namespace samsynk
