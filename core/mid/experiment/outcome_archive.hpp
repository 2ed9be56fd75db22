#pragma once
#include <string>

#include "mid/base/archive.hpp"
#include "mid/experiment/experiment.hpp"

namespace mid {

/// An Outcome as bytes, for the stage cache, and back.
std::string pack_outcome(const Outcome& outcome);
/// Throws Damaged, Error or Json::exception for bytes that are none.
Outcome unpack_outcome(Unpacker& in);

}  // namespace mid
