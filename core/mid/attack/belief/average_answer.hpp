#pragma once
#include <optional>

#include "mid/oracle/oracle.hpp"

namespace mid {

/// Several answers about the same records become one, in the scale in which averaging helps: log-confidences, logits, codes.
/// Holds their sum alone, however many they are. A confidence p that is not exact counts as ln(p + half a step), so that 0 is
/// finite; what is hidden behind the largest counts as the floor.
class AverageAnswer {
 public:
  /// `half_width`: of the release's cut. `floor`: log-confidences below it are raised to it, each before it is averaged.
  AverageAnswer(double half_width, double floor) : half_width_(static_cast<float>(half_width)), floor_(static_cast<float>(floor)) {}
  void add(const Answers& answer) {
    const AnswerForm form = answer.form;
    Matrix x = answer.value;
    if (form == AnswerForm::probability) x = (x.array() + half_width_).log();
    if (form == AnswerForm::top) x = x.array().log();
    if (form == AnswerForm::log_probability || form == AnswerForm::probability || form == AnswerForm::top) x = x.array().max(floor_);
    if (count_++ == 0)
      sum_ = std::move(x);
    else
      sum_ += x;
  }
  Matrix mean() const { return sum_ / static_cast<float>(count_); }

 private:
  float half_width_, floor_;
  Matrix sum_;
  int count_ = 0;
};

inline constexpr double kLeastLogConfidence = -23.025850929940457;  ///< ln 1e-10

/// What a decoding network reads of an averaged answer: ln max(p, 1e-10) + 23.026 of each class, 0 but for the `top` largest
/// (of equals the lower class); a single logit or confidence becomes both classes', a one-hot label 0 and 23.026, numbers
/// inside stay as they are. method.md 4.1, "Inversion network".
Matrix decoder_input(Matrix averaged, AnswerForm form, std::optional<int> top);

}  // namespace mid
