#include "mid/model/prior/generator.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/nn/fit.hpp"

namespace mid {
namespace {

/// Layers of a Perceptron whose weights come from `of`: Parameters, or constants.
template <class P, class F>
Var record_layers(Program& program, P& p, Var x, F of) {
  for (std::size_t i = 0; i < p.layers.size(); ++i) {
    if (i > 0) x = program.leaky_relu(x, p.slope);
    x = program.dense(x, of(p.layers[i].weight), of(p.layers[i].bias));
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
  for (const DenseLayer& layer : p.layers)
    if (!layer.weight.value.allFinite() || !layer.bias.value.allFinite())
      throw Failure(Message("refusal.attacker_diverged").with("network", whose).with("rate", std::to_string(learning_rate)));
}

/// What a save point keeps: weights and the optimiser's moments.
struct WganState {
  PictureGenerator nets;
  static void moments(Packer& out, const Perceptron& p) {
    for (const DenseLayer& layer : p.layers)
      for (const Parameter* q : {&layer.weight, &layer.bias}) out.add(q->first), out.add(q->second), out.add(q->steps);
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
      for (std::size_t i = 0; i < p->layers.size(); ++i)
        p->layers[i].weight.value = read.layers[i].weight.value, p->layers[i].bias.value = read.layers[i].bias.value;
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

std::vector<Parameter*> Perceptron::parameters() {
  std::vector<Parameter*> all;
  for (DenseLayer& layer : layers) all.push_back(&layer.weight), all.push_back(&layer.bias);
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
  for (const DenseLayer& layer : layers) out.add(layer.weight.value), out.add(layer.bias.value);
}

void Perceptron::unpack(Unpacker& in) {
  int ends = 0, count = 0;
  in.get(slope), in.get_index(ends, 0, 2), in.get_index(count, 0, 17);
  Unpacker::expect(slope >= 0 && slope <= 1);
  sigmoid = ends != 0;
  layers.resize(static_cast<std::size_t>(count));
  Eigen::Index width = -1;
  for (DenseLayer& layer : layers) {
    Matrix &weight = layer.weight.value, &bias = layer.bias.value;
    in.get(weight), in.get(bias);
    Unpacker::expect((width < 0 || weight.rows() == width) && bias.rows() == 1 && bias.cols() == weight.cols());
    width = weight.cols();
  }
}

bool Perceptron::alike(const Perceptron& other) const {
  const auto same = [](const DenseLayer& a, const DenseLayer& b) {
    return a.weight.value.rows() == b.weight.value.rows() && a.weight.value.cols() == b.weight.value.cols();
  };
  return sigmoid == other.sigmoid && std::equal(layers.begin(), layers.end(), other.layers.begin(), other.layers.end(), same);
}

Task PictureGenerator::pictures(Context& context, Matrix code, Matrix& out) const {
  Program program;
  const Var input = program.input(static_cast<int>(code.rows()), static_cast<int>(code.cols()));
  const Var picture = generator.record_fixed(program, input);
  program.keep(picture);
  const std::unique_ptr<Executable> executable = context.device.compile(std::move(program));
  executable->write(input, code);
  while (executable->run_part()) co_await Tick{};
  while (!executable->read(picture, out)) co_await Tick{};
  co_await Tick{};
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
  state.nets.generator = Perceptron::make(sizes_of(spec.code, spec.generator, pixels), 0, true, random.sub("generator"));
  co_await Tick{};
  state.nets.critic = Perceptron::make(sizes_of(pixels, spec.critic, 1), .2f, false, random.sub("critic"));
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
  Perceptron encoder = Perceptron::make({pixels, spec.hidden, 2 * spec.code}, 0, false, random.sub("encoder"));
  Perceptron decoder = Perceptron::make({spec.code, spec.hidden, pixels}, 0, true, random.sub("decoder"));
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
