#pragma once
#include <string>
#include <vector>

#include "mid/attack/attack.hpp"
#include "mid/base/context.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/report/result.hpp"

namespace mid {

/// A network that judges whom a picture shows: not the target, of other shape and weights, which the attacker never sees.
/// Besides the target's classes it knows each person outside them as a class of their own, and a last one, "nobody", learnt
/// from noise: a mask of noise that fools the target is not to fool the judge. It learns from the training and auxiliary records,
/// never from those on which accuracy is measured. method.md section 4, "Metrics".
/// It is three networks of different starts, whose confidences are multiplied: one alone is less sure of a new photo.
/// Before they look, what changes from photo to photo of one person is damped: the directions of the differences between two
/// records of a label, by whitening with their scatter (Fisher's discriminant; Belhumeur, Hespanha, Kriegman, PAMI 1997).
/// Photos of other people teach it what a smile does, and of each enrolled person it sees one photo only.
struct Judge {
  std::vector<Network> members;
  int classes = 0;    ///< of the target: the first ones of the network
  Matrix average;     ///< 1 x pixels, of the records, light and contrast taken out
  Matrix directions;  ///< rows of unit length x pixels; no rows where no label has two records
  Matrix damping;     ///< 1 x directions: the part that is taken away along each, in 0 to 1
  /// What the networks see of pictures (rows x pixels, of the model's input size): mean square 1 each.
  Matrix seen(MatrixRef pictures) const;
};

/// Trains it, or takes it from the stage cache: it depends on the data alone. `records` names the data.
Task train_judge(Context& context, const Data& data, std::string records, Judge& out);

/// What it says of pictures of the model's input size (rows x pixels).
struct Judgement {
  MatrixD log_probability;  ///< rows x the network's classes
  Matrix features;          ///< rows x units of the members' last hidden layers
};
Task ask_judge(Context& context, const Judge& judge, Matrix inputs, Judgement& out);

/// For pictures of classes: identified (the judge names the class) and identified_top5, beside what it says of the average
/// picture; feature_distance, how far the drawn picture is from the true one in the judge's last layer, beside the average
/// picture's distance; and in utility judge_accuracy beside the target's own accuracy, with a warning where it is lower.
/// Called after measure_use and the attack.
Task measure_judged(Context& context, const Data& data, std::string records, const AttackResult& attack_result, Result& result);

}  // namespace mid
