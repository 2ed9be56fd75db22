#include "mid/attack/belief/average_answer.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace mid {

Matrix decoder_input(Matrix x, AnswerForm form, std::optional<int> top) {
  if (form == AnswerForm::code || form == AnswerForm::code_rounded || form == AnswerForm::code_sign) return x;
  if (form == AnswerForm::label) return static_cast<float>(-kLeastLogConfidence) * x;
  if (form == AnswerForm::logit || x.cols() == 1) {
    Matrix both(x.rows(), 2);
    // A rounded confidence of the second class comes as its logarithm.
    const Eigen::ArrayXf p =
        form == AnswerForm::logit ? Eigen::ArrayXf((1 + (-x.col(0).array()).exp()).inverse()) : Eigen::ArrayXf(x.col(0).array().exp());
    both << (1 - p).max(1e-10f).log().matrix(), p.max(1e-10f).log().matrix();
    x = std::move(both);
  }
  x = (x.array().max(static_cast<float>(kLeastLogConfidence)) - static_cast<float>(kLeastLogConfidence)).matrix();
  if (top && *top < x.cols())
    for (Eigen::Index r = 0; r < x.rows(); ++r) {
      std::vector<float> sorted(x.row(r).data(), x.row(r).data() + x.cols());
      std::nth_element(sorted.begin(), sorted.begin() + (*top - 1), sorted.end(), std::greater<>());
      const float least = sorted[static_cast<std::size_t>(*top - 1)];
      int kept = 0;
      for (float& v : x.row(r)) {
        if (v >= least && kept < *top)
          ++kept;  // of equals the lower class
        else
          v = 0;
      }
    }
  return x;
}

}  // namespace mid
