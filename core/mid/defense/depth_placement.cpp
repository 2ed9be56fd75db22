// The secret may be asked about at one depth of the tree only. Fredrikson, Jha, Ristenpart, CCS 2015.
#include "mid/defense/defense.hpp"
#include "mid/model/tree/tree_grow.hpp"

namespace mid::defense {
namespace {

struct Spec {
  int depth = 0;
  static std::vector<Param> params() {
    return {param(&Spec::depth, "depth", 0, 64, "", "defense.depth_placement.depth", "Fredrikson, Jha, Ristenpart, CCS 2015")};
  }
};

Task tree(Context& context, TreeProblem problem, Json j, Tree& out, Json&) {
  TreePenalty penalty;
  penalty.secret = problem.secret, penalty.secret_depth = read<Spec>(j, "defense").depth;
  co_await grow_tree(context, "fit", std::move(problem.data), problem.spec, penalty, out);
}

}  // namespace

extern const Defense depth_placement;
const Defense depth_placement{{"depth_placement",
                               "defense.depth_placement.title",
                               "defense.depth_placement.summary",
                               "Fredrikson, Jha, Ristenpart, CCS 2015",
                               &Spec::params,
                               {"tree"}},
                              nullptr,
                              "it says at which depth a tree may ask, and only a tree has depths",
                              nullptr,
                              nullptr,
                              &tree};

}  // namespace mid::defense
