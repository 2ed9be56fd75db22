#pragma once
#include <vector>

#include "mid/model/tree/tree.hpp"

namespace mid {

/// What a tree, or the part of one below a node, costs. In bits, weighted by the share of the training rows.
struct TreeCost {
  double error = 0;        ///< R: sum over leaves of (n_l/n) H(Y|l), what the leaves leave open about the class
  double information = 0;  ///< I: sum over inner nodes of dI; of a whole tree H(L)
};

/// R and I of the subtree below `node` (0: the whole tree).
TreeCost subtree_cost(const Tree& tree, int node = 0);
/// R(t): what `node` would leave open as a leaf.
double node_error(const Tree& tree, int node);
/// g(t) = (R(t) - R(T_t)) / I(T_t): the lambda from which on the subtree below an inner node is not worth what it tells.
double link_strength(const Tree& tree, int node);

/// One pruning of the path: optimal from its lambda up to the next step's.
struct PruneStep {
  double lambda = 0;
  int leaves = 0;
  TreeCost cost;
  std::vector<int> collapsed;  ///< inner nodes that became leaves at this lambda, as indices of the unpruned tree
};

/// All prunings that are optimal for some lambda, from lambda = 0 (the tree, less splits that gain nothing) up to the root
/// alone: each is a pruning of the one before. Weakest link, with I in place of the number of leaves; m log m for m nodes.
/// Source: Breiman et al., CART, 1984, chapter 3; method.md section 3, "Pruning" (derived).
std::vector<PruneStep> prune_path(const Tree& tree);

/// The pruning with the least R + lambda I, the smallest such: inner nodes with lambda >= g(t) collapse, bottom up. `lambda`
/// in bits of error per bit of information, >= 0. Nodes are numbered anew, parents before children.
Tree pruned(const Tree& tree, double lambda);

}  // namespace mid
