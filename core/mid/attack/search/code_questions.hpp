#pragma once
#include "mid/attack/search/random_views.hpp"

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

/// The mean over the views of the confidence in class label[r] for the picture of row r's code or, of labels alone, the share of views
/// that are named so. Every view is `repeats` questions a row.
Task ask_in_views(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, VectorXi label, int repeats,
                  std::vector<View> views, bool labels_only, VectorXd& out);

/// Of rows that lie class by class the one with the highest score of each class, of equal ones the first.
std::vector<int> chosen_rows(const std::vector<int>& of_class, const VectorXd& score);

/// Of several candidates a class (rows of `code`, class by class) takes the one that keeps its class best in `views` random views or,
/// without any, as it is, into found.code, which has a row for each class that has a candidate. Draws all of them beside it ("unselected")
/// where views chose and each class has as many. A single candidate a class asks nothing.
Task choose_codes(Context& context, Oracle& oracle, const PictureSpace& space, Matrix code, std::vector<int> of_class, int repeats,
                  int views, bool labels_only, FoundCodes& found, AttackResult& out);

/// Draws both, the start as the further attacker "start".
Task draw_codes(Context& context, const PictureSpace& space, FoundCodes found, AttackResult& out);

}  // namespace mid
