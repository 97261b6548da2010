#include "app/keep_secrets_in.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace samsynk::app {

void keep_secrets_in() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // the leak checker looks into its own process
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace samsynk::app
