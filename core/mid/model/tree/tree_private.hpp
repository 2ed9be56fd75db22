#pragma once
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/param.hpp"
#include "mid/model/tree/tree.hpp"

namespace mid {

/// Parameters of the differentially private tree: a rival of MID, for a specification's "defense".
struct PrivateTreeSpec {
  double epsilon = 1;
  int depth = 4;  ///< of every leaf, whatever the data say; less where there are fewer columns
  static std::vector<Param> params();
};

/// `bins` - 1 cuts between the public bounds of a number, evenly spaced; none where low >= high.
std::vector<double> even_cuts(double low, double high, int bins = 8);

/// Grows a tree that is epsilon-differentially private about its rows; neighbours: one row added or removed. Half of epsilon
/// chooses the columns: at each node by the exponential mechanism with the score u(a) = sum over children of the majority's
/// count (sensitivity 1), epsilon / (2 depth) a level. The other half counts: each class of each leaf gets Laplace noise of
/// scale 2 / epsilon, negatives become 0. A leaf whose counts are all 0 answers evenly; an inner node's counts are the sums
/// of its leaves'. Children without rows are made, too, down to the same depth.
///
/// `public_cuts`: each numeric column's cuts, ascending, at most 200, not computed from the rows; what the columns and their
/// categories are is public as well. `random`: its streams "structure" and "leaves" are used. lambda is not combined with it.
/// Noise is drawn from 32 random bits in floating point: right for experiments, not a hardened release.
///
/// Throws Error naming model.max_depth where the largest columns would give more than 500,000 nodes, whatever the rows are,
/// and as check_tree_data does. Progress and ticks as grow_tree.
/// Source: McSherry and Talwar, FOCS 2007; Friedman and Schuster, KDD 2010; method.md section 3, "DP tree".
Task grow_private_tree(Context& context, TreeData data, PrivateTreeSpec spec, std::vector<std::vector<double>> public_cuts, Stream random,
                       Tree& out);

}  // namespace mid
