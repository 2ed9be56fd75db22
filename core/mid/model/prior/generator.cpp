#include "mid/model/prior/generator.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/nn/fit.hpp"

namespace mid {
namespace {

/// The window of an enlargement's convolution.
PictureWindow enlarging_window(const Enlargement& e) {
  const int before = (e.kernel - 1) / 2, after = e.kernel - 1 - before;
  return {e.kernel, e.kernel, 1, 1, before, before, after, after};
}

/// Calls f(weights) for all that has some, in the order of the computation.
template <class P, class F>
void each_weights(P& p, F f) {
  for (auto& c : p.convolutions) f(c.weights);
  for (auto& layer : p.layers) f(layer);
  for (auto& e : p.enlargements) f(e.weights);
}

/// Layers of a Perceptron whose weights come from `of`: Parameters, or constants.
template <class P, class F>
Var record_layers(Program& program, P& p, Var x, F of) {
  bool first = true;
  const auto bent = [&] {
    if (!first) x = program.leaky_relu(x, p.slope);
    first = false;
    return x;
  };
  // Activations never fall, so they may come behind the pool, where there are fewer numbers.
  for (auto& c : p.convolutions) x = c.record_pool(program, c.record(program, bent(), of(c.weights.weight), of(c.weights.bias)));
  for (auto& layer : p.layers) x = program.dense(bent(), of(layer.weight), of(layer.bias));
  for (auto& e : p.enlargements) {
    PictureShape in = e.to;
    in.channels = e.from.channels;
    x = record_enlarged(program, bent(), e.from, in.height, in.width);
    x = record_convolution(program, x, in, enlarging_window(e), of(e.weights.weight), of(e.weights.bias)).pictures;
  }
  return p.sigmoid ? program.sigmoid(x) : x;
}

std::vector<Var> vars_of(Program& program, Perceptron& p) {
  std::vector<Var> out;
  for (Parameter* parameter : p.parameters()) out.push_back(program.parameter(*parameter));
  return out;
}

void record_adam(Program& program, Perceptron& p, Var loss, Var rate, const WganSpec& spec) {
  const std::vector<Var> weights = vars_of(program, p);
  const std::vector<Var> gradient = program.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) program.adam(weights[i], gradient[i], rate, 0, {spec.first_beta, spec.second_beta});
}

std::vector<int> sizes_of(int from, const std::vector<int>& hidden, int to) {
  std::vector<int> sizes{from};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(to);
  return sizes;
}

void check_finite(const Perceptron& p, const char* whose, double learning_rate) {
  each_weights(p, [&](const DenseLayer& layer) {
    if (!layer.weight.value.allFinite() || !layer.bias.value.allFinite())
      throw Failure(Message("refusal.attacker_diverged").with("network", whose).with("rate", std::to_string(learning_rate)));
  });
}

bool of_size(const DenseLayer& layer, std::int64_t rows, std::int64_t cols) {
  const Matrix &weight = layer.weight.value, &bias = layer.bias.value;
  return weight.rows() == rows && weight.cols() == cols && bias.rows() == 1 && bias.cols() == cols;
}

constexpr int kMostPixels = 1 << 16;  // of an archive, high or wide: more is damage

void add_shape(Packer& out, const PictureShape& s) { out.add(s.height), out.add(s.width), out.add(s.channels); }
PictureShape get_shape(Unpacker& in) {
  PictureShape s;
  for (int* n : {&s.height, &s.width, &s.channels}) in.get_index(*n, 1, kMostPixels);
  return s;
}

/// What a save point keeps: weights and the optimiser's moments.
struct WganState {
  PictureGenerator nets;
  static void moments(Packer& out, const Perceptron& p) {
    each_weights(p, [&](const DenseLayer& layer) {
      for (const Parameter* q : {&layer.weight, &layer.bias}) out.add(q->first), out.add(q->second), out.add(q->steps);
    });
  }
  static void moments(Unpacker& in, Perceptron& p) {
    for (Parameter* q : p.parameters()) get_moments(in, *q);
  }
  void pack(Packer& out) const {
    for (const Perceptron* p : {&nets.generator, &nets.critic}) out.add(*p), moments(out, *p);
  }
  void unpack(Unpacker& in) {
    for (Perceptron* p : {&nets.generator, &nets.critic}) {
      Perceptron read;
      in.get(read);
      Unpacker::expect(read.alike(*p));
      // Into the parameters that stand there, because Programs hold them.
      const std::vector<Parameter*> here = p->parameters(), there = read.parameters();
      for (std::size_t i = 0; i < here.size(); ++i) here[i]->value = there[i]->value;
      moments(in, *p);
    }
  }
  static auto members(WganState& s) { return std::tie(s); }
};

}  // namespace

