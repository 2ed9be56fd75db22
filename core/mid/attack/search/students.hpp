#pragma once
#include <vector>

#include "mid/base/context.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// Networks that learn to answer as `target` does, without its noise, from what it says of public records (`inputs`, not normalised): the
/// cross entropy of its confidences, 50 rounds of Adam. Shapes in turn: 64, 256, and 128-128 hidden units. A search that has to please
/// them, too, finds less of what only fools the target. Nguyen et al., CVPR 2023 (LOMMA, "model augmentation").
Task learn_students(Context& context, const Network& target, Matrix inputs, int count, std::vector<Network>& out);

}  // namespace mid
