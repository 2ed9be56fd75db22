#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/base/param.hpp"
#include "mid/model/network/layer_graph.hpp"
#include "mid/nn/convolution.hpp"
#include "mid/nn/device.hpp"

namespace mid {

/// A convolution of a network: square windows, then the largest number of each pool x pool window without padding, then the
/// activation. A convolution of pictures of `in`: method.md section 4, Convolution, Pools.
struct ConvolutionSpec {
  int filters = 8;
  int kernel = 3;   ///< pixels, height and width of the window
  int stride = 1;   ///< pixels
  int padding = 0;  ///< pixels of zeros on every side
  int pool = 1;     ///< pixels, height, width and stride of the pool; 1: none
  static std::vector<Param> params();
};

/// The architecture: the object "model" of a specification with kind "network".
struct NetworkSpec {
  std::vector<int> hidden{128};
  std::string activation = "relu";                 ///< relu, leaky_relu (slope .01) or tanh
  std::optional<int> bottleneck;                   ///< units k; 0: none; not given: half of the last hidden layer, rounded down
  double sigma_start = 5;                          ///< initial bias of the raw sigma output
  std::optional<std::string> file = {};            ///< a model trained elsewhere; nothing else is read then
  std::vector<ConvolutionSpec> convolutions = {};  ///< before the hidden layers, of inputs that are pictures; at most 8
  static std::vector<Param> params();
};

/// x W + b.
struct DenseLayer {
  Parameter weight, bias;  ///< in x out, 1 x out
};

/// A convolution as a layer: its weight has a row for each number of a window, in order (y, x, channel), and a column a filter.
struct ConvolutionLayer {
  ConvolutionSpec shape;
  PictureShape in;
  DenseLayer weights;
  PictureShape convolved() const;  ///< before the pool
  PictureShape out() const;        ///< behind it
  /// Records it with these weights, up to the activation.
  ConvolutionVars record(Program& program, Var x, Var weight, Var bias) const;
  /// Records the pool of what record() gave: the same where there is none.
  Var record_pool(Program& program, const ConvolutionVars& convolved) const;
};
/// What a convolution of pictures of size `in` gives; throws Error naming `field` where its window or pool does not fit, or where
/// it would take more than four million numbers a picture.
PictureShape check_convolution(const ConvolutionSpec& spec, const PictureShape& in, const std::string& field);
/// The sizes of pictures before each convolution and behind the last; throws Error naming `field` or one of the list where they are
/// more than 8 or check_convolution() refuses one.
std::vector<PictureShape> check_convolutions(std::span<const ConvolutionSpec> specs, const PictureShape& picture, const std::string& field);
/// Throws Error naming `field` where `numbers`, which something about a convolution takes for each picture, are more than four million.
void check_unfolded(std::int64_t numbers, const std::string& field);
/// A convolution of pictures of `in` with weights and biases U(+-1/sqrt(window numbers)).
ConvolutionLayer make_convolution(const ConvolutionSpec& spec, const PictureShape& in, Stream random);

/// A layer inside a recorded network.
struct LayerVars {
  Var input, output;  ///< rows x in; rows x out, before activation. Of a convolution rows x places of either, one below the other
  int places = 1;     ///< of a picture at which the same weights are used
};
/// Weights and biases U(+-1/sqrt(inputs)).
DenseLayer make_layer(int inputs, int outputs, Stream random);

/// What recording a network gives.
struct NetworkVars {
  std::vector<LayerVars> layers;  ///< in the order of the computation
  std::vector<Var> inside;        ///< what each layer but the head gives, behind its activation: rows x numbers
  Var features;                   ///< rows x d: the last hidden layer
  Var mu, raw, sigma,
      z;           ///< rows x k; of a stochastic bottleneck (raw: before softplus(raw - 5), where sigma is learnt). z alone for a plain one
  Var logits;      ///< rows x classes; one column for two classes
  Var class_mean;  ///< classes x k, of a network that has one
  bool stochastic = false;
};

/// A narrow network through which confidences pass before anyone sees them: softmax(decode(tanh(encode(ln max(p, 1e-10))))).
/// method.md 4.1, "Purification autoencoder".
struct Purifier {
  DenseLayer encode, decode;  ///< classes x width, width x classes
};

/// Convolutions or none, then a multi-layer perceptron whose bottleneck is a plain layer of k units with activation, or stochastic:
/// z = mu + softplus(raw - 5) * eps, eps ~ N(0, I), no activation (method.md section 4, "Layer" [code]), or, with noise of fixed
/// size, z = tanh(a) + noise_sd * eps: without the bound of tanh larger weights would outgrow the noise.
struct Network {
  std::string activation = "relu";
  bool stochastic = false;      ///< the bottleneck is sampled
  Matrix input_mean, input_sd;  ///< 1 x inputs: applied first
  std::vector<ConvolutionLayer> convolutions;
  /// Of a network of another program what is no chain of dense layers: what it gives goes on into `hidden`, which is empty then.
  std::optional<LayerGraph> front;
  std::string source;  ///< the file from which `front` was read, whole, so that it can be written again
  std::vector<DenseLayer> hidden;
  std::optional<DenseLayer> bottleneck;  ///< d x k, or d x 2k where sigma is learnt (mu first, then raw sigma)
  Matrix noise_sd;                       ///< 1 x k: sigma of each unit of a stochastic bottleneck that does not learn it; empty: it does
  DenseLayer head;
  int classes = 0;
  /// 1 x code size: mean and sd of the code over the training records, public constants by which an embedding is rounded
  /// or cut to one bit. Empty: 0 and 1.
  Matrix code_mean, code_sd;
  /// classes x k, or empty: where the codes of each class are expected to lie. Learnt along, no part of any answer.
  Parameter class_mean;
  std::optional<Purifier> purifier;  ///< a part of every answer, not of what record() records
  /// What the inputs and the classes are called, where somebody said: a model from a file is compared with the data by them.
  std::vector<std::string> input_names, class_names;

