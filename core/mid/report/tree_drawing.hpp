#pragma once
#include "mid/report/drawing.hpp"
#include "mid/report/sheets.hpp"

namespace mid {

/// A whole tree, from the left to the right: questions in their pills, each leaf with its answer, the share of people in it and what
/// it tells of the secret beside everyone's share; orange where it gives the secret away; dashed what MID cut off.
Drawing arrange_tree(const TreeSheet& sheet);

}  // namespace mid
