// The processes of bridges: which live, and what they left behind when they ended.
#pragma once

#include <sys/types.h>

#include <string>

namespace samsynk::installations {

/// From now on a descendant that loses its parent becomes a child of ours, wherever it moved (`setsid`), instead of
/// outliving its bridge. For a process whose children are bridges alone.
void adopt_orphans();

/// In the environment of a bridge, and so of what it starts.
inline constexpr const char* bridge_mark = "SAMSYNK_BRIDGE";

/// A bridge from before its start until it was reaped.
class BridgeStart {
public:
    BridgeStart();
    ~BridgeStart();  ///< where it did not come to a process, the mark is no living bridge's any more
    BridgeStart(const BridgeStart&) = delete;
    BridgeStart& operator=(const BridgeStart&) = delete;

    const std::string& mark() const { return mark_; }
    void has_begun(pid_t pid);

private:
    std::string mark_;
    bool begun_ = false;
};

/// The process was reaped: what it left is ended.
void bridge_ended(pid_t pid);

/// Ends what bridges left that live no more, and reaps what has ended. True: there is something left to look after.
bool end_what_bridges_left();

}  // namespace samsynk::installations
