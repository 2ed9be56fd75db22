// Confidences mixed with equal shares for all classes, p' = (1 - weight) p + weight / classes: who knows the weight undoes it, up to
// the digits that a float has lost. method.md 4.1, "Output defences".
#include <cmath>

#include "mid/oracle/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  double weight = .4;
  static std::vector<Param> params() {
    return {of_answer_param<Spec>(),
            param(&Spec::weight, "weight", 0, .999, "", "release.mixing.weight", "method.md 4.1, Output defences")};
  }
};

Release make(const Json& settings, const ReleaseSubject& subject) {
  const double weight = read<Spec>(settings, "release").weight;
  const int classes = subject.classes;
  // Half the last binary digit of weight / classes in a float, once inverted.
  const double lost = weight == 0 ? 0 : std::ldexp(1.0, std::ilogb(weight / classes) - 24) / (1 - weight);
  return {.show =
              [=](const Matrix& value) {
                const Matrix p = confidences_of(subject, value);
                return Released{(p.array() * static_cast<float>(1 - weight) + static_cast<float>(weight / classes)).matrix(),
                                AnswerForm::probability};
              },
          .invert =
              [=](const Released& seen) {
                // In double: a confidence is a small difference of two numbers that are not small.
                const double equal = static_cast<float>(weight / classes), kept = static_cast<float>(1 - weight);
                return Released{((seen.value.cast<double>().array() - equal) / kept).cwiseMax(0.0).cwiseMin(1.0).cast<float>(),
                                AnswerForm::probability};
              },
          .form = AnswerForm::probability,
          .cut = Cut{.quantisation_half_width = lost, .inverse_error = lost}};
}

}  // namespace

extern const ReleaseKind mixing;
const ReleaseKind mixing{
    .about = {"mixing", "release.mixing.title", "release.mixing.summary", "method.md 4.1", &Spec::params, {"network", "tree", "black_box"}},
    .make = &make,
    .noise = ReleaseKind::Noise::as_the_model,
    .words = {"mixed with equal shares by {weight}", "mixed with equal shares"},
    .strengths = {.1, .5, .9, .99}};

}  // namespace mid::release
