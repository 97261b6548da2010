#include "control/admission.hpp"

namespace samsynk::control {

bool Admission::enter(const Peer& peer) {
    if (all_ >= (peer.trusted ? most : most - reserved)) return false;
    if (peer.access == Access::none && strangers_ >= most_strangers) return false;
    std::size_t& own = users_[peer.uid];
    if (!peer.trusted && own >= most_a_user) return false;
    ++own;
    ++all_;
    if (peer.access == Access::none) ++strangers_;
    return true;
}

void Admission::leave(const Peer& peer) {
    if (--users_[peer.uid] == 0) users_.erase(peer.uid);
    --all_;
    if (peer.access == Access::none) --strangers_;
}

}  // namespace samsynk::control
