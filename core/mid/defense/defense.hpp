/// @file
/// @ingroup defend
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "mid/base/about.hpp"
#include "mid/base/mark.hpp"
#include "mid/model/linear/functional_mechanism.hpp"
#include "mid/model/linear/linear.hpp"
#include "mid/model/network/network.hpp"
#include "mid/model/tree/tree_grow.hpp"
#include "mid/nn/fit.hpp"

namespace mid {

/// A guarantee of differential privacy about one record of the training.
struct PrivacyLoss {
  double epsilon = 0;      ///< infinite: no guarantee
  double delta = 0;        ///< the chance that it does not hold
  double order = 0;        ///< of the Renyi divergence that gave it
  std::int64_t steps = 0;  ///< of the training that it is about
  /// Which trainings are neighbours, and what counts as public: for the notes.
  const char* about = "one training record more or less; the scaling of the inputs counts as public";
};

/// The rows that a network learns from, as a companion sees them.
struct TrainingRows {
  const Matrix& inputs;   ///< not normalised
  const Matrix& targets;  ///< as targets_of() makes them
  VectorXi secret;        ///< of each row, -1: unknown; empty: the data have none
  int secrets = 0;        ///< values that it takes
  bool pictures = false;  ///< the inputs are pixels in [0, 1]
};

/// Rows that are nobody's secret: the attacker's own, of people who are not among the private ones.
struct PublicRows {
  Matrix inputs;    ///< not normalised
  VectorXi label;   ///< what a network can learn to tell apart: the person, or, where every row is one of its own, the class
  int classes = 0;  ///< values that it takes
};

/// What a defence keeps beside the network while that trains: learners of its own, and what it knows of rows outside the batch. One
/// training each; it outlives it. A single step of an update (attack updates_leak) is without.
class Companion {
 public:
  virtual ~Companion() = default;
  /// Once, before everything else. `network` and `rows` outlive it. Throws Error naming the field that does not fit.
  virtual void begin(Network& network, const TrainingRows& rows, Stream random) = 0;
  /// What the optimiser moves along loss().
  virtual std::vector<Parameter*> learners() { return {}; }
  /// What penalty() and loss() read as parameters and before_epoch() alone moves.
  virtual std::vector<Parameter*> kept() { return {}; }
  /// What it says of each training row (batch.record_data); null: nothing.
  virtual Matrix* record_data() { return nullptr; }
  /// Before the first step of each epoch (0, 1, ...), from the weights as they are and nothing that is no part of kept() or record_data().
  virtual Task before_epoch(Context& context, const Network& network, int epoch) = 0;
  /// Records what is added to the network's loss (1 x 1).
  virtual Var penalty(Program& program, const NetworkVars& vars, const Batch& batch) = 0;
  /// Records what its learners follow (1 x 1); nothing else follows it.
  virtual Var loss(Program& program, const NetworkVars&, const Batch&) { return program.full(1, 1, 0); }
};

/// What a defence changes about training a network. What stays as it is here changes nothing.
struct NetworkHooks {
  bool stochastic = false;   ///< the bottleneck is sampled, in training and in every answer
  double noise_sd = 0;       ///< above 0: its noise has this size and its units give tanh; else the network learns sigma
  bool class_means = false;  ///< the network learns Network::class_mean along, from 0
  /// What it would silently do nothing without: a hidden layer, or a hidden layer or bottleneck.
  enum class Needs { nothing, hidden, inside } needs = Needs::nothing;  ///< nothing, a hidden layer, any layer
  double dropout = 0;                                                   ///< part of each hidden layer's units that a training step silences
  /// Layers, the first of NetworkVars::layers, that `prepare` has set and the training leaves alone.
  int frozen = 0;
  bool takes_public = false;  ///< `prepare` learns from half of the attacker's own people, whom the attacker then lacks; else from all
  /// Before the training: what is learnt from public rows. Null: nothing.
  Task (*prepare)(Context& context, PublicRows rows, Json spec, Network& network) = nullptr;
  /// Records what is added to the loss (1 x 1); null: nothing. `vars` are the network's, `batch` the batch: inputs and targets.
  std::function<Var(Program&, const NetworkVars& vars, const Batch& batch)> penalty;
  /// Makes what is kept beside a training; null: nothing. Not together with `gradient`.
  std::function<std::unique_ptr<Companion>()> companion;
  int most_batch = 0;  ///< rows of a batch that it can work with; 0: any number
  /// Records what the network is to answer instead of `y` (rows x classes, one column for two); null: y itself.
  std::function<Var(Program&, Var y, const Batch& batch)> target;
  /// Records what the optimiser follows, a Var for each weight and bias in the order of the layers (`vars` lacks those that are frozen),
  /// from the loss of each row (rows x 1). With it rows are drawn by Poisson sampling and batch.gradient_noise is there (nn/fit). Null: the
  /// loss's derivative.
  std::function<std::vector<Var>(Program&, const NetworkVars& vars, Var row_loss, const Batch& batch)> gradient;
  /// Of a defence that has one: what it guarantees about a training with `spec` on `records` records.
  std::function<PrivacyLoss(const TrainSpec& spec, int records)> privacy_loss;
  double reserved_fraction = 0;  ///< share of the training rows that the network does not learn from and `finish` does
  /// Once the network is trained: what is still to learn from the reserved rows, or, where none are, from those that it learnt from
  /// (inputs, not normalised). Null: nothing.
  Task (*finish)(Context& context, Matrix rows, Json spec, Network& network) = nullptr;
};

/// What a regression is fitted to: the training rows.
struct LinearProblem {
  MatrixD x;            ///< rows x inputs
  VectorXd y;           ///< in the units in which the model predicts
  Stream random;        ///< for whatever the defence draws
  PublicBounds bounds;  ///< of inputs and target in records that are nobody's secret (the held-out ones): what is public
};

/// What a tree is grown on: the training rows as a table, and the object "model".
struct TreeProblem {
  TreeData data;    ///< the training rows
  TreeSpec spec;    ///< depth, smallest leaf, how numbers are cut
  int secret = -1;  ///< the secret's column; -1: the data has none
  /// Each column's lowest and highest number in records that are nobody's secret (the held-out ones): what is public.
  std::vector<std::pair<double, double>> bounds;
  Stream random;  ///< for whatever the defence draws
};

/// A parameter that a comparison varies beside the strength, from `low` to `high`: by the logarithm where `low` is above 0 and the ratio
/// at least 10, else evenly. Both 0: each of the parameter's words.
struct Tried {
  const char* param;  ///< its name
  double low = 0;     ///< least value
  double high = 0;    ///< largest value
};

/// Where a defence acts. Two can be combined where each lists the other's place (Defense::beside).
enum class Place {
  whole,     ///< in all of the training: nothing stands beside it
  layers,    ///< in the first layers, before the private records are seen
  units,     ///< in the hidden units
  noise,     ///< in the bottleneck, by noise that knows nothing of the records
  code,      ///< in the bottleneck, by noise that is paid for, or measured on the records
  targets,   ///< in what the network is to answer
  loss,      ///< in what is added to the loss of a batch
  gradient,  ///< in each step, after the loss
  answers,   ///< in the answers, once the network is trained
};

/// A defence: one file in defense/, which defines `const Defense NAME` in namespace mid::defense. A null hook means "not
/// defined for this kind of model" and `why_not` says why, in a sentence. `about.models` names the kinds that have one.
struct Defense {
  About about;  ///< name, title, summary, source, parameters
  /// What it changes about training a network, for the object "defense" of a specification.
  NetworkHooks (*network)(const Json& spec) = nullptr;
  const char* why_not = nullptr;   ///< for the kinds of model without a hook
  const char* strength = nullptr;  ///< the parameter that a slider moves ("beta"); null: none
  /// Fits a regression. `notes`: an object; what the defence puts there goes into the result's notes.
  Task (*linear)(Context& context, LinearProblem problem, Json spec, Linear& out, Json& notes) = nullptr;
  /// Grows a tree; `notes` as above.
  Task (*tree)(Context& context, TreeProblem problem, Json spec, Tree& out, Json& notes) = nullptr;
  /// Of the parameter `strength`, from weak to strong: a comparison tries settings from the first to the last of them. Those below 0 are
  /// a rival of their own. Empty, or for models that lack the parameter: about the default of the first number.
  std::vector<double> strengths{};
  /// Of a defence that has one, of a regression or a tree with these settings: what it guarantees. A network's is in its hooks.
  PrivacyLoss (*privacy_loss)(const Json& spec) = nullptr;
  std::vector<Tried> tried{};                   ///< what else of it a comparison varies; the rest stays at its defaults
  Mark mark = Mark::pentagon;                   ///< in charts
  Place place = Place::whole;                   ///< where it acts on a network
  std::vector<Place> beside{};                  ///< where another may act at the same time ("also" in a specification); empty: none
  std::optional<TreePenalty::On> tree_price{};  ///< which questions of a tree it charges for; empty: it charges for none
  /// Whether both say that the other may stand beside it.
  bool goes_with(const Defense& other) const {
    const auto lists = [](const Defense& one, Place where) {
      return std::find(one.beside.begin(), one.beside.end(), where) != one.beside.end();
    };
    return lists(*this, other.place) && lists(other, place);
  }
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const Defense* const> defenses();

/// The one called `name`; null: there is none.
inline const Defense* defense_called(std::string_view name) {
  for (const Defense* d : defenses())
    if (d->about.name == name) return d;
  return nullptr;
}

/// The objects of the one or two defences that the object "defense" names: itself without "also", and "also".
inline std::vector<Json> defense_parts(Json defense) {
  std::vector<Json> parts;
  Json also = defense.contains("also") ? defense["also"] : Json();
  defense.erase("also");
  parts.push_back(std::move(defense));
  if (also.is_object()) parts.push_back(std::move(also));
  return parts;
}

/// Whether the answers of a model of this kind carry noise under the object "defense" of a specification.
inline bool leaves_noise(const Json& defense, const std::string& model) {
  for (const Json& part : defense_parts(defense)) {
    const Defense* d = defense_called(part.value("kind", std::string("none")));
    if (!d || !d->about.is_for(model)) continue;
    if (model == "network" && d->network(part).stochastic) return true;
    for (const Param& p : d->about.params_for(model))
      if (model != "network" && p.name == "noise" && part.value("noise", p.default_value) != 0) return true;
  }
  return false;
}

}  // namespace mid