Perceptron Perceptron::make(const std::vector<int>& sizes, float slope, bool sigmoid, Stream random) {
  Perceptron p;
  p.slope = slope, p.sigmoid = sigmoid;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) p.layers.push_back(make_layer(sizes[i], sizes[i + 1], random.sub(i)));
  return p;
}

std::vector<PictureShape> PictureConvolutions::check() const {
  std::vector<PictureShape> sizes = check_convolutions(layers, picture, "attack.convolutions");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::int64_t kernel = layers[i].kernel;
    check_unfolded(sizes[i].places() * kernel * kernel * sizes[i + 1].channels, "attack.convolutions[" + std::to_string(i) + "]");
  }
  return sizes;
}

void Perceptron::see_by(const PictureConvolutions& by, Stream random) {
  const std::vector<PictureShape> sizes = by.check();
  for (std::size_t i = 0; i < by.layers.size(); ++i)
    convolutions.push_back(make_convolution(by.layers[i], sizes[i], random.sub("convolution").sub(i)));
}

void Perceptron::draw_by(const PictureConvolutions& by, Stream random) {
  const std::vector<PictureShape> sizes = by.check();
  for (std::size_t i = by.layers.size(); i-- > 0;) {
    const int kernel = by.layers[i].kernel;
    const PictureShape &from = sizes[i + 1], &to = sizes[i];
    enlargements.push_back({from, to, kernel, make_layer(kernel * kernel * from.channels, to.channels, random.sub("enlargement").sub(i))});
  }
}

int Perceptron::inputs() const {
  return convolutions.empty() ? static_cast<int>(layers.front().weight.value.rows()) : convolutions.front().in.numbers();
}

int Perceptron::outputs() const {
  return enlargements.empty() ? static_cast<int>(layers.back().weight.value.cols()) : enlargements.back().to.numbers();
}

double Perceptron::work() const {
  double work = 1;
  const auto of = [&](int places, const DenseLayer& layer) {
    work += static_cast<double>(places) *
            (2. * static_cast<double>(layer.weight.value.size()) + 4. * static_cast<double>(layer.weight.value.rows()));
  };
  for (const ConvolutionLayer& c : convolutions) of(c.convolved().places(), c.weights);
  for (const DenseLayer& layer : layers) of(1, layer);
  for (const Enlargement& e : enlargements) of(e.to.places(), e.weights);
  return work;
}

std::vector<Parameter*> Perceptron::parameters() {
  std::vector<Parameter*> all;
  each_weights(*this, [&](DenseLayer& layer) { all.push_back(&layer.weight), all.push_back(&layer.bias); });
  return all;
}

Var Perceptron::record(Program& program, Var x) {
  return record_layers(program, *this, x, [&](Parameter& p) { return program.parameter(p); });
}

Var Perceptron::record_fixed(Program& program, Var x) const {
  return record_layers(program, *this, x, [&](const Parameter& p) { return program.constant(p.value); });
}

