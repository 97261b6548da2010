// A person's sign-in in memory and on disk, shared by all who renew it: one at a time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "agent/ports.hpp"
#include "async/mutex.hpp"
#include "core/secrets.hpp"
#include "service/signin/token_file.hpp"

namespace samsynk::service {

class Keeper {
public:
    Keeper(TokenFile file, boost::asio::any_io_executor pool) : file_{std::move(file)}, pool_{std::move(pool)} {}

    /// Whoever reads or changes what is kept holds a turn of this meanwhile.
    const std::shared_ptr<AsyncMutex>& mutex() const { return mutex_; }

    /// Reads the disk, the first time. Error sign_in_failed; then nothing is known, and the next call tries again.
    agent::Async<> load();
    /// Empty until `load` has succeeded, or where nobody has signed in.
    const std::optional<Kept>& kept() const { return kept_; }

    /// In memory at once, and on disk on return. Error state_failed: it is not on disk yet; `settle` tries again.
    agent::Async<> keep(Kept kept);
    /// Puts on disk what could not be before. Does nothing where all is. Error state_failed.
    agent::Async<> settle();

private:
    agent::Async<> save();
    void hide();

    TokenFile file_;
    boost::asio::any_io_executor pool_;
    std::shared_ptr<AsyncMutex> mutex_ = std::make_shared<AsyncMutex>();
    std::optional<Kept> kept_;
    std::vector<PresentSecret> hidden_;  ///< its tokens
    bool loaded_ = false;
    bool unsaved_ = false;
};

}  // namespace samsynk::service
