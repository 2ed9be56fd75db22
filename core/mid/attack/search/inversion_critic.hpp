#pragma once
#include "mid/nn/program.hpp"

namespace mid {

// A critic with an output for each class, which is trained to tell real pictures from drawn ones and to answer as the model under attack
// does: "real" has the probability 1 - 1 / (1 + sum e^l). Chen, Kahla, Jia, Qi, ICCV 2021 (KED-MI), their code. All logits rows x classes.

/// Records ln sum e^l, rows x 1.
Var record_log_sum_exp(Program& program, Var logits);

/// Records -ln of the probability that a picture is real, rows x 1: softplus(lse) - lse.
Var record_unreal(Program& program, Var logits);

/// Records the critic's loss, 1 x 1: the cross entropy of the model's confidences `soft` in pictures and what the critic says of them, plus
/// half of -ln "real" of other real pictures and -ln "drawn" of drawn ones, each a mean over rows.
Var record_inversion_critic_loss(Program& program, Var of_labelled, Var soft, Var of_real, Var of_drawn);

/// Records the entropy of the critic's classes in nats, summed over the rows, 1 x 1.
Var record_class_entropy(Program& program, Var logits);

/// Records mean_j |mean f_j - mean f'_j| of two sets of features (rows x numbers each), 1 x 1.
Var record_feature_gap(Program& program, Var drawn, Var real);

}  // namespace mid
