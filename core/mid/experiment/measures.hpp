#pragma once
#include "mid/attack/attack.hpp"
#include "mid/base/context.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/report/result.hpp"

namespace mid {

struct Population;  // experiment/population.hpp

/// Draws of a noisy model that utility averages over.
inline constexpr int kUtilityDraws = 20;

/// How useful the released answers are on rows nobody learnt from: accuracy, nll, calibration_error; nll_train on the training
/// rows. `user` is an oracle whose victims are those rows; a released embedding goes on through the rest of `network`.
Task measure_use(Context& context, Oracle& user, const Model& model, VectorXi label, std::string suffix, Result& result);

/// Of a network with a purifier, on the test rows: purifier_agreement, how often the label stays the same; warns below 99 %.
Task measure_purifier(Context& context, const Network& network, const Data& data, Result& result);

/// The same of a regression, in the units that people read: rmse (of the numbers before noise), rmse_released,
/// rmse_rescaled (after the public line fitted to what was released about the training rows), within_20 and
/// within_20_released, each on the test rows, and mse in the model's own units, beside the constant mean of the training rows. `user` and
/// `trainer` are oracles about the test and training rows. method.md section 2, "Released utility".
Task measure_fit(Context& context, Oracle& user, Oracle& trainer, const Model& model, const Data& data, Result& result);

/// What an answer tells about a record. Network: kl_bound (the attacked records, times the repeats that bring fresh noise),
/// kl_train, and what measure_codes() adds; with conditional MID conditional_kl and conditional_kl_train, with DP-SGD epsilon.
/// Regression, over the training records: mixture_upper (times the repeats, at most ln of the number of records), and of one
/// answer taylor2, mixture_lower and information (by quadrature). Tree: leaf_information in bits. method.md sections 2 to 4.1;
/// contract in docs/architecture.md.
Task measure_information(Context& context, const Spec& spec, const Release& release, const Model& model, const Data& data, Result& result);

/// How much of kl_bound is there, of a network with noise (of the bottleneck or of the release), over up to 300 of the attacked
/// records: mixture_upper (the smaller of the pairwise bound and the mean KL of the same records, times the repeats that bring fresh
/// noise), information (its standard error as interval), mixture_lower and leave_one_out, of what is released before it is rounded or cut;
/// the same with _embedding of the numbers inside where those are something else. Warns when an estimate exceeds a bound by more than
/// chance explains. method.md section 5.
Task measure_codes(Context& context, const Spec& spec, const Release& release, const Network& network, const Data& data, Result& result);

/// attacker_limit: no attacker who sees what this one saw can be right more often (the strong form of Fano's inequality), 1
/// where the bound excludes nothing; and secret_information, what one answer tells about the secret of a record whose rest is
/// known, where the answer is a bell for each value of the secret: exact, by quadrature, of the answer as it is released.
/// What is open without the answer is the attack's own guess or, where that is the same for everybody, a logistic model's of
/// the known columns. Compared with the limit is the attacker who sees the answer ("attack_accuracy_answer" where the attack
/// holds the true outcome as well); called only where answers about the victims were overheard. Warns when the attack is
/// beyond its limit. Called after measure_information and the attack's own figures. method.md section 1.
Task measure_limit(Context& context, const Spec& spec, const Release& release, const Data& data, Attack::Finds finds,
                   const Knowledge& knowledge, const AttackResult& attack_result, Result& result);

/// Of Gaussian people (data.population): no attacker brings back more of a picture (r_squared) than ceiling, the smaller of
/// ceiling_van_trees and ceiling_rate_distortion (repeats counted); beside it ceiling_cem, never less than the latter, and ceiling_fisher,
/// which binds only attackers who are right on average. 1: no limit. Of the embedding, and so of every answer made of it; an exact one has
/// none, but that a label tells ln C at most. method.md section 5, "Bounds on reconstruction".
Task measure_ceiling(Context& context, const Spec& spec, const Release& release, const Model& model, const Data& data,
                     const Population& people, Result& result);

/// What a person may look at before the attack: the true pictures and the average; no guess and no line-up yet. The true
/// picture of a class is the mean of those that the model learnt from; its average is that of the auxiliary ones.
PictureSheet sheet_before_attack(const Data& data, Attack::Finds finds);

/// The true pictures of that sheet and the average ones as numbers, one row a picture.
struct ShownPictures {
  Matrix truth, average;
};
ShownPictures shown_pictures(const Data& data, Attack::Finds finds);

/// line_up, advantage, r_squared, correlation, psnr, ssim, each beside the average picture; of classes nearest_class, too;
/// line_up_NAME and correlation_NAME of the further attackers in AttackResult::more_pictures.
Task measure_pictures(const Data& data, Attack::Finds finds, const AttackResult& attack_result, Stream random, OnSheets on_sheets,
                      Outcome& out);

/// The answers that `oracle` gave about the first rows of `sheet`, with how far each is spread over the classes; nothing where none
/// was overheard. Called after measure_pictures, which makes the sheet.
Task measure_answers(Context& context, Oracle& oracle, const Model& model, const Data& data, PictureSheet& sheet);

/// attack_accuracy, advantage, macro_f1 and, of two values, mcc, precision, recall and auc (area under the curve, .5 beside a
/// guess that is the same for everybody) of the rarer one, each beside the guess without the answer; NAME_other of the further
/// attackers in AttackResult::more. The secret of a label attack is the class.
Task measure_beliefs(const Data& data, Attack::Finds finds, const AttackResult& attack_result, Stream random, OnSheets on_sheets,
                     Outcome& out);

}  // namespace mid