void Perceptron::pack(Packer& out) const {
  out.add(slope), out.add(static_cast<int>(sigmoid)), out.add(static_cast<int>(layers.size()));
  out.add(static_cast<int>(convolutions.size())), out.add(static_cast<int>(enlargements.size()));
  for (const ConvolutionLayer& c : convolutions) {
    add_shape(out, c.in);
    for (const int n : {c.shape.filters, c.shape.kernel, c.shape.stride, c.shape.padding, c.shape.pool}) out.add(n);
  }
  for (const Enlargement& e : enlargements) add_shape(out, e.from), add_shape(out, e.to), out.add(e.kernel);
  each_weights(*this, [&](const DenseLayer& layer) { out.add(layer.weight.value), out.add(layer.bias.value); });
}

void Perceptron::unpack(Unpacker& in) {
  int ends = 0, count = 0, before = 0, behind = 0;
  in.get(slope), in.get_index(ends, 0, 2), in.get_index(count, 0, 17), in.get_index(before, 0, 9), in.get_index(behind, 0, 9);
  Unpacker::expect(slope >= 0 && slope <= 1);
  sigmoid = ends != 0;
  convolutions.resize(static_cast<std::size_t>(before));
  for (ConvolutionLayer& c : convolutions) {
    c.in = get_shape(in);
    for (int* n : {&c.shape.filters, &c.shape.kernel, &c.shape.stride, &c.shape.padding, &c.shape.pool}) in.get_index(*n, 0, 1 << 16);
    Unpacker::expect(std::min({c.shape.filters, c.shape.kernel, c.shape.stride, c.shape.pool}) > 0);
  }
  enlargements.resize(static_cast<std::size_t>(behind));
  for (Enlargement& e : enlargements) {
    e.from = get_shape(in), e.to = get_shape(in), in.get_index(e.kernel, 1, 1 << 16);
    Unpacker::expect(e.from.height <= e.to.height && e.from.width <= e.to.width);
  }
  layers.resize(static_cast<std::size_t>(count));
  each_weights(*this, [&](DenseLayer& layer) { in.get(layer.weight.value), in.get(layer.bias.value); });
  // Each takes what the one before gives; what takes the first is free.
  std::int64_t width = -1;
  const auto next = [&](const DenseLayer& layer, std::int64_t takes, std::int64_t rows, std::int64_t cols, std::int64_t gives) {
    Unpacker::expect((width < 0 || width == takes) && of_size(layer, rows, cols));
    width = gives;
  };
  try {
    for (const ConvolutionLayer& c : convolutions) {
      const PictureShape out = check_convolution(c.shape, c.in, "");
      next(c.weights, c.in.numbers(), std::int64_t{c.shape.kernel} * c.shape.kernel * c.in.channels, c.shape.filters, out.numbers());
    }
    for (const DenseLayer& layer : layers) {
      const Matrix& weight = layer.weight.value;
      next(layer, weight.rows(), weight.rows(), weight.cols(), weight.cols());
    }
    for (const Enlargement& e : enlargements) {
      const std::int64_t window = std::int64_t{e.kernel} * e.kernel * e.from.channels;
      check_unfolded(window * e.to.places(), "");
      next(e.weights, e.from.numbers(), window, e.to.channels, e.to.numbers());
    }
  } catch (const Error&) {
    throw Damaged();
  }
}

bool Perceptron::alike(const Perceptron& other) const {
  const auto same_size = [](const DenseLayer& a, const DenseLayer& b) { return of_size(a, b.weight.value.rows(), b.weight.value.cols()); };
  const auto same = [&]<class T>(const std::vector<T>& a, const std::vector<T>& b, auto equal) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
  };
  return sigmoid == other.sigmoid && same(layers, other.layers, same_size) &&
         same(convolutions, other.convolutions,
              [&](const ConvolutionLayer& a, const ConvolutionLayer& b) {
                return a.in == b.in && a.out() == b.out() && a.shape.kernel == b.shape.kernel && same_size(a.weights, b.weights);
              }) &&
         same(enlargements, other.enlargements, [&](const Enlargement& a, const Enlargement& b) {
           return a.from == b.from && a.to == b.to && a.kernel == b.kernel && same_size(a.weights, b.weights);
         });
}

