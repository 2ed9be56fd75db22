#pragma once
#include <string>

#include "mid/base/json.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// The whole tree as JSON: {"format": "midlab-tree-1", "criterion", "lambda_comparable", "classes", "columns": [{"name",
/// "numeric", "categories", "cuts"}], "nodes": [{"depth", "counts", "column", "split", "cut", "child"}]}; leaves have "depth"
/// and "counts" only; "cut" is of cuts only. Reading it back gives the same tree, bit for bit.
Json tree_json(const Tree& tree);

/// Reads what tree_json wrote. Throws Error naming what is wrong, beginning with `path` (a file's name), for anything that is not
/// a tree: other formats, missing keys, children that are not there, counts that are negative or of another length, a column
/// named twice, more than 100 levels.
Tree tree_from_json(const Json& j, const std::string& path);

/// A graph in DOT (Graphviz): a box a node with its rows, majority class and counts; an arrow a branch.
std::string tree_dot(const Tree& tree);

/// The tree to read, one line a branch, two spaces a level:
///
///     all: 7500 rows, <=50K 76 %
///       married = no: 3954 rows, <=50K 94 %
std::string tree_text(const Tree& tree);

}  // namespace mid
