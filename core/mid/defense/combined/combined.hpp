#pragma once
#include "mid/defense/defense.hpp"

namespace mid {

/// What the object "defense" of a checked specification changes about training a network: its defence's hooks, or those of both where it
/// has one more in "also". Prices add up; everything else at most one of the two has, which is what their places are for. `prepare` and
/// `finish` of two are null here: each is called with its own object (defense_parts).
NetworkHooks network_hooks(const Json& defense);

}  // namespace mid
