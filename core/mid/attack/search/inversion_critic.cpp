#include "mid/attack/search/inversion_critic.hpp"

namespace mid {

Var record_log_sum_exp(Program& p, Var logits) { return p.columns(p.sub(logits, p.log_softmax(logits)), 0, 1); }

Var record_unreal(Program& p, Var logits) {
  const Var lse = record_log_sum_exp(p, logits);
  return p.sub(p.softplus(lse), lse);
}

Var record_inversion_critic_loss(Program& p, Var of_labelled, Var soft, Var of_real, Var of_drawn) {
  const Var labels = p.scale(p.mean_of_rows(p.mul(soft, p.log_softmax(of_labelled))), -1);
  const Var real = p.mean_of_rows(record_unreal(p, of_real)), drawn = p.mean_of_rows(p.softplus(record_log_sum_exp(p, of_drawn)));
  return p.add(labels, p.scale(p.add(real, drawn), .5f));
}

Var record_class_entropy(Program& p, Var logits) {
  const Var log_p = p.log_softmax(logits);
  return p.scale(p.sum(p.mul(p.exp(log_p), log_p)), -1);
}

Var record_feature_gap(Program& p, Var drawn, Var real) {
  const auto mean = [&](Var a) { return p.scale(p.sum_rows(a), 1.f / static_cast<float>(p.rows(a))); };
  const Var off = p.sub(mean(drawn), mean(real));
  const Var size = p.add(p.leaky_relu(off, 0), p.leaky_relu(p.scale(off, -1), 0));
  return p.scale(p.sum_cols(size), 1.f / static_cast<float>(p.cols(off)));
}

}  // namespace mid
