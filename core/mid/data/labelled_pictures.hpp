#pragma once
#include <optional>
#include <string>

#include "mid/data/split.hpp"

namespace mid {

/// The parameters of a set of small labelled pictures (digits).
struct LabelledPicturesSpec : SplitSpec {
  std::optional<int> rows;  ///< the first N
  int attacked = 0;         ///< the victims: the first of the private rows
  int image_size = 0;       ///< side of the model's input
};

/// The parameters of the struct S that derives from LabelledPicturesSpec.
template <class S>
std::vector<Param> labelled_pictures_params(int side) {
  std::vector<Param> params = split_params<S>("rows", 1);
  params.push_back(param<S, std::optional<int>>(&S::rows, "rows", 1, 10'000'000, "rows", "Use the first so many rows only; without it, all."));
  params.push_back(param<S, int>(&S::attacked, "attacked", 1, 10'000'000, "rows", "How many of the private rows are attacked."));
  params.push_back(param<S, int>(&S::image_size, "image_size", 4, side, "pixels", "Side of the pictures that the model sees; must divide " + std::to_string(side) + "."));
  return params;
}

/// Square pictures (rows x side^2, in [0, 1]) with their labels 0 .. 9 become a data set: inputs are the pictures, reduced
/// to `image_size` and not normalised; line-ups and average pictures are by label; held-out rows are the test.
Data labelled_pictures(std::string name, Matrix pictures, VectorXi label, int side, const LabelledPicturesSpec& spec,
                       Stream random);

/// Throws Error naming data.image_size unless `size` divides `side`.
void check_image_size(int size, int side);

}  // namespace mid
