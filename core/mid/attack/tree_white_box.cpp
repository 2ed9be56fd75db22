// Holds the whole tree with its counts, and adds up the leaves that each value of the secret could lead to.
// method.md section 3, "White-box attack"; `ratio` after Fredrikson, Jha, Ristenpart, CCS 2015.
#include "mid/model/tree/tree_inversion.hpp"

#include "mid/attack/attack.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::string score = "density";
  bool outcome = true;
  static std::vector<Param> params() {
    return {choice(&Spec::score, "score", {"density", "ratio"}, "attack.tree_white_box.score", "method.md section 3, White-box attack"),
            param(&Spec::outcome, "outcome", "attack.tree_white_box.outcome")};
  }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Secret& secret = *knowledge.auxiliary.secret;
  out.prior = knowledge.secret_share.array().log().matrix().transpose().replicate(oracle.victims(), 1);
  TreePriors priors;
  priors.secret = secret.inputs[0], priors.secret_value = secret.code.col(0).cast<double>();
  for (std::size_t i = 1; i < secret.inputs.size(); ++i)
    priors.also[secret.inputs[i]] = secret.code.col(static_cast<Eigen::Index>(i)).cast<double>();
  priors.prior = knowledge.secret_share, priors.share = knowledge.column_share;
  const Tree& tree = std::get<Tree>(oracle.weights());
  const MatrixD known = knowledge.known.cast<double>();
  count_work(4. * static_cast<double>(known.size() + out.prior.size()));
  const VectorXi label = spec.outcome ? knowledge.label : VectorXi();
  context.progress.begin("attacking", 1, "");
  co_await Tick{};
  if (spec.score == "ratio")
    co_await ratio_score(tree, priors, known, label, out.log_posterior);
  else
    co_await density_score(tree, priors, known, label, out.log_posterior);
  co_await Tick{};
}

}  // namespace

extern const Attack tree_white_box;
const Attack tree_white_box{{"tree_white_box",
                             "attack.tree_white_box.title",
                             "attack.tree_white_box.summary",
                             "method.md section 3; Fredrikson, Jha, Ristenpart, CCS 2015",
                             &Spec::params,
                             {"tree"}},
                            Access::weights,
                            Attack::Finds::attribute,
                            &run,
                            false};

}  // namespace mid::attack
