#pragma once
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/model/network/network.hpp"

namespace mid {

/// Layers one after the other; between two of them a unit keeps `slope` of what is below 0.
struct Perceptron {
  std::vector<DenseLayer> layers;
  float slope = 0;       ///< 0: ReLU
  bool sigmoid = false;  ///< at the end: pixels in 0 to 1
  /// Weights and biases U(+-1/sqrt(fan_in)); `sizes`: the input, each layer.
  static Perceptron make(const std::vector<int>& sizes, float slope, bool sigmoid, Stream random);
  int inputs() const { return static_cast<int>(layers.front().weight.value.rows()); }
  std::vector<Parameter*> parameters();
  /// Records it with weights that training may change (it outlives the Program), or as they are now.
  Var record(Program& program, Var x);
  Var record_fixed(Program& program, Var x) const;
  /// Whether the other has layers of the same sizes and the same end.
  bool alike(const Perceptron& other) const;
  void pack(Packer& out) const;
  /// Throws Damaged unless each layer takes what the one before gives.
  void unpack(Unpacker& in);
};

/// A generator of pictures and the critic that it was trained against (of a VAE: none).
struct PictureGenerator {
  Perceptron generator;  ///< a code ~ N(0, I) to the pixels of a picture in [0, 1]
  Perceptron critic;     ///< a picture to how real it looks; no layers: there is none
  /// The pictures of these codes.
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
};

/// Trains on `pictures` (rows x pixels in [0, 1]). Ticks several times a step; progress in steps of the generator, with live
/// critic_loss. `name` names save points and random streams.
Task train_wgan(Context& context, std::string name, WganSpec spec, Matrix pictures, PictureGenerator& out);

/// The critic's loss on real and fake pictures (rows x pixels): mean D(fake) - mean D(real) + penalty mean (|grad D(x)| - 1)^2
/// at x = t real + (1 - t) fake, t rows x 1. The gradient's length is at least 1e-12.
Var record_critic_loss(Program& program, Perceptron& critic, Var real, Var fake, Var t, float penalty);

/// Variational autoencoder: pixels - hidden - 2 x code and back; squared error / (2 sd^2) + KL to N(0, I), by Adam.
/// Kingma and Welling 2014.
struct VaeSpec {
  int code = 32;
  int hidden = 256;
  int epochs = 100;
  int batch = 20;
  double learning_rate = 1e-3;
  double sd = .1;  ///< of a pixel around the decoder's mean
};
Task train_vae(Context& context, std::string name, VaeSpec spec, Matrix pictures, PictureGenerator& out);

}  // namespace mid
