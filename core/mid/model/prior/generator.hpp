#pragma once
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// Convolutions by which networks of a prior see pictures, and in the other order make them; none: perceptrons.
struct PictureConvolutions {
  PictureShape picture;
  std::vector<ConvolutionSpec> layers;
  /// The sizes of pictures before each and behind the last. Throws Error naming attack.convolutions as check_convolutions() does, also
  /// where the way back would take too many numbers.
  std::vector<PictureShape> check() const;
  /// Numbers of a picture of `pixels` behind the last: `pixels` where there is none.
  int seen(int pixels) const { return layers.empty() ? pixels : check().back().numbers(); }
};

/// Pictures of `from` enlarged to the size of `to` by repeating pixels, then a convolution of square windows that keeps this size:
/// a border of zeros is (kernel - 1) / 2 wide above and to the left, rounded down, and what is missing below and to the right.
/// Odena, Dumoulin, Olah, Distill 2016.
struct Enlargement {
  PictureShape from, to;
  int kernel = 1;  ///< pixels
  DenseLayer weights;
};

/// Layers one after the other, convolutions before them and enlargements behind them where it is about pictures; between two of all
/// these a unit keeps `slope` of what is below 0.
struct Perceptron {
  std::vector<ConvolutionLayer> convolutions;
  std::vector<DenseLayer> layers;
  std::vector<Enlargement> enlargements;
  float slope = 0;       ///< 0: ReLU
  bool sigmoid = false;  ///< at the end: pixels in 0 to 1
  /// Weights and biases U(+-1/sqrt(fan_in)); `sizes`: the input, each layer.
  static Perceptron make(const std::vector<int>& sizes, float slope, bool sigmoid, Stream random);
  /// Puts convolutions of pictures before the layers, the first of which takes what the last convolution gives.
  void see_by(const PictureConvolutions& by, Stream random);
  /// The way back: the last layer gives what the last convolution would, and each enlargement what that convolution took.
  void draw_by(const PictureConvolutions& by, Stream random);
  int inputs() const;
  int outputs() const;
  double work() const;  ///< additions and multiplications for one input, roughly
  std::vector<Parameter*> parameters();
  /// Records it with weights that training may change (it outlives the Program), or as they are now.
  Var record(Program& program, Var x);
  Var record_fixed(Program& program, Var x) const;
  /// Whether the other has layers of the same shapes and the same end.
  bool alike(const Perceptron& other) const;
  void pack(Packer& out) const;
  /// Throws Damaged unless each layer takes what the one before gives.
  void unpack(Unpacker& in);
};

/// A generator of pictures and the critic that it was trained against (of a VAE: none).
struct PictureGenerator {
  Perceptron generator;  ///< a code ~ N(0, I) to the pixels of a picture in [0, 1]
  Perceptron critic;     ///< a picture to how real it looks; no layers: there is none
  /// The pictures of these codes. Rows are worked on in blocks with a tick after each.
  Task pictures(Context& context, Matrix code, Matrix& out) const;
  void pack(Packer& out) const { out.add(generator), out.add(critic); }
  void unpack(Unpacker& in) { in.get(generator), in.get(critic); }
};

/// Wasserstein GAN with gradient penalty. method.md 4.1 "GMI without autograd"; Gulrajani et al., NeurIPS 2017.
struct WganSpec {
  int code = 100;                        ///< numbers of a code
  std::vector<int> generator{256, 512};  ///< hidden units
  std::vector<int> critic{512, 256};     ///< hidden units, LeakyReLU(.2), no batch norm
  int steps = 300;                       ///< of the generator
  int critic_steps = 5;                  ///< of the critic before each of them
  int batch = 64;
  double penalty = 10, learning_rate = 2e-4, first_beta = .5, second_beta = .9;
  PictureConvolutions by = {};  ///< where there are some, they stand in the place of all hidden units
};

/// Trains on `pictures` (rows x pixels in [0, 1]). Throws Error as check() of `spec.by` does. Ticks several times a step; progress in steps
/// of the generator, with live critic_loss. `name` names save points and random streams.
Task train_wgan(Context& context, std::string name, WganSpec spec, Matrix pictures, PictureGenerator& out);

/// The critic's loss on real and fake pictures (rows x pixels): mean D(fake) - mean D(real) + penalty mean (|grad D(x)| - 1)^2
/// at x = t real + (1 - t) fake, t rows x 1. The gradient's length is at least 1e-12.
Var record_critic_loss(Program& program, Perceptron& critic, Var real, Var fake, Var t, float penalty);

/// Variational autoencoder: pixels - hidden - 2 x code and back; squared error / (2 sd^2) + KL to N(0, I), by Adam.
/// Kingma and Welling 2014. Throws Error as check() of `spec.by` does.
struct VaeSpec {
  int code = 32;
  int hidden = 256;
  int epochs = 100;
  int batch = 20;
  double learning_rate = 1e-3;
  double sd = .1;               ///< of a pixel around the decoder's mean
  PictureConvolutions by = {};  ///< before the encoder's hidden units, and mirrored behind the decoder's
};
Task train_vae(Context& context, std::string name, VaeSpec spec, Matrix pictures, PictureGenerator& out);

}  // namespace mid
