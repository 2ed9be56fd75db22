// Steps of training and of attacks on networks, as the program records them; tests/bench/network_torch.py does the same in
// PyTorch on one thread. Milliseconds of processor time, least of the rounds.
//
//   cmake --build --preset release --target bench_network && build/release/bin/bench_network
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "mid/defense/defense.hpp"

using namespace mid;

namespace {

/// A recorded program with its inputs filled, run again and again.
class Step {
 public:
  explicit Step(const std::function<void(Program&)>& record) {
    Program p;
    record(p);
    std::vector<std::pair<Var, Matrix>> filled;
    for (std::size_t i = 0; i < p.nodes().size(); ++i)
      if (p.nodes()[i].op == Op::input) {
        Matrix m(p.nodes()[i].rows, p.nodes()[i].cols);
        fill_normal(Stream{1, i}, 0, m);
        if (m.size() == 1) m(0, 0) = 1e-3f;  // the learning rate
        filled.emplace_back(Var{static_cast<int>(i)}, std::move(m));
      }
    run_ = device_->compile(std::move(p));
    for (const auto& [input, m] : filled) run_->write(input, m);
  }
  /// Normal numbers drawn afresh before every run, as nn/fit draws them.
  void redraw(std::vector<Var> inputs, std::vector<Matrix> shapes) { fresh_ = std::move(inputs), drawn_ = std::move(shapes); }
  double ms(int steps, int rounds) {
    double least = 1e9;
    for (int round = 0; round < rounds; ++round) {
      const auto begin = std::clock();
      for (int s = 0; s < steps; ++s) {
        for (std::size_t i = 0; i < fresh_.size(); ++i) {
          fill_normal(Stream{3, i}.sub(draw_++), 0, drawn_[i]);
          run_->write(fresh_[i], drawn_[i]);
        }
        run_->run();
      }
      least = std::min(least, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / steps);
    }
    return least;
  }

 private:
  std::unique_ptr<Device> device_ = cpu_device();
  std::unique_ptr<Executable> run_;
  std::vector<Var> fresh_;
  std::vector<Matrix> drawn_;
  std::uint64_t draw_ = 0;
};

void train(Program& p, Var loss, Network& network) {
  std::vector<Var> weights;
  for (Parameter* w : network.parameters()) weights.push_back(p.parameter(*w));
  const Var rate = p.input(1, 1);
  const auto gradient = p.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate);
}

Network network_of(std::vector<int> hidden, int bottleneck, bool stochastic, int inputs, int outputs) {
  NetworkSpec spec;
  spec.hidden = std::move(hidden), spec.bottleneck = bottleneck;
  return make_network(spec, stochastic, inputs, outputs, Stream{2});
}

/// A network like LeNet on digits of 28 x 28 pixels; `noisy`: with MID's bottleneck.
Network lenet(bool noisy) {
  NetworkSpec spec;
  spec.convolutions = {{.filters = 8, .kernel = 5, .padding = 2, .pool = 2}, {.filters = 16, .kernel = 5, .pool = 2}};
  spec.hidden = {128}, spec.bottleneck = noisy ? 16 : 0;
  return make_network(spec, noisy, 784, 10, Stream{2}, {28, 28, 1});
}

void plain_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes);
  train(p, p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(n.record(p, x).logits))), -1), n);
}

void bottleneck_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes), eps = p.input(rows, n.code_size());
  const NetworkVars v = n.record(p, x, eps);
  const Var error = p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(v.logits))), -1);
  train(p, p.add(error, p.scale(p.mean_of_rows(record_kl(p, v)), .01f)), n);
}

