#pragma once
#include "mid/base/json.hpp"
#include "mid/data/dataset.hpp"
#include "mid/model/tree.hpp"

namespace mid {

/// A tree as it is drawn, with what each node gives away:
///   {"values": names of the secret's values, "secret": its column's name, "everyone": [share of each value],
///    "nodes": [{"parent":-1, "branch":"yes", "question":"married" or "" of a leaf, "asks":true if it is the secret,
///               "answer":"<=50K", "confidence":.93, "share":.21, "values":[share of each value in it],
///               "gain":bits, "told":bits of its split}, ...],     parents first, the root is 0
///    "victims": [node where each victim ends, in the order of BeliefSheet's rows]}
/// Shares are over the training records. `data` is as table_as_inputs() gives it and has a secret.
Json tree_sheet(const Tree& tree, const Data& data);

}  // namespace mid
