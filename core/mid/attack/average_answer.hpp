#pragma once
#include <optional>

#include "mid/attack/oracle.hpp"

namespace mid {

/// Several answers about the same records become one, in the scale in which averaging helps: log-confidences, logits, codes.
/// Holds their sum alone, however many they are. A mixing is undone first; a confidence p that is not exact counts as
/// ln(p + half a step), so that 0 is finite; what top_k hides counts as the floor.
class AverageAnswer {
 public:
  /// `floor`: log-confidences below it are raised to it, each before it is averaged.
  AverageAnswer(const ReleaseSpec& release, double floor, int classes) : release_(release), floor_(static_cast<float>(floor)), classes_(classes) {}
  void add(const Answers& answer) {
    auto [x, form] = undone(release_, {answer.value, answer.form}, classes_);
    if (form == AnswerForm::probability) x = (x.array() + static_cast<float>(half_step(release_, classes_))).log();
    if (form == AnswerForm::top) x = x.array().log();
    if (form == AnswerForm::log_probability || form == AnswerForm::probability || form == AnswerForm::top) x = x.array().max(floor_);
    if (count_++ == 0) sum_ = std::move(x);
    else sum_ += x;
  }
  Matrix mean() const { return sum_ / static_cast<float>(count_); }

 private:
  ReleaseSpec release_;
  float floor_;
  int classes_;
  Matrix sum_;
  int count_ = 0;
};

inline constexpr double kLeastLogConfidence = -23.025850929940457;  ///< ln 1e-10

/// What a decoding network reads of an averaged answer: ln max(p, 1e-10) + 23.026 of each class, 0 but for the `top` largest
/// (of equals the lower class); a single logit or confidence becomes both classes', a one-hot label 0 and 23.026, numbers
/// inside stay as they are. method.md 4.1, "Inversion network".
Matrix decoder_input(Matrix averaged, AnswerForm form, std::optional<int> top);

}  // namespace mid
