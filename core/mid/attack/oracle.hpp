#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/defense/release.hpp"
#include "mid/model/model.hpp"

namespace mid {

/// What an attacker may be granted; values combine as bits.
enum class Access : unsigned { none = 0, label = 1, scores = 2, gradient = 4, weights = 8, update = 16, embedding = 32 };
constexpr Access operator|(Access a, Access b) { return static_cast<Access>(static_cast<unsigned>(a) | static_cast<unsigned>(b)); }
constexpr bool grants(Access have, Access need) { return (static_cast<unsigned>(have) & static_cast<unsigned>(need)) == static_cast<unsigned>(need); }

/// Answers to one round of questions.
struct Answers {
  Matrix value;  ///< one row a record
  AnswerForm form{};
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
  /// The model itself; needs Access::weights (a white-box attacker, or one who knows what noise the bottleneck adds).
  const Model& weights() const;
  /// The same of a network, for attacks that are about networks only.
  const Network& network() const { return std::get<Network>(weights()); }

  const ReleaseSpec& release() const { return spec_; }
  /// Whether asking again gives a new answer.
  bool fresh() const { return spec_.kind == "noise" || (is_noisy(model_) && spec_.kind != "sticky"); }
  /// Whether answers carry noise at all.
  bool noisy() const { return is_noisy(model_) || spec_.kind == "noise"; }
  int classes() const { return classes_of(model_); }
  /// Numbers inside; of a network.
  int code_size() const { return std::get<Network>(model_).code_size(); }
  int victims() const { return static_cast<int>(victims_.rows()); }
  std::int64_t queries() const { return queries_; }

  /// Null control (docs/architecture.md, "Honesty is structural"): from now on observe() returns the answers in this order
  /// of the victims.
  void permute_victims(std::vector<int> order) { order_ = std::move(order); }

 private:
  void need(Access access) const;
  void need_answers() const;  // what the release gives decides which access that is
  Task answer(Context& context, const Activations& inside, const Matrix& inputs, std::uint64_t query, Stream random, Answers& out);
  const Model& model_;
  ReleaseSpec spec_;
  Access granted_;
  Matrix victims_;
  Stream random_;
  Activations inside_victims_;  // computed at the first observe()
  std::vector<int> order_;
  std::uint64_t asked_ = 0;     // rounds of ask(), each a query number of its own
  std::int64_t queries_ = 0;
};

}  // namespace mid