/// A step of DP-SGD: every record's gradient clipped, noise drawn and added. Which records enter is not drawn.
std::vector<Var> private_step(Program& p, Network& n, int rows) {
  const Defense* dp_sgd = nullptr;
  for (const Defense* d : defenses())
    if (d->about.name == "dp_sgd") dp_sgd = d;
  const NetworkHooks hooks = dp_sgd->network(Json{{"kind", "dp_sgd"}});
  Batch batch;
  batch.rows = batch.expected = rows;
  batch.data = {p.input(rows, n.inputs()), p.input(rows, n.classes)};
  for (Parameter* w : n.parameters())
    batch.gradient_noise.push_back(p.input(static_cast<int>(w->value.rows()), static_cast<int>(w->value.cols())));
  const Var rate = p.input(1, 1);
  const NetworkVars v = n.record(p, batch.data[0]);
  const Var row_loss = p.scale(p.sum_cols(p.mul(batch.data[1], p.log_softmax(v.logits))), -1);
  const auto gradient = hooks.gradient(p, v, row_loss, batch);
  std::size_t i = 0;
  for (Parameter* w : n.parameters()) p.adam(p.parameter(*w), gradient[i++], rate);
  return batch.gradient_noise;
}

void decoder_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes);
  const Var off = p.sub(p.sigmoid(n.record(p, x).logits), y);
  train(p, p.scale(p.mean_of_rows(p.mul(off, off)), 1.f / static_cast<float>(n.classes)), n);
}

/// Follows the gradient of every class' confidence by its picture: the inner step of MI-Face.
void picture_step(Program& p, Network& n, Parameter& picture) {
  const Var x = p.parameter(picture), rate = p.input(1, 1);
  const int rows = p.rows(x);
  const Matrix one = Matrix::Identity(rows, n.classes);
  const Var loss = p.scale(p.sum(p.mul(p.constant(one), p.log_softmax(n.record(p, x).logits))), -1);
  const std::vector<Var> of{x};
  p.adam(x, p.gradient(loss, of)[0], rate);
}

void print(const char* name, double ms) { std::printf("  %-42s %8.3f ms\n", name, ms); }

}  // namespace

int main() {
  std::printf("steps of networks, %s, one thread\n", cpu_simd().c_str());
  Network wide = network_of({256}, 64, true, 784, 10);
  print("bottleneck 784-256-2x64-10, batch 128", Step([&](Program& p) { bottleneck_step(p, wide, 128); }).ms(50, 9));
  Network small = network_of({32}, 8, true, 32, 3);
  print("bottleneck 32-32-2x8-3, batch 50", Step([&](Program& p) { bottleneck_step(p, small, 50); }).ms(2000, 9));
  Network guarded = network_of({256}, 0, false, 784, 10);
  std::vector<Var> noise;
  std::vector<Matrix> drawn;
  Step private_training([&](Program& p) { noise = private_step(p, guarded, 256); });
  for (Parameter* w : guarded.parameters()) drawn.push_back(w->value);
  private_training.redraw(noise, drawn);
  print("DP-SGD 784-256-10, batch 256", private_training.ms(20, 9));
  Network decoder = network_of({512, 1024}, 0, false, 10, 784);
  print("decoder 10-512-1024-784, batch 64", Step([&](Program& p) { decoder_step(p, decoder, 64); }).ms(20, 9));
  Network faces = network_of({128}, 0, false, 1024, 40);
  Parameter picture{Matrix::Zero(40, 1024), {}, {}, 0};
  print("MI-Face 1024-128-40, 40 pictures", Step([&](Program& p) { picture_step(p, faces, picture); }).ms(100, 9));
  Network convolved = lenet(false), defended = lenet(true);
  print("convolutions 8-16, 128-10, batch 50", Step([&](Program& p) { plain_step(p, convolved, 50); }).ms(10, 9));
  print("convolutions 8-16, 128-10, batch 128", Step([&](Program& p) { plain_step(p, convolved, 128); }).ms(4, 9));
  print("convolutions 8-16, 128-2x16-10, batch 50", Step([&](Program& p) { bottleneck_step(p, defended, 50); }).ms(10, 9));
  print("convolutions 8-16, 128-2x16-10, batch 128", Step([&](Program& p) { bottleneck_step(p, defended, 128); }).ms(4, 9));
}
