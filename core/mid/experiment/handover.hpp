#pragma once
#include "mid/experiment/experiment.hpp"

namespace mid {

/// Puts the outcome of another Session's run into the cache, as a run of this specification here would.
void keep_outcome(StageCache& cache, const Spec& spec, const Device& device, const Outcome& outcome);

}  // namespace mid
