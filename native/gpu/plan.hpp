#pragma once
#include <cstddef>
#include <vector>

#include "kernels.hpp"

namespace mid::gpu {

/// A Program as kernels in order, with the buffers that its values share.
struct Plan {
  std::vector<Dispatch> dispatches;
  /// Buffer of each node's numbers; -1: none (inside a kernel only, a Parameter's, or not needed).
  std::vector<int> buffer_of;
  std::vector<std::size_t> buffer_floats;
};

/// Chooses kernels: what has one shape and is waiting goes into one (kernels.hpp, Chain), with at most `most_buffers` buffers a
/// kernel; what nobody needs is left out; a buffer is used again when its last reader has run. Inputs, constants and kept
/// values have buffers of their own. Throws Failure for a matrix without rows or columns.
Plan plan(const Program& program, std::size_t most_buffers);

}  // namespace mid::gpu
