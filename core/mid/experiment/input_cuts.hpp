#pragma once
#include <vector>

#include "mid/data/dataset.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// The cuts of a tree's columns (Tree::cuts) in the units of the inputs that networks take of the same data, which some data sets scale:
/// between the same two records on either side of a cut, as far from each. Of a column that is no input of that name they stay as they
/// are. Throws Error naming "run" where an input does not rise with its column.
std::vector<std::vector<float>> input_cuts(const Tree& tree, const Dataset& set);

}  // namespace mid
