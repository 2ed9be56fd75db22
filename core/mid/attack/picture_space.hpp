#pragma once
#include <variant>

#include "mid/attack/own_pictures.hpp"
#include "mid/nn/program.hpp"

namespace mid {

/// Where a gradient attack looks for pictures: rows of numbers (codes) that become the model's input, and the picture that
/// is drawn. The model is asked at its own input size; drawn is as large as the attacker's own pictures are.
class PictureSpace {
 public:
  /// The pixels of the model's input themselves; `mean` is one such picture. Drawn larger by repeating them.
  static PictureSpace pixels(Matrix mean, const Dataset& open);
  /// Standardised coefficients of principal components.
  static PictureSpace components(PcaPrior prior, const Dataset& open);

  int numbers() const { return static_cast<int>(start_.cols()); }
  /// 1 x numbers: the average picture. A pull holds the code here.
  const Matrix& start() const { return start_; }
  /// The model's inputs (not normalised) of a Program's codes.
  Var record_input(Program& program, Var code) const;
  /// Keeps codes inside the space: pixels are in [0, 1].
  void keep_inside(Matrix& code) const;
  /// The pictures of these codes, in [0, 1].
  Matrix draw(MatrixRef code) const;

 private:
  struct Pixels {};
  struct Components {
    PcaPrior drawn;          // of the pictures
    Matrix input, mean;      // what one standard deviation of each component adds to the model's input, and its mean
  };
  std::variant<Pixels, Components> kind_;
  Matrix start_;
  int height_ = 0, width_ = 0, factor_ = 1;  // of the model's input, and how much larger is drawn
};

}  // namespace mid
