// Confidence-score inference from a model's answers. Mehnaz et al., USENIX Security 2022; method.md section 3, "CSMIA/LOMIA".
#include "mid/attack/belief/asked_values.hpp"
#include "mid/model/attribute_scores.hpp"

namespace mid::attack {
namespace {

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json, AttackResult& out) {
  AskedValues asked;
  Matrix about = knowledge.known;
  co_await ask_values(context, oracle, knowledge, std::move(about), asked);
  const MatrixD share = asked.prior.array().exp();
  out.log_posterior = certain_score(csmia(asked.predicted, asked.top, knowledge.label, share).guess, asked.prior);
  out.prior = std::move(asked.prior);
}

}  // namespace

extern const Attack csmia;
const Attack csmia{{"csmia",
                    "attack.csmia.title",
                    "attack.csmia.summary",
                    "Mehnaz et al., USENIX Security 2022; method.md section 3",
                    nullptr,
                    {"tree", "black_box"}},
                   Access::scores,
                   Attack::Finds::attribute,
                   &run,
                   false};

}  // namespace mid::attack
