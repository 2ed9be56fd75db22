// The most likely class alone, or one bit of each number inside. method.md 4.1, "Output defences".
#include "mid/oracle/release.hpp"

namespace mid::release {
namespace {

constexpr float kHalfNormalMean = .79788456f;

/// One-hot, ties to the lower class; of one logit 0 or 1.
Matrix label_of(const Matrix& value) {
  Matrix out = Matrix::Zero(value.rows(), value.cols());
  for (Eigen::Index r = 0; r < out.rows(); ++r) {
    if (value.cols() == 1)
      out(r, 0) = value(r, 0) > 0 ? 1.f : 0.f;
    else {
      Eigen::Index best = 0;
      value.row(r).maxCoeff(&best);  // the first of equals
      out(r, best) = 1;
    }
  }
  return out;
}

Release make(const Json&, const ReleaseSubject& subject) {
  const bool code = subject.of == ReleaseSubject::Of::code;
  const AnswerForm form = code ? AnswerForm::code_sign : AnswerForm::label;
  return {.show =
              [=](Matrix value) {
                if (!code) return Released{label_of(value), form};
                // One bit is served as the mean of a half-normal, so that the rest of the model can go on with it.
                for (Eigen::Index c = 0; c < value.cols(); ++c)
                  for (float& v : value.col(c))
                    v = subject.mean(c) + subject.sd(c) * ((v - subject.mean(c)) / subject.sd(c) > 0 ? kHalfNormalMean : -kHalfNormalMean);
                return Released{std::move(value), form};
              },
          .invert = [](Released seen) { return seen; },
          .form = form,
          .cut = Cut{.cuts = true, .cells = code ? std::nullopt : std::optional(Cells{Cells::Of::sign, 0})}};
}

}  // namespace

extern const ReleaseKind label_only;
const ReleaseKind label_only{.about = {"label_only",
                                       "release.label_only.title",
                                       "release.label_only.summary",
                                       "method.md 4.1",
                                       &OfSpec::params,
                                       {"network", "tree", "black_box"}},
                             .make = &make,
                             .noise = ReleaseKind::Noise::as_the_model,
                             .mark = Mark::plus,
                             .words = {"the label alone", "the label alone"},
                             .label_alone = true};

}  // namespace mid::release
