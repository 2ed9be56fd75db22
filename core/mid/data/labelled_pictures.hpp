#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "mid/data/split.hpp"

namespace mid {

/// The parameters of a set of small labelled pictures (digits).
struct LabelledPicturesSpec : SplitSpec {
  std::optional<int> rows;  ///< the first N
  int attacked = 0;         ///< the victims: the first of the private rows, or of the held-out ones
  std::string victims = "private";
  int image_size = 0;                  ///< side of the model's input
  std::optional<std::string> drawn;    ///< a picture of one's own (drawn_picture)
  std::optional<int> drawn_label;      ///< which digit it is
  std::string population = "records";  ///< who is attacked: "records" of the set, or "gaussian" people; read by whoever runs the attack
};

/// The parameters of the struct S that derives from LabelledPicturesSpec.
template <class S>
std::vector<Param> labelled_pictures_params(int side) {
  std::vector<Param> params = split_params<S>("rows", 1);
  params.push_back(param<S, std::optional<int>>(&S::rows, "rows", 1, 10'000'000, "rows", "data.rows"));
  params.push_back(param<S, int>(&S::attacked, "attacked", 1, 10'000'000, "rows", "data.attacked"));
  params.push_back(choice<S, std::string>(&S::victims, "victims", {"private", "held_out"}, "data.digits.victims"));
  params.push_back(param<S, int>(&S::image_size, "image_size", 4, side, "pixels", "data.image_size." + std::to_string(side)));
  params.push_back(param<S, std::optional<std::string>>(&S::drawn, "drawn", "data.drawn." + std::to_string(side)));
  params.push_back(param<S, std::optional<int>>(&S::drawn_label, "drawn_label", 0, 9, "", "data.drawn_label"));
  params.push_back(choice<S, std::string>(&S::population, "population", {"records", "gaussian"}, "data.population", "method.md section 5"));
  return params;
}

/// DataSource::of_victims of these sets.
inline constexpr std::string_view kLabelledPicturesOfVictims[] = {"attacked", "victims", "drawn", "drawn_label"};

/// Pixels in [0, 1] as the text of `drawn`, two bits each, and back. Throws Error naming data.drawn where the text is of another
/// size.
std::string drawn_text(MatrixRef picture);
Matrix drawn_picture(const std::string& text, int side);

/// Square pictures (rows x side^2, in [0, 1]) with their labels 0 .. 9 become a data set: inputs are the pictures, reduced
/// to `image_size` and not normalised; line-ups and average pictures are by label; held-out rows are the test. What was drawn is
/// one row more, the first victim, and called "drawn".
Data labelled_pictures(std::string name, Matrix pictures, VectorXi label, int side, const LabelledPicturesSpec& spec, Stream random);

/// Throws Error naming data.image_size unless `size` divides `side`.
void check_image_size(int size, int side);

}  // namespace mid
