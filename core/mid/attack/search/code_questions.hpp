#pragma once
#include "mid/attack/search/picture_space.hpp"

namespace mid {

/// What a search for classes that holds no weights shows for each class when it ends. One row a class.
struct FoundCodes {
  Matrix code;   ///< the answer
  Matrix start;  ///< what it began with: the control that the answer has to beat
};

/// Classes that a model says of pictures of these codes: the majority of `repeats` answers, of a tie the lower class; asked one answer
/// at a time, so that each counts as a query.
Task ask_labels(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, int repeats, VectorXi& out);

/// ln of the confidence in class label[r] for the picture of row r's code, the mean confidence of `repeats` answers, at least 1e-10.
/// Throws Error for numbers inside, which name no class.
Task ask_confidence(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, VectorXi label, int repeats, VectorXd& out);

/// Draws both, the start as the further attacker "start".
Task draw_codes(Context& context, const PictureSpace& space, FoundCodes found, AttackResult& out);

}  // namespace mid
