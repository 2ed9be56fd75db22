// MID for trees that charges for splits on the secret alone: with the rest of the record known, only these tell of it.
// Derived, not the paper's: method.md section 3, "Targeted MID".
#include "mid/defense/defense.hpp"
#include "mid/model/tree/tree_grow.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double lambda = .4;
  static std::vector<Param> params() {
    return {param(&Spec::lambda, "lambda", 0, 1000, "per bit", "defense.mid_targeted.lambda", "method.md section 3, Targeted MID")};
  }
};

Task tree(Context& context, TreeProblem problem, Json j, Tree& out, Json&) {
  TreePenalty penalty;
  penalty.on = TreePenalty::On::secret, penalty.lambda = read<Spec>(j, "defense").lambda, penalty.secret = problem.secret;
  co_await grow_tree(context, "fit", std::move(problem.data), problem.spec, penalty, out);
}

}  // namespace

extern const Defense mid_targeted;
const Defense mid_targeted{{"mid_targeted",
                            "defense.mid_targeted.title",
                            "defense.mid_targeted.summary",
                            "ours; derived in method.md section 3",
                            &Spec::params,
                            {"tree"}},
                           nullptr,
                           "it charges for questions about the secret, and only a tree asks questions",
                           "lambda",
                           nullptr,
                           &tree,
                           {},
                           nullptr,
                           {},
                           Mark::disc,
                           Place::whole,
                           {},
                           TreePenalty::On::secret};

}  // namespace mid::defense
