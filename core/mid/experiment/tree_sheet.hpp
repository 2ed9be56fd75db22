#pragma once
#include "mid/base/task.hpp"
#include "mid/data/dataset.hpp"
#include "mid/model/tree/tree.hpp"
#include "mid/report/sheets.hpp"

namespace mid {

/// A tree as it is drawn, with what each node gives away. `uncut` is the tree as it would have gone on below its leaves
/// (uncut_tree()); `data` is as table_as_inputs() gives it and has a secret.
Task tree_sheet(const Tree& tree, const Tree& uncut, const Data& data, TreeSheet& out);

}  // namespace mid
