/// @file
/// @ingroup train
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/data/dataset.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/model/model.hpp"
#include "mid/oracle/oracle.hpp"

namespace mid {

/// A trained victim and how long that took.
struct Target {
  Model model;                       ///< what was trained
  Json notes = Json::object();       ///< what its defence says of the training
  double seconds = 0;                ///< spent on training
  std::vector<Message> warnings;     ///< of a model from elsewhere: what had to be assumed of it, and whether it is any good
  std::unique_ptr<Outside> outside;  ///< of a model that only answers: where it does
};

/// The defence that a checked specification names.
const Defense& defense_of(const Spec& spec);

/// What the defence guarantees about one of so many training records by differential privacy; empty: nothing of the kind.
std::optional<PrivacyLoss> guarantee_of(const Spec& spec, int records);

/// The auxiliary rows that are the attacker's: all, or, under a defence that learns from half of their people, those of the others.
std::vector<int> attacker_rows(const Spec& spec, const Data& data);

/// The stage cache's key of the victim of `spec`; `records` names what it learns from (training_data_key).
std::string victim_key(const Spec& spec, const std::string& records, const Device& device);

/// Trains the model of `spec` with the hooks of its defence, or finds it in the stage cache. Reports rounds and the accuracy
/// on (at most 500 of) the test rows in context.progress.
Task train_target(Context& context, const Spec& spec, const Data& data, std::string records, Target& out);

/// How a model is made as `spec` says (kind, architecture, training, defence) and how a network learns from one record more: by the loss
/// and with all the hooks of its own training, by plain descent without momentum; weight decay stays, what grows during the
/// training (a negative label smoothing) has grown, what a defence learns after it (a purifier) stays as it is.
Recipe recipe_of(const Spec& spec);

/// The tree as it would have gone on below its leaves had MID not put a price on it (grow_on); `tree` itself under every other
/// defence, and where it comes from a file.
Task uncut_tree(Context& context, const Spec& spec, const Data& data, const Tree& tree, Tree& out);

}  // namespace mid
