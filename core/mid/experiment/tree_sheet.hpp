#pragma once
#include "mid/base/json.hpp"
#include "mid/base/task.hpp"
#include "mid/data/dataset.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// A tree as it is drawn, with what each node gives away:
///   {"values": names of the secret's values, "secret": its column's name,
///    "nodes": [{"parent":-1, "branch":"yes", "question":"married" or "" of a leaf, "asks":true if it is the secret,
///               "answer":"<=50K", "confidence":.93, "share":.21, "values":[share of each value in it],
///               "tells":.93 and "tells_name":"married", the share of one value and its name ("yes" of a question; of three values
///               and more the one that is most beyond everyone's share), "everyone":.47 at the root, "gives_away":true if those
///               two are more than .25 apart,
///               "gain":bits, "told":bits of its split,
///               "cut":{"question":"age", "asks":false, "leaves":7} of a leaf that MID kept from being split, else null}, ...],
///              parents first, the root is 0
///    "victims": [node where each victim ends, in the order of BeliefSheet's rows]}
/// Shares are over the training records. `uncut` is the tree as it would have gone on below its leaves (uncut_tree()); `data` is
/// as table_as_inputs() gives it and has a secret.
Task tree_sheet(const Tree& tree, const Tree& uncut, const Data& data, Json& out);

}  // namespace mid
