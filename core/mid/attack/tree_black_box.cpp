// Asks the tree about the record with each value of the secret, and weighs its answers by the outcome that is known.
// Fredrikson, Jha, Ristenpart, CCS 2015; constants pinned in method.md section 3, "Black-box".
#include "mid/attack/asked_values.hpp"
#include "mid/model/attribute_scores.hpp"

namespace mid::attack {
namespace {

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json, Evidence& out) {
  AskedValues asked;
  co_await ask_values(context, oracle, knowledge, asked);
  const MatrixD share = asked.prior.array().exp();
  out.score = asked.labels_only ? confusion_score(asked.predicted, knowledge.label, knowledge.confusion, share) : confidence_score(asked.of_outcome, share);
  out.prior = std::move(asked.prior);
  out.more["answer"] = std::move(asked.seen);
}

}  // namespace

extern const Attack tree_black_box;
const Attack tree_black_box{{"tree_black_box", "Black-box inference",
                             "Knows the rest of the record and its outcome, asks the tree once for each value of the secret, and takes the one that fits best.",
                             "Fredrikson, Jha, Ristenpart, CCS 2015; method.md section 3", nullptr, {"tree"}},
                            Access::scores, Attack::Finds::attribute, &run, false};

}  // namespace mid::attack
