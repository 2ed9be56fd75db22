#pragma once
#include <string>
#include <string_view>

#include "mid/run/experiment.hpp"

namespace mid {

/// An Outcome as bytes, for the stage cache, and back.
std::string pack_outcome(const Outcome& outcome);
Outcome unpack_outcome(std::string_view bytes);

}  // namespace mid
