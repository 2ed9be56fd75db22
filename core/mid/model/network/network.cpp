#include "mid/model/network/network.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/model/file/brought_inputs.hpp"
#include "mid/model/network/log_softmax.hpp"
#include "mid/nn/product_of.hpp"

namespace mid {
namespace {

constexpr float kLeakySlope = .01f;
constexpr float kRawShift = -5;  // sigma = softplus(raw - 5): a raw output of 0 starts with little noise
constexpr std::size_t kMostHidden = 8;
constexpr std::int64_t kMostUnfolded = 4'000'000;  // numbers of a picture's windows: 16 MB

Var activate(Program& program, Var a, const std::string& activation) {
  if (activation == "tanh") return program.tanh(a);
  return program.leaky_relu(a, activation == "leaky_relu" ? kLeakySlope : 0);
}

Var record_layer(Program& program, Var x, DenseLayer& layer) {
  return program.dense(x, program.parameter(layer.weight), program.parameter(layer.bias));
}

Matrix dense(MatrixRef x, const DenseLayer& layer) { return product_of(x, layer.weight.value, false, layer.bias.value.data()); }

/// All layers in the order of the computation, with their names.
template <class N, class F>
void each_layer(N& network, F f) {
  for (std::size_t i = 0; i < network.convolutions.size(); ++i) f("convolution." + std::to_string(i), network.convolutions[i].weights);
  for (std::size_t i = 0; i < network.hidden.size(); ++i) f("hidden." + std::to_string(i), network.hidden[i]);
  if (network.bottleneck) f("bottleneck", *network.bottleneck);
  f("head", network.head);
}

PictureWindow window_of(const ConvolutionSpec& spec) { return square_window(spec.kernel, spec.stride, spec.padding); }

}  // namespace

std::vector<Param> ConvolutionSpec::params() {
  using S = ConvolutionSpec;
  return {
      param(&S::filters, "filters", 1, 512, "", "model.network.filters"),
      param(&S::kernel, "kernel", 1, 64, "pixels", "model.network.kernel"),
      param(&S::stride, "stride", 1, 64, "pixels", "model.network.stride"),
      param(&S::padding, "padding", 0, 63, "pixels", "model.network.padding"),
      param(&S::pool, "pool", 1, 64, "pixels", "model.network.pool"),
  };
}

PictureShape ConvolutionLayer::convolved() const {
  PictureShape size = windowed(in, window_of(shape));
  size.channels = shape.filters;
  return size;
}

PictureShape ConvolutionLayer::out() const { return windowed(convolved(), square_window(shape.pool, shape.pool)); }

ConvolutionVars ConvolutionLayer::record(Program& program, Var x, Var weight, Var bias) const {
  return record_convolution(program, x, in, window_of(shape), weight, bias);
}

Var ConvolutionLayer::record_pool(Program& program, const ConvolutionVars& v) const {
  return shape.pool > 1 ? record_max_pool(program, v.pictures, v.size, square_window(shape.pool, shape.pool)) : v.pictures;
}

void check_unfolded(std::int64_t numbers, const std::string& field) {
  if (numbers > kMostUnfolded)
    throw Error(field,
                Message("refusal.convolution_large").with("found", std::to_string(numbers)).with("most", std::to_string(kMostUnfolded)));
}

PictureShape check_convolution(const ConvolutionSpec& spec, const PictureShape& in, const std::string& field) {
  const ConvolutionLayer layer{spec, in, {}};
  const auto size = [](const PictureShape& s) { return std::to_string(s.height) + " x " + std::to_string(s.width); };
  if (layer.convolved().places() == 0)
    throw Error(field + ".kernel", Message("refusal.convolution_kernel").with("found", std::to_string(spec.kernel)).with("size", size(in)));
  if (layer.out().places() == 0)
    throw Error(field + ".pool",
                Message("refusal.convolution_pool").with("found", std::to_string(spec.pool)).with("size", size(layer.convolved())));
  const std::int64_t places = layer.convolved().places();
  check_unfolded(std::max(places * spec.kernel * spec.kernel * in.channels, places * spec.filters), field);
  return layer.out();
}

std::vector<PictureShape> check_convolutions(std::span<const ConvolutionSpec> specs, const PictureShape& picture,
                                             const std::string& field) {
  if (specs.size() > kMostHidden) throw Error(field, Message("refusal.layers").with("found", std::to_string(specs.size())));
  std::vector<PictureShape> sizes{picture};
  for (std::size_t i = 0; i < specs.size(); ++i)
    sizes.push_back(check_convolution(specs[i], sizes.back(), field + "[" + std::to_string(i) + "]"));
  return sizes;
}

ConvolutionLayer make_convolution(const ConvolutionSpec& spec, const PictureShape& in, Stream random) {
  return {spec, in, make_layer(spec.kernel * spec.kernel * in.channels, spec.filters, random)};
}

DenseLayer make_layer(int inputs, int outputs, Stream random) {
  Random draw(random);
  const double bound = 1 / std::sqrt(std::max(inputs, 1));
  const auto fill = [&](Matrix& m, int rows, int cols) {
    m.resize(rows, cols);
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < cols; ++c) m(r, c) = static_cast<float>(bound * (2 * draw.uniform() - 1));
  };
  DenseLayer layer;
  fill(layer.weight.value, inputs, outputs);
  fill(layer.bias.value, 1, outputs);
  return layer;
}

