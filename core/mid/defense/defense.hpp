#pragma once
#include <functional>
#include <span>

#include "mid/base/about.hpp"
#include "mid/nn/fit.hpp"
#include "mid/model/network.hpp"

namespace mid {

/// What a defence changes about training a network.
struct NetworkHooks {
  bool stochastic = false;  ///< the bottleneck is sampled, in training and in every answer
  /// Records what is added to the loss (1 x 1); null: nothing. `vars` are the network's, `batch` the batch.
  std::function<Var(Program&, const NetworkVars& vars, const Batch& batch)> penalty;
};

/// A defence: one file in defense/, which defines `const Defense NAME` in namespace mid::defense. A null hook means "not
/// defined for this kind of model" and `why_not` says why, in a sentence.
struct Defense {
  About about;
  NetworkHooks (*network)(const Json& spec) = nullptr;
  const char* why_not_network = nullptr;
  const char* strength = nullptr;  ///< the parameter that a slider moves ("beta"); null: none
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Defense* const> defenses();

}  // namespace mid