Task PictureGenerator::pictures(Context& context, Matrix code, Matrix& out) const {
  // Rows of a block are bounded by what unfolded pictures take in memory. The last block is filled up with rows of the one before, so
  // that one Program serves all.
  constexpr double kWorkOfBlock = 1e9;
  const int rows = static_cast<int>(code.rows());
  const int block = std::clamp(static_cast<int>(kWorkOfBlock / generator.work()), 1, std::max(rows, 1));
  Program program;
  const Var input = program.input(block, static_cast<int>(code.cols()));
  const Var picture = generator.record_fixed(program, input);
  program.keep(picture);
  const std::unique_ptr<Executable> executable = context.device.compile(std::move(program));
  out.resize(rows, generator.outputs());
  Matrix value;
  for (int done = 0; done < rows; done += block) {
    const int from = std::min(done, rows - block);
    executable->write(input, code.middleRows(from, block));
    while (executable->run_part()) co_await Tick{};
    while (!executable->read(picture, value)) co_await Tick{};
    out.middleRows(from, block) = value;
    co_await Tick{};
  }
}

Var record_critic_loss(Program& p, Perceptron& critic, Var real, Var fake, Var t, float penalty) {
  const Var between = p.add(fake, p.mul(p.spread_cols(t, p.cols(real)), p.sub(real, fake)));
  const std::vector<Var> of{between};
  const Var slope = p.gradient(p.sum(critic.record(p, between)), of)[0];
  constexpr float kFloor = 1e-24f;  // of the squared length
  const Var length = p.sqrt(p.shift(p.sum_cols(p.mul(slope, slope)), kFloor));
  const Var off = p.shift(length, -1);
  const Var distance = p.sub(p.mean_of_rows(critic.record(p, fake)), p.mean_of_rows(critic.record(p, real)));
  return p.add(distance, p.scale(p.mean_of_rows(p.mul(off, off)), penalty));
}

Task train_wgan(Context& context, std::string name, WganSpec spec, Matrix pictures, PictureGenerator& out) {
  const int rows = static_cast<int>(pictures.rows()), pixels = static_cast<int>(pictures.cols()), batch = std::min(spec.batch, rows);
  const Stream random = context.random.sub(name);
  WganState state;
  const int seen = spec.by.seen(pixels);
  if (!spec.by.layers.empty()) spec.generator.clear(), spec.critic.clear();
  state.nets.generator = Perceptron::make(sizes_of(spec.code, spec.generator, seen), 0, true, random.sub("generator"));
  state.nets.generator.draw_by(spec.by, random.sub("generator"));
  co_await Tick{};
  state.nets.critic = Perceptron::make(sizes_of(seen, spec.critic, 1), .2f, false, random.sub("critic"));
  state.nets.critic.see_by(spec.by, random.sub("critic"));
  co_await Tick{};

  // The critic's step and the generator's: weights of the other are read afresh at each run and not changed.
  Program judge, paint;
  const Var real = judge.input(batch, pixels), code = judge.input(batch, spec.code), t = judge.input(batch, 1), rate = judge.input(1, 1);
  const Var loss =
      record_critic_loss(judge, state.nets.critic, real, state.nets.generator.record(judge, code), t, static_cast<float>(spec.penalty));
  record_adam(judge, state.nets.critic, loss, rate, spec);
  const Var paint_code = paint.input(batch, spec.code), paint_rate = paint.input(1, 1);
  const Var looks = state.nets.critic.record(paint, state.nets.generator.record(paint, paint_code));
  record_adam(paint, state.nets.generator, paint.scale(paint.mean_of_rows(looks), -1), paint_rate, spec);
  judge.keep(loss), paint.keep(looks);
  const std::unique_ptr<Executable> judging = context.device.compile(std::move(judge));
  co_await Tick{};
  const std::unique_ptr<Executable> painting = context.device.compile(std::move(paint));
  co_await Tick{};
  Matrix step_size(1, 1), codes(batch, spec.code), mix(batch, 1), value;
  step_size(0, 0) = static_cast<float>(spec.learning_rate);
  judging->write(rate, step_size), painting->write(paint_rate, step_size);

  context.progress.total = spec.steps;
  const int turns = spec.critic_steps + 1;
  const bool remote = context.device.remote();
  std::vector<int> chosen(static_cast<std::size_t>(batch));
  for (Loop turn(context, name, turns * spec.steps, state); turn; co_await turn.next()) {
    if (remote) context.saves.hold();
    const Stream now = random.sub("turn").sub(static_cast<std::uint64_t>(*turn));
    fill_normal(now.sub("code"), 0, codes);
    if (*turn % turns < spec.critic_steps) {
      Random draw(now.sub("rows"));
      for (int& row : chosen) row = draw.below(rows);
      for (int i = 0; i < batch; ++i) mix(i, 0) = static_cast<float>(draw.uniform());
      judging->gather(real, pictures, chosen);
      judging->write(code, codes), judging->write(t, mix);
      while (judging->run_part()) co_await Tick{};
      while (!judging->read(loss, value)) co_await Tick{};
      context.progress.live["critic_loss"] = value(0, 0);
    } else {
      painting->write(paint_code, codes);
      while (painting->run_part()) co_await Tick{};
      context.progress.done = *turn / turns + 1;
    }
    if (!remote || context.saves.asked() || *turn + 1 == turns * spec.steps) {
      while (!judging->sync()) co_await Tick{};
      while (!painting->sync()) co_await Tick{};
      context.saves.release();
    }
  }
  check_finite(state.nets.generator, "generator", spec.learning_rate);
  check_finite(state.nets.critic, "critic", spec.learning_rate);
  out = std::move(state.nets);
}

