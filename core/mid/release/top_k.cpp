// Only the largest confidences; of two classes one tells the other. method.md 4.1, "Output defences".
#include <cmath>
#include <numeric>

#include "mid/oracle/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  int keep = 3;
  static std::vector<Param> params() {
    return {of_answer_param<Spec>(),
            param(&Spec::keep, "keep", 1, 10'000, "classes", "release.top_k.keep", "method.md 4.1, Output defences")};
  }
};

/// Confidences of all classes, also of two.
Matrix all_confidences(const ReleaseSubject& subject, const Matrix& value) {
  if (value.cols() != 1) return confidences_of(subject, value);
  Matrix p(value.rows(), 2);
  p << (1 + value.array().exp()).inverse(), (1 + (-value.array()).exp()).inverse();
  return p;
}

/// Sets all but the `keep` largest of each row to 0.
void keep_largest(Matrix& p, int keep) {
  if (keep >= p.cols()) return;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(p.cols()));
  for (Eigen::Index r = 0; r < p.rows(); ++r) {
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return p(r, a) > p(r, b); });
    for (auto c = order.begin() + keep; c != order.end(); ++c) p(r, *c) = 0;
  }
}

Release make(const Json& settings, const ReleaseSubject& subject) {
  const int keep = read<Spec>(settings, "release").keep;
  const bool two = subject.classes == 2;
  return {.show =
              [=](const Matrix& value) {
                Matrix p = all_confidences(subject, value);
                keep_largest(p, keep);
                return Released{std::move(p), AnswerForm::top};
              },
          .invert =
              [=](Released seen) {
                if (!two) return seen;
                for (Eigen::Index r = 0; r < seen.value.rows(); ++r) {
                  const int shown = seen.value(r, 0) > seen.value(r, 1) ? 0 : 1;
                  seen.value(r, 1 - shown) = 1 - seen.value(r, shown);
                }
                return Released{std::move(seen.value), AnswerForm::probability};
              },
          .form = two ? AnswerForm::probability : AnswerForm::top,
          .cut = Cut{.cuts = true, .quantisation_half_width = std::ldexp(1.0, -25)}};  // of a float next to 1
}

}  // namespace

extern const ReleaseKind top_k;
const ReleaseKind top_k{
    .about = {"top_k", "release.top_k.title", "release.top_k.summary", "method.md 4.1", &Spec::params, {"network", "tree", "black_box"}},
    .make = &make,
    .noise = ReleaseKind::Noise::as_the_model,
    .words = {"the {keep} largest alone", "the largest alone"},
    .strengths = {5, 3, 2, 1}};

}  // namespace mid::release
