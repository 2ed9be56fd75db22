#pragma once
#include "mid/attack/attack.hpp"
#include "mid/base/context.hpp"
#include "mid/report/result.hpp"
#include "mid/run/experiment.hpp"

namespace mid {

/// Draws of a noisy model that utility averages over.
inline constexpr int kUtilityDraws = 20;

/// How useful the released answers are on rows nobody learnt from: accuracy, nll, calibration_error; nll_train on the training
/// rows. `user` is an oracle whose victims are those rows; a released embedding goes on through the rest of `network`.
Task measure_use(Context& context, Oracle& user, const Network& network, VectorXi label, std::string suffix, Result& result);

/// What the code tells about the given records: kl_bound (the attacked ones, times the repeats that bring fresh noise) and
/// kl_train. method.md section 4 ("Bound") and 4.1; contract in docs/architecture.md.
Task measure_information(Context& context, const Spec& spec, const Network& network, const Data& data, Result& result);

/// What a person may look at before the attack: the true pictures and the average; no guess and no line-up yet.
PictureSheet sheet_before_attack(const Data& data);

/// line_up, advantage, detail_back, correlation, psnr, ssim, each beside the average picture.
void measure_pictures(const Data& data, const Evidence& evidence, Stream random, Outcome& out);

/// attack_accuracy, advantage and, of two values, mcc, each beside the guess without the answer.
void measure_beliefs(const Data& data, const Evidence& evidence, Stream random, Outcome& out);

}  // namespace mid
