/// @file
/// @ingroup attack
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/data/dataset.hpp"
#include "mid/model/model.hpp"
#include "mid/oracle/release.hpp"

namespace mid {

/// What an attacker may be granted; values combine as bits.
enum class Access : unsigned { none = 0, label = 1, scores = 2, gradient = 4, weights = 8, update = 16, embedding = 32 };
/// Both.
constexpr Access operator|(Access a, Access b) { return static_cast<Access>(static_cast<unsigned>(a) | static_cast<unsigned>(b)); }
/// Whether all of `need` is in `have`.
constexpr bool grants(Access have, Access need) {
  return (static_cast<unsigned>(have) & static_cast<unsigned>(need)) == static_cast<unsigned>(need);
}

/// Answers to one round of questions as an attacker who knows the release reads them: inverted (Release::invert), so that no
/// attack can take a disguise of the answer for protection.
struct Answers {
  Matrix value;       ///< one row a record
  AnswerForm form{};  ///< what `value` is made of
};

/// How the owner trains, which is public knowledge as an algorithm; run builds it from the specification.
struct Recipe {
  /// Trains a model like the owner's on the rows `learnt` of `own`, each of which has a label or a number. Bounds that a private
  /// defence takes for public are those of all of `own`.
  std::function<Task(Context& context, Dataset own, std::vector<int> learnt, Stream random, Model& out)> train;
  /// Moves `network` by one step of the owner's descent on one record (1 x inputs, not normalised).
  std::function<Task(Context& context, Network& network, Matrix input, int label, double rate, Stream random)> step;
};

/// How the noise of the answers before an update is related to that of the answers after it. What really happens is
/// `released`; the others tell an update's leak from the noise between two draws (method.md 4.1, "Updates-Leak").
enum class UpdateView {
  released,     ///< as the release says
  fresh_noise,  ///< drawn anew for every answer, even where the release is sticky
  same_noise,   ///< the same draw before and after
  mean,         ///< none at all, as if mu were served instead of a sample: no protection by MID
  no_update,    ///< control: as released, and the model stays as it is
};
/// One way to watch an update.
struct UpdateLook {
  UpdateView view{};  ///< what is drawn anew
  int rounds = 1;     ///< answers to each probe, before and after
};

/// All that an attacker ever sees of the victim model. It counts every row asked, applies the release to every answer and
/// throws Error when an access was not granted. The victims' records enter only here: observe() returns the model's
/// answers about them, never their inputs.
class Oracle {
 public:
  /// `victims`: inputs of the attacked records (not normalised). `spec`: the release. `random`: the model's own noise.
  Oracle(const Model& model, ReleaseSpec spec, Access granted, Matrix victims, Stream random);
  Oracle(Model&& model, ReleaseSpec spec, Access granted, Matrix victims, Stream random) = delete;  // it is only looked at

  /// The attacker's own inputs (not normalised), `rounds` answers to each: `listen` hears them round by round and keeps what
  /// it needs. Every answer is a new query: fresh noise unless sticky.
  Task ask(Context& context, Matrix inputs, int rounds, std::function<void(const Answers&)> listen);
  /// The answers about the victims that the attacker overhears: query number `repeat` (0, 1, ...) of each.
  Task observe(Context& context, int repeat, Answers& out);
  /// The same answers as everybody sees them, for the figures of who uses the model.
  Task serve(Context& context, int repeat, Released& out);
  /// From now on the owner updates: by one step of `step` with the rate `rate` on a victim whose class is `label`.
  void allow_updates(decltype(Recipe::step) step, VectorXi label, double rate) {
    step_ = std::move(step), label_ = std::move(label), rate_ = rate;
  }
  /// The attacker's `probes` (not normalised) are asked before and after the model took one step on victim number `victim`
  /// alone; the next update begins again at the model as it is. `listen` hears the rounds of each look, by its place in
  /// `looks`. Needs Access::update and, as ever, that to the answers. Queries are counted for UpdateView::released.
  Task observe_update(Context& context, int victim, const Matrix& probes, std::vector<UpdateLook> looks,
                      std::function<void(std::size_t look, const Answers& before, const Answers& after)> listen);
  /// The model itself; needs Access::weights (a white-box attacker, or one who knows what noise the bottleneck adds).
  const Model& weights() const;
  /// The same of a network, for attacks that are about networks only.
  const Network& network() const { return std::get<Network>(weights()); }

  /// The release on the answers of this model.
  const Release& release() const { return release_; }
  /// The release as it is specified, for a model of the attacker's own.
  const ReleaseSpec& release_spec() const { return spec_; }
  /// Whether asking again gives a new answer.
  bool fresh() const { return release_.adds_noise() || (is_noisy(model_) && !release_.once_a_record()); }
  /// Whether answers carry noise at all.
  bool noisy() const { return is_noisy(model_) || release_.adds_noise(); }
  /// Classes that the model tells apart; 0: it predicts a number.
  int classes() const { return classes_of(model_); }
  /// Whether the model is none of ours: it has no weights that could be granted.
  bool only_answers() const { return std::holds_alternative<BlackBox>(model_); }
  /// Numbers inside; of a network.
  int code_size() const { return std::get<Network>(model_).code_size(); }
  /// Records under attack.
  int victims() const { return static_cast<int>(victims_.rows()); }
  /// Rows asked so far, each repeat counted.
  std::int64_t queries() const { return queries_; }
  /// From now on what was asked so far is part of every save point of `saves`, so that a run that goes on counts on.
  void count_in(SavePoints& saves);
  /// Whether any answer about a victim was overheard.
  bool overheard() const { return inside_victims_.mu.size() != 0; }

  /// Null control (docs/architecture.md, "Honesty is structural"): from now on observe() returns the answers in this order
  /// of the victims.
  void permute_victims(std::vector<int> order) { order_ = std::move(order); }

 private:
  void need(Access access) const;
  // A model of ours computes once and draws its noise for each answer; a black box has to be asked again.
  bool answers_anew() const { return only_answers() && is_noisy(model_) && !release_.once_a_record(); }
  std::uint64_t draw_of(std::uint64_t query) const { return answers_anew() ? query : 0; }
  void need_answers() const;  // what the release gives decides which access that is
  Task show(const Model& model, const Release& release, const Activations& inside, const Matrix& inputs, std::uint64_t query, Stream random,
            Released& out);
  Task answer(const Model& model, const Release& release, const Activations& inside, const Matrix& inputs, std::uint64_t query,
              Stream random, Answers& out);
  const Model& model_;
  ReleaseSpec spec_;
  Release release_;
  Access granted_;
  Matrix victims_;
  Stream random_;
  Task look_at_victims(Context& context, std::uint64_t query);
  Activations inside_victims_;              // computed at the first observe()
  std::optional<std::uint64_t> looked_at_;  // which query they are of, of a black box that answers anew
  std::vector<int> order_;
  decltype(Recipe::step) step_;
  VectorXi label_;  // of the victims
  double rate_ = 0;
  std::uint64_t asked_ = 0;  // rounds of ask(), each a query number of its own
  std::int64_t queries_ = 0;
  std::optional<Along> asked_along_, queries_along_;
};

}  // namespace mid
