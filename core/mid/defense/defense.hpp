#pragma once
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/model/functional_mechanism.hpp"
#include "mid/model/linear.hpp"
#include "mid/model/network.hpp"
#include "mid/model/tree_grow.hpp"
#include "mid/nn/fit.hpp"

namespace mid {

/// What a defence changes about training a network.
struct NetworkHooks {
  bool stochastic = false;  ///< the bottleneck is sampled, in training and in every answer
  /// Records what is added to the loss (1 x 1); null: nothing. `vars` are the network's, `batch` the batch.
  std::function<Var(Program&, const NetworkVars& vars, const Batch& batch)> penalty;
};

/// What a regression is fitted to: the training rows.
struct LinearProblem {
  MatrixD x;   ///< rows x inputs
  VectorXd y;  ///< in the units in which the model predicts
  Stream random;
  PublicBounds bounds;  ///< of inputs and target in records that are nobody's secret (the held-out ones): what is public
};

/// What a tree is grown on: the training rows as a table, and the object "model".
struct TreeProblem {
  TreeData data;
  TreeSpec spec;
  int secret = -1;  ///< the secret's column; -1: the data has none
  /// Each column's lowest and highest number in records that are nobody's secret (the held-out ones): what is public.
  std::vector<std::pair<double, double>> bounds;
  Stream random;
};

/// A defence: one file in defense/, which defines `const Defense NAME` in namespace mid::defense. A null hook means "not
/// defined for this kind of model" and `why_not` says why, in a sentence. `about.models` names the kinds that have one.
struct Defense {
  About about;
  NetworkHooks (*network)(const Json& spec) = nullptr;
  const char* why_not = nullptr;   ///< for the kinds of model without a hook
  const char* strength = nullptr;  ///< the parameter that a slider moves ("beta"); null: none
  Task (*linear)(Context& context, LinearProblem problem, Json spec, Linear& out) = nullptr;
  Task (*tree)(Context& context, TreeProblem problem, Json spec, Tree& out) = nullptr;
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Defense* const> defenses();

}  // namespace mid
