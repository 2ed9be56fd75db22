#pragma once
#include <variant>

#include "mid/attack/search/auxiliary_pictures.hpp"
#include "mid/model/prior/generator.hpp"
#include "mid/nn/program.hpp"

namespace mid {

/// Where a gradient attack looks for pictures: rows of numbers (codes) that become the model's input, and the picture that
/// is drawn. The model is asked at its own input size; drawn is as large as the attacker's own pictures are.
class PictureSpace {
 public:
  /// The pixels of the model's input themselves; `mean` is one such picture. Drawn larger by repeating them.
  static PictureSpace pixels(Matrix mean, const Dataset& auxiliary);
  /// Standardised coefficients of principal components.
  static PictureSpace components(PcaPrior prior, const Dataset& auxiliary);
  /// Codes of a generator of pictures of the model's input size. Drawn larger by repeating pixels.
  static PictureSpace generated(PictureGenerator generator, const Dataset& auxiliary);

  int numbers() const { return static_cast<int>(start_.cols()); }
  /// 1 x numbers: the average picture. A pull holds the code here.
  const Matrix& start() const { return start_; }
  /// Of the model's input, in pixels.
  int height() const { return height_; }
  int width() const { return width_; }
  /// How far from start() numbers of a code may begin, an sd: 1 of codes, which have that sd by themselves, and .1 of pixels.
  double spread() const { return std::holds_alternative<Pixels>(kind_) ? .1 : 1; }
  /// Whether there is a critic that says how real a picture looks.
  bool has_critic() const;
  /// Its word, rows x 1, on inputs that record_input() made: the larger, the more real.
  Var record_critic(Program& program, Var input) const;
  /// The model's inputs (not normalised) of a Program's codes.
  Var record_input(Program& program, Var code) const;
  /// Keeps codes inside the space: pixels are in [0, 1].
  void keep_inside(Matrix& code) const;
  /// The same of codes that no Program holds, as pictures that a stranger may send: in [0, 1].
  Task inputs(Context& context, Matrix code, Matrix& out) const;
  /// The pictures of these codes, in [0, 1].
  Task draw(Context& context, Matrix code, Matrix& out) const;

 private:
  struct Pixels {};
  struct Components {
    PcaPrior drawn;      // of the pictures
    Matrix input, mean;  // what one standard deviation of each component adds to the model's input, and its mean
  };
  std::variant<Pixels, Components, PictureGenerator> kind_;
  Matrix start_;
  int height_ = 0, width_ = 0, factor_ = 1;  // of the model's input, and how much larger is drawn
};

/// Where a gradient attack looks, as attacks name it: fields that they share. A struct of an attack's parameters derives from it.
struct PriorSpec {
  std::string prior = "pca";
  int components = 40, code = 100, generator_steps = 1000, epochs = 100, shifts = 0;
  bool mirror = true;
  std::vector<ConvolutionSpec> convolutions = {};  // of priors that draw
};

/// The parameters of PriorSpec for the struct S that derives from it, with these priors to choose from.
template <class S>
std::vector<Param> prior_params(std::vector<std::string> priors) {
  return {
      choice<S, std::string>(&S::prior, "prior", std::move(priors), "attack.prior"),
      param<S, int>(&S::components, "components", 1, 400, "", "attack.components"),
      param<S, int>(&S::code, "code", 1, 1000, "", "attack.code"),
      param<S, int>(&S::epochs, "epochs", 1, 10000, "rounds", "attack.epochs"),
      param<S, int>(&S::generator_steps, "generator_steps", 1, 100000, "steps", "attack.generator_steps", "method.md section 4.1"),
      objects<ConvolutionSpec, S>(&S::convolutions, "convolutions", "attack.convolutions", "method.md 4.1, Convolutional priors"),
      param<S, int>(&S::shifts, "shifts", 0, 8, "pixels", "attack.shifts"),
      param<S, bool>(&S::mirror, "mirror", "attack.mirror"),
  };
}

/// Learns the prior from the attacker's own pictures alone, or finds it in the stage cache, and notes what it is.
Task learn_space(Context& context, const Knowledge& knowledge, PriorSpec spec, Json& notes, PictureSpace& out);

}  // namespace mid
