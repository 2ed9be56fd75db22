#pragma once
#include "mid/base/json.hpp"
#include "mid/report/drawing.hpp"

namespace mid {

/// A whole tree, from the left to the right: questions in their pills, each leaf with its answer, the share of people in it and what
/// it tells of the secret beside everyone's share; orange where it gives the secret away; dashed what MID cut off. `sheet` is what
/// experiment/tree_sheet.hpp writes.
Drawing arrange_tree(const Json& sheet);

}  // namespace mid