std::vector<Param> NetworkSpec::params() {
  using S = NetworkSpec;
  return {
      objects(&S::convolutions, "convolutions", "model.network.convolutions", "method.md section 4, Convolution"),
      param(&S::hidden, "hidden", 1, 4096, "units", "model.network.hidden"),
      choice(&S::activation, "activation", {"relu", "leaky_relu", "tanh"}, "model.network.activation"),
      param(&S::bottleneck, "bottleneck", 0, 4096, "units", "model.network.bottleneck", "method.md section 4, Layer"),
      param(&S::sigma_start, "sigma_start", -30, 30, "", "model.network.sigma_start", "method.md section 4.1"),
      model_file<S>(),
      brought_inputs_param(),
  };
}

int Network::code_size() const { return static_cast<int>(head.weight.value.rows()); }

std::vector<Parameter*> Network::parameters() {
  std::vector<Parameter*> all;
  each_layer(*this, [&](const std::string&, DenseLayer& layer) {
    all.push_back(&layer.weight);
    all.push_back(&layer.bias);
  });
  if (front)
    for (Parameter& weight : front->weights) all.push_back(&weight);
  if (class_mean.value.size()) all.push_back(&class_mean);
  return all;
}

double Network::work() const {
  double work = 1;
  for (const ConvolutionLayer& c : convolutions)
    work += static_cast<double>(c.convolved().places()) *
            (2. * static_cast<double>(c.weights.weight.value.size()) + 4. * c.shape.kernel * c.shape.kernel * c.in.channels);
  const auto dense = [&](const DenseLayer& layer) { work += 2. * static_cast<double>(layer.weight.value.size()); };
  for (const DenseLayer& layer : hidden) dense(layer);
  if (bottleneck) dense(*bottleneck);
  dense(head);
  if (front) work += front->operations();
  return work;
}

