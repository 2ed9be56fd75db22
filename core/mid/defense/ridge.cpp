// A squared penalty on the weights of a regression: shrinks answers towards the mean.
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double penalty = 1;
  static std::vector<Param> params() {
    return {param(&Spec::penalty, "penalty", 0, 1e12, "squared target units", "defense.ridge.penalty", "Hoerl and Kennard 1970")};
  }
};

Task linear(Context& context, LinearProblem problem, Json j, Linear& out, Json&) {
  co_await fit_ridge(context, std::move(problem.x), std::move(problem.y), read<Spec>(j, "defense").penalty, out);
}

}  // namespace

extern const Defense ridge;
const Defense ridge{{"ridge", "defense.ridge.title", "defense.ridge.summary", "", &Spec::params, {"linear"}},
                    nullptr,
                    "a network has weight decay (train.weight_decay), a tree no weights",
                    "penalty",
                    &linear,
                    nullptr};

}  // namespace mid::defense
