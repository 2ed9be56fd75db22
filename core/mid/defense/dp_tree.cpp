// A differentially private tree: columns by the exponential mechanism, counts with Laplace noise. McSherry and Talwar, FOCS
// 2007; Friedman and Schuster, KDD 2010. It hides whether a record was there, not what an answer tells about one.
#include "mid/defense/defense.hpp"
#include "mid/model/tree/tree_private.hpp"

namespace mid::defense {
namespace {

Task tree(Context& context, TreeProblem problem, Json j, Tree& out, Json&) {
  const auto spec = read<PrivateTreeSpec>(j, "defense");
  std::vector<std::vector<double>> cuts;
  for (std::size_t c = 0; c < problem.data.columns.size(); ++c)
    cuts.push_back(problem.data.columns[c].numeric ? even_cuts(problem.bounds[c].first, problem.bounds[c].second) : std::vector<double>{});
  co_await grow_private_tree(context, std::move(problem.data), spec, std::move(cuts), problem.random, out);
}

PrivacyLoss privacy_loss(const Json& j) {
  return {.epsilon = read<PrivateTreeSpec>(j, "defense").epsilon,
          .about = "one training record more or less; the bounds of the columns count as public"};
}

}  // namespace

extern const Defense dp_tree;
const Defense dp_tree{{"dp_tree",
                       "defense.dp_tree.title",
                       "defense.dp_tree.summary",
                       "Friedman and Schuster, KDD 2010; method.md section 3",
                       &PrivateTreeSpec::params,
                       {"tree"}},
                      nullptr,
                      "it adds noise to a tree's choices and counts; for a regression there is functional_mechanism",
                      "epsilon",
                      nullptr,
                      &tree,
                      {30, 10, 3, 1, .3, .1},
                      &privacy_loss,
                      {},
                      Mark::triangle_up};

}  // namespace mid::defense