NetworkVars Network::record(Program& program, Var x, Var noise, std::span<const Var> masks) {
  assert(masks.empty() || masks.size() == hidden.size());
  NetworkVars v;
  v.stochastic = stochastic;
  v.features = front ? front->record(program, x) : x;
  const auto through = [&](Var input, DenseLayer& layer) {
    v.layers.push_back({input, record_layer(program, input, layer)});
    return v.layers.back().output;
  };
  for (ConvolutionLayer& c : convolutions) {
    const ConvolutionVars conv = c.record(program, v.features, program.parameter(c.weights.weight), program.parameter(c.weights.bias));
    v.layers.push_back({conv.unfolded, conv.output, conv.size.places()});
    // Activations never fall, so the largest number's activation is the largest activation; and there are fewer of them.
    v.features = activate(program, c.record_pool(program, conv), activation);
    v.inside.push_back(v.features);
  }
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    v.features = activate(program, through(v.features, hidden[i]), activation);
    if (!masks.empty()) v.features = program.mul(v.features, masks[i]);
    v.inside.push_back(v.features);
  }
  Var code = v.features;
  if (bottleneck) {
    const Var out = through(v.features, *bottleneck);
    if (stochastic && noise_sd.size()) {
      v.mu = program.tanh(out);
      v.sigma = program.spread_rows(program.constant(noise_sd), program.rows(out));
      v.z = program.add(v.mu, program.mul(v.sigma, noise));
    } else if (stochastic) {
      const int k = code_size();
      v.mu = program.columns(out, 0, k);
      v.raw = program.columns(out, k, k);
      v.sigma = program.softplus(program.shift(v.raw, kRawShift));
      v.z = program.add(v.mu, program.mul(v.sigma, noise));
    } else {
      v.z = activate(program, out, activation);
    }
    code = v.z;
    v.inside.push_back(v.z);
  }
  v.logits = through(code, head);
  if (class_mean.value.size()) v.class_mean = program.parameter(class_mean);
  return v;
}

Var record_kl(Program& program, const NetworkVars& vars) {
  assert(vars.stochastic && vars.raw.id >= 0);
  const Var squares = program.add(program.mul(vars.mu, vars.mu), program.mul(vars.sigma, vars.sigma));
  const Var log_sigma = program.log_softplus(program.shift(vars.raw, kRawShift));
  return program.sum_cols(program.sub(program.scale(program.shift(squares, -1), .5f), log_sigma));
}

Matrix targets_of(const VectorXi& label, int classes) {
  Matrix y = Matrix::Zero(label.size(), classes == 2 ? 1 : classes);
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    if (classes == 2)
      y(i, 0) = static_cast<float>(label[i]);
    else
      y(i, label[i]) = 1;
  }
  return y;
}

Var record_cross_entropy(Program& program, Var logits, Var y) {
  if (program.cols(logits) > 1) return program.scale(program.sum_cols(program.mul(y, program.log_softmax(logits))), -1);
  return program.sub(program.softplus(logits), program.mul(y, logits));
}

Var record_one_hot(Program& program, Var y) {
  if (program.cols(y) > 1) return y;
  const Var other = program.shift(program.scale(y, -1), 1);
  return program.add(program.pad_columns(other, 0, 2), program.pad_columns(y, 1, 2));
}

Matrix Network::normalised(MatrixRef x) const {
  assert(x.cols() == input_mean.cols());
  return (x.rowwise() - input_mean.row(0)).array().rowwise() / input_sd.row(0).array();
}

Var Network::record_normalised(Program& program, Var x) const {
  const int rows = program.rows(x);
  const Var mean = program.spread_rows(program.constant(input_mean), rows);
  const Var steepness = program.spread_rows(program.constant(input_sd.cwiseInverse()), rows);
  return program.mul(program.sub(x, mean), steepness);
}

Network make_network(const NetworkSpec& spec, bool stochastic, int inputs, int classes, Stream random, PictureShape picture,
                     double noise_sd) {
  assert(inputs >= 1 && classes >= 2);
  if (spec.hidden.size() > kMostHidden)
    throw Error("model.hidden", Message("refusal.layers").with("found", std::to_string(spec.hidden.size())));
  if (!spec.convolutions.empty() && (picture.numbers() != inputs || inputs == 0))
    throw Error("model.convolutions", Message("refusal.no_pictures").with("inputs", std::to_string(inputs)));
  const std::vector<PictureShape> sizes = check_convolutions(spec.convolutions, picture, "model.convolutions");
  int width = spec.convolutions.empty() ? inputs : sizes.back().numbers();
  const int last = spec.hidden.empty() ? width : spec.hidden.back();
  const int k = spec.bottleneck.value_or(last / 2);
  if (stochastic && k == 0)
    throw Error("model.bottleneck", Message(spec.bottleneck ? "refusal.bottleneck_none" : "refusal.bottleneck_half"));
  Network net;
  net.activation = spec.activation;
  net.stochastic = stochastic;
  net.classes = classes;
  net.input_mean = Matrix::Zero(1, inputs);
  net.input_sd = Matrix::Ones(1, inputs);
  for (std::size_t i = 0; i < spec.convolutions.size(); ++i)
    net.convolutions.push_back(make_convolution(spec.convolutions[i], sizes[i], random.sub("convolution").sub(i)));
  for (std::size_t i = 0; i < spec.hidden.size(); ++i) {
    net.hidden.push_back(make_layer(width, spec.hidden[i], random.sub("hidden").sub(i)));
    width = spec.hidden[i];
  }
  if (k > 0) {
    const bool learns_sigma = stochastic && noise_sd <= 0;
    net.bottleneck = make_layer(width, learns_sigma ? 2 * k : k, random.sub("bottleneck"));
    if (learns_sigma) net.bottleneck->bias.value.rightCols(k).setConstant(static_cast<float>(spec.sigma_start));
    if (stochastic && !learns_sigma) net.noise_sd = Matrix::Constant(1, k, static_cast<float>(noise_sd));
    width = k;
  }
  net.head = make_layer(width, classes == 2 ? 1 : classes, random.sub("head"));
  return net;
}