  int inputs() const { return static_cast<int>(input_mean.cols()); }
  int outputs() const { return static_cast<int>(head.bias.value.cols()); }  ///< classes, or 1 for two classes
  int code_size() const;                                                    ///< k; without a bottleneck the size of the last hidden layer
  std::vector<Parameter*> parameters();                                     ///< what the training of the network moves: not the purifier
  double work() const;                                                      ///< additions and multiplications of an answer, roughly

  /// Records the network on *normalised* inputs `x` (rows x inputs). `noise` (rows x k) is used when stochastic; `masks`,
  /// one for each hidden layer (not the bottleneck) or none, multiply what these give.
  NetworkVars record(Program& program, Var x, Var noise = {}, std::span<const Var> masks = {});
  /// (x - mean) / sd.
  Matrix normalised(MatrixRef x) const;
  /// The same of pictures or records that a Program makes: an attacker who follows gradients to the input needs it.
  Var record_normalised(Program& program, Var x) const;
};

/// Records sum_j KL(N(mu_j, sigma_j^2) || N(0, 1)) in nats, rows x 1, of a stochastic bottleneck; ln sigma is never ln 0.
/// method.md sections 4 and 4.1 (Numerics).
Var record_kl(Program& program, const NetworkVars& vars);

/// What a network is trained to answer: a row for each label, one-hot; of two classes one column of 0 and 1.
Matrix targets_of(const VectorXi& label, int classes);
/// Records the cross entropy of each row in nats, rows x 1, from the logits and targets as targets_of() makes them.
Var record_cross_entropy(Program& program, Var logits, Var y);
/// Labels as one column a class, from a network's targets: `y` itself, or for two classes (1 - y, y).
Var record_one_hot(Program& program, Var y);

/// A dense layer with weights and biases U(+-1/sqrt(inputs)).
DenseLayer make_layer(int inputs, int outputs, Stream random);

/// A network of the given shape with weights and biases U(+-1/sqrt(fan_in)), then the raw-sigma bias at sigma_start.
/// input_mean 0 and input_sd 1; `picture`: the size of inputs that are pictures; `noise_sd` above 0: the size of a stochastic
/// bottleneck's noise, not learnt. Throws Error naming model.convolutions,
/// model.hidden or model.bottleneck when the shape makes no sense: more than 8 convolutions or hidden layers, convolutions of what is
/// no picture or smaller than their windows, or `stochastic` without units to make noise in.
Network make_network(const NetworkSpec& spec, bool stochastic, int inputs, int classes, Stream random, PictureShape picture = {},
                     double noise_sd = 0);

/// What a network computes for rows of (not normalised) inputs: double precision is not needed here.
struct Activations {
  Matrix mu, sigma;  ///< of a stochastic bottleneck; `mu` alone: the plain bottleneck's units, or the last hidden layer
};
/// Everything up to the noise. Rows are worked on in blocks with a tick after each.
Task activations(Context& context, const Network& network, Matrix x, Activations& out);
/// From a code (z, or the features of a network without bottleneck) to the logits that the model answers with: through the
/// purifier if it has one.
Matrix logits_of(const Network& network, MatrixRef code);
/// The same before the purifier.
Matrix unpurified_logits_of(const Network& network, MatrixRef code);
/// ln max(p, 1e-10), rows x classes, of logits: what a purifier reads.
Matrix purifier_input(MatrixRef logits);
/// Records a purifier: ln of its confidences, from what purifier_input() gave.
Var record_purifier(Program& program, Var log_p, Purifier& purifier);

/// Throws Failure unless every weight is finite.
void check_finite(const Network& network);

}  // namespace mid
