// Asks the tree about the record with each value of the secret, and weighs its answers by the outcome that is known.
// Fredrikson, Jha, Ristenpart, CCS 2015; constants pinned in method.md section 3, "Black-box".
#include <cmath>

#include "mid/attack/belief/asked_values.hpp"
#include "mid/attack/belief/completions.hpp"
#include "mid/model/attribute_scores.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::vector<std::string> also_unknown;
  static std::vector<Param> params() { return {also_unknown_param<Spec>()}; }
};

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json, AttackResult& out) {
  Answers overheard;
  co_await oracle.observe(context, 0, overheard);
  const Completions completions(knowledge.unknown);
  MatrixD by_answer;
  for (int c = 0; c < completions.count(); ++c) {
    AskedValues asked;
    Matrix known = completions.fill(knowledge.known, c);
    co_await ask_values(context, oracle, knowledge, std::move(known), asked);
    const MatrixD share = asked.prior.array().exp() * completions.share(c);
    add_logs(out.log_posterior, asked.labels_only ? confusion_score(asked.predicted, knowledge.label, knowledge.confusion, share)
                                                  : confidence_score(asked.of_outcome, share));
    if (tick_due(60. * static_cast<double>(out.log_posterior.size()))) co_await Tick{};
    MatrixD by_its_answer;
    co_await seen(asked, oracle, overheard, by_its_answer);
    add_logs(by_answer, by_its_answer.array() + std::log(completions.share(c)));
    out.prior = std::move(asked.prior);
  }
  if (completions.count() > 1) out.notes["completions"] = completions.count();
  out.more["answer"] = std::move(by_answer);
}

}  // namespace

extern const Attack tree_black_box;
const Attack tree_black_box{{"tree_black_box",
                             "attack.tree_black_box.title",
                             "attack.tree_black_box.summary",
                             "Fredrikson, Jha, Ristenpart, CCS 2015; method.md section 3",
                             &Spec::params,
                             {"tree", "black_box"}},
                            Access::scores,
                            Attack::Finds::attribute,
                            &run,
                            false};

}  // namespace mid::attack