Task activations(Context& context, const Network& network, Matrix x, Activations& out) {
  assert(x.cols() == network.inputs());
  const int rows = static_cast<int>(x.rows());
  // About a millisecond a block. The last block is filled up with rows of the one before, so that one Program serves all.
  constexpr double kWorkOfBlock = 1e7;
  const int block = std::clamp(static_cast<int>(kWorkOfBlock / network.work()), 1, std::max(rows, 1));

  Network copy = network;  // a Program refers to weights that could change
  Program program;
  const Var input = program.input(block, network.inputs());
  const Var noise = program.full(block, network.stochastic ? network.code_size() : 0, 0);
  const NetworkVars vars = copy.record(program, input, noise);
  const Var code = vars.stochastic ? vars.mu : network.bottleneck ? vars.z : vars.features;
  const int width = program.cols(code);
  program.keep(code);
  if (vars.stochastic) program.keep(vars.sigma);
  const std::unique_ptr<Executable> executable = context.device.compile(std::move(program));

  out.mu.resize(rows, width);
  out.sigma.resize(network.stochastic ? rows : 0, network.stochastic ? width : 0);
  Matrix value;
  for (int done = 0; done < rows; done += block) {
    const int from = std::min(done, rows - block);
    executable->write(input, network.normalised(x.middleRows(from, block)));
    while (executable->run_part()) co_await Tick{};
    while (!executable->read(code, value)) co_await Tick{};
    out.mu.middleRows(from, block) = value;
    if (network.stochastic) {
      while (!executable->read(vars.sigma, value)) co_await Tick{};
      out.sigma.middleRows(from, block) = value;
    }
    co_await Tick{};
  }
}

Matrix unpurified_logits_of(const Network& network, MatrixRef code) { return dense(code, network.head); }

Matrix logits_of(const Network& network, MatrixRef code) {
  Matrix logits = unpurified_logits_of(network, code);
  if (!network.purifier) return logits;
  const Matrix narrow = dense(purifier_input(logits), network.purifier->encode).array().tanh();
  Matrix out = dense(narrow, network.purifier->decode);
  if (logits.cols() > 1) return out;
  return out.col(1) - out.col(0);
}

Matrix purifier_input(MatrixRef logits) {
  Matrix both = logits;
  if (logits.cols() == 1) {
    both.setZero(logits.rows(), 2);
    both.col(1) = logits.col(0);
  }
  return log_softmax(std::move(both)).cwiseMax(std::log(1e-10f));
}

Var record_purifier(Program& program, Var log_p, Purifier& purifier) {
  return program.log_softmax(record_layer(program, program.tanh(record_layer(program, log_p, purifier.encode)), purifier.decode));
}

void check_finite(const Network& network) {
  each_layer(network, [](const std::string& name, const DenseLayer& layer) {
    if (!layer.weight.value.allFinite() || !layer.bias.value.allFinite())
      throw Failure(Message("refusal.weights_infinite").with("layer", name));
  });
}

}  // namespace mid
