#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/param.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// The object "model" of a specification whose kind is tree.
struct TreeSpec {
  int max_depth = 6;
  int min_leaf = 25;
  std::string numeric = "bins";          ///< bins: one child for each of 8 quantile bins; cuts: x <= cut or not, may repeat
  std::string criterion = "entropy";     ///< entropy: gain in bits; gini: gain in Gini units
  std::optional<std::string> file = {};  ///< a tree grown elsewhere; nothing else is read then
  static std::vector<Param> params();
};

/// What MID, and depth placement, change about choosing a split.
struct TreePenalty {
  enum class On {
    every_split,  ///< global MID: lambda dI of whatever splits
    secret,       ///< targeted MID: lambda dI of splits on the secret's column, 0 of the others
  };
  On on = On::every_split;
  double lambda = 0;                ///< gain given up for one bit; no unit with criterion gini, and not comparable there
  int secret = -1;                  ///< the secret's column; -1: none
  std::optional<int> secret_depth;  ///< depth placement: the secret may be split on only at this depth; empty: anywhere
};

/// Grows a tree on all rows of `data`: at each node the split with the largest gain - lambda dI, ties within 1e-12 to the
/// lower column, then the lower cut; none where the best is <= 1e-12, the node is pure or at max_depth, or no split leaves
/// min_leaf rows in every child that has any. Numeric columns are cut at the quantiles of these rows.
///
/// One row, one class, constant or empty columns give a single leaf. Throws Error (see check_tree_data; data.sensitive where
/// the penalty needs a secret and there is none) and Failure where there are no rows.
///
/// Time grows with rows x columns x depth: nodes share histograms of codes and classes, and a node's largest child gets its
/// histogram by subtraction. The caller begins the stage of context.progress (unit "level"); done and total are levels,
/// live["leaves"] the leaves so far. Ticks every half million histogram entries and at each node; each node is a turn of a save
/// point called `name`, which nothing else in the run is called.
/// Source: Quinlan 1986 (ID3); the penalty is method.md section 3, "Tree, pinned" and "Targeted MID" (derived, not the paper's).
Task grow_tree(Context& context, std::string name, TreeData data, TreeSpec spec, TreePenalty penalty, Tree& out);

/// Goes on where a penalty stopped: `begun`, which grow_tree grew on the same data and spec, with its leaves split further as if
/// nothing cost anything. What lies below a leaf of `begun` is what the penalty cut off. `begun` outlives the task.
Task grow_on(Context& context, TreeData data, TreeSpec spec, const Tree& begun, Tree& out);

}  // namespace mid