Task train_vae(Context& context, std::string name, VaeSpec spec, Matrix pictures, PictureGenerator& out) {
  const int pixels = static_cast<int>(pictures.cols());
  const Stream random = context.random.sub(name);
  const int seen = spec.by.seen(pixels);
  Perceptron encoder = Perceptron::make({seen, spec.hidden, 2 * spec.code}, 0, false, random.sub("encoder"));
  encoder.see_by(spec.by, random.sub("encoder"));
  Perceptron decoder = Perceptron::make({spec.code, spec.hidden, seen}, 0, true, random.sub("decoder"));
  decoder.draw_by(spec.by, random.sub("decoder"));
  Training training;
  training.parameters = encoder.parameters();
  for (Parameter* p : decoder.parameters()) training.parameters.push_back(p);
  training.data = {&pictures};
  training.noise = {spec.code};
  const auto weight = static_cast<float>(1 / (2 * spec.sd * spec.sd));
  training.loss = [&](Program& p, const Batch& batch) {
    const Var inside = encoder.record(p, batch.data[0]);
    NetworkVars v;  // the same code as a network's stochastic bottleneck: z = mu + softplus(raw - 5) eps
    v.stochastic = true;
    v.mu = p.columns(inside, 0, spec.code), v.raw = p.shift(p.columns(inside, spec.code, spec.code), 5);
    v.sigma = p.softplus(p.shift(v.raw, -5));
    v.z = p.add(v.mu, p.mul(v.sigma, batch.noise[0]));
    const Var off = p.sub(decoder.record(p, v.z), batch.data[0]);
    return p.add(p.scale(p.mean_of_rows(p.mul(off, off)), weight), p.mean_of_rows(record_kl(p, v)));
  };
  TrainSpec train;
  train.learning_rate = spec.learning_rate, train.batch = spec.batch, train.epochs = spec.epochs;
  co_await fit(context, name, train, training);
  check_finite(decoder, "decoder", spec.learning_rate);
  out.generator = std::move(decoder);
  out.critic = Perceptron();
}

}  // namespace mid
