#include "mid/defense/defense.hpp"
#include "mid/model/tree/tree_grow.hpp"

namespace mid::defense {
namespace {
NetworkHooks network(const Json&) { return {}; }

Task linear(Context& context, LinearProblem problem, Json, Linear& out, Json&) {
  co_await fit_ridge(context, std::move(problem.x), std::move(problem.y), 0, out);
}

Task tree(Context& context, TreeProblem problem, Json, Tree& out, Json&) {
  const TreePenalty free;
  co_await grow_tree(context, "fit", std::move(problem.data), problem.spec, free, out);
}
}  // namespace

extern const Defense none;
const Defense none{{"none", "defense.none.title", "defense.none.summary", "", nullptr},
                   &network,
                   nullptr,
                   nullptr,
                   &linear,
                   &tree,
                   {},
                   nullptr,
                   {},
                   Mark::ring};

}  // namespace mid::defense
