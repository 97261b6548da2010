// How many may be connected at a time: one user's connections never keep out everybody else.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>

#include "control/access.hpp"

namespace samsynk::control {

/// Root and the daemon's own user always find a place that others can't take.
class Admission {
public:
    static constexpr std::size_t most = 512;           ///< connections in all
    static constexpr std::size_t reserved = 64;        ///< of these, for root and the daemon's own user
    static constexpr std::size_t most_a_user = 256;    ///< of one user
    static constexpr std::size_t most_strangers = 16;  ///< of all who may not even look, while they are told so

    /// False: there is no room for this one. Else `leave` is to be called when it has gone.
    bool enter(const Peer& peer);
    void leave(const Peer& peer);

private:
    std::map<uid_t, std::size_t> users_;
    std::size_t all_ = 0, strangers_ = 0;
};

}  // namespace samsynk::control
