// A few decimals of each number. method.md 4.1, "Output defences".
#include <cmath>

#include "mid/oracle/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  int decimals = 2;
  static std::vector<Param> params() {
    return {of_param<Spec>(),
            param(&Spec::decimals, "decimals", 0, 9, "digits", "release.round.decimals", "method.md 4.1, Output defences")};
  }
};

float rounded(float value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return static_cast<float>(std::round(static_cast<double>(value) * scale) / scale);
}

Release make(const Json& settings, const ReleaseSubject& subject) {
  const int decimals = read<Spec>(settings, "release").decimals;
  const bool number = subject.of == ReleaseSubject::Of::number, code = subject.of == ReleaseSubject::Of::code;
  const AnswerForm form = number ? AnswerForm::number : code ? AnswerForm::code_rounded : AnswerForm::probability;
  Cut cut{.cuts = true, .quantisation_half_width = .5 * std::pow(10.0, -decimals)};
  if (!code) cut.cells = Cells{number ? Cells::Of::number : Cells::Of::logit, decimals};
  return {.show =
              [=](const Matrix& value) {
                Matrix out = number || code ? value : confidences_of(subject, value);
                for (Eigen::Index c = 0; c < out.cols(); ++c) {
                  const float mean = code ? subject.mean(c) : 0.f, sd = code ? subject.sd(c) : 1.f;
                  for (float& v : out.col(c)) v = code ? mean + sd * rounded((v - mean) / sd, decimals) : rounded(v, decimals);
                }
                return Released{std::move(out), form};
              },
          .invert = [](Released seen) { return seen; },
          .form = form,
          .cut = cut};
}

}  // namespace

extern const ReleaseKind round;
const ReleaseKind round{.about = {"round", "release.round.title", "release.round.summary", "method.md 4.1", &Spec::params},
                        .make = &make,
                        .noise = ReleaseKind::Noise::as_the_model,
                        .mark = Mark::diamond,
                        .words = {"rounded to {decimals}", "rounded"},
                        .strengths = {3, 2, 1, 0}};

}  // namespace mid::release
