#include "simulation/plants.hpp"

namespace samsynk::simulation {
namespace {

thread_local std::string now;

}  // namespace

std::string_view planted() { return now; }
void plant(std::string_view name) { now = name; }

std::vector<std::string> all_plants() {
    std::vector<std::string> names{"new_id_on_retry", "absence_is_false", "no_compare_and_set", "epoch_409_ignored"};
#ifdef SAMSYNK_PLANTED
#include "planted_names.inc"
#endif
    return names;
}

}  // namespace samsynk::simulation
