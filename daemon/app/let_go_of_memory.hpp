// The agent rests most of its life: what only the work needed is given back meanwhile.
#pragma once

namespace samsynk::app {

/// Frees what the heap keeps in store, and unmaps the pages of program text; those that are used again come back from
/// the page cache by themselves.
void let_go_of_memory();

}  // namespace samsynk::app
