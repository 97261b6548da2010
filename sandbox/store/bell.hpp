// Tells whoever waits that the store has changed, whichever process changed it.
#pragma once

#include <filesystem>

namespace samsynk::sandbox {

/// The bell that belongs to a store: a file without content beside it.
std::filesystem::path bell_of(const std::filesystem::path& store);

/// To be called when a change can be seen by others. Where there is no bell, nobody waits.
void ring(const std::filesystem::path& bell);

/// An inotify descriptor that becomes readable when the bell rings; it does not block. Makes the bell where there is
/// none. -1 where this machine can't.
int listen_to(const std::filesystem::path& bell);

/// Forgets the rings so far.
void hush(int listening);

}  // namespace samsynk::sandbox
