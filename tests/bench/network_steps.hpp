#pragma once
// Steps of training and of attacks on networks as programs: what network.cpp runs natively and web/steps.cpp in WebAssembly.
#include <algorithm>
#include <ctime>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "mid/model/network/network.hpp"
#include "mid/nn/device.hpp"

namespace mid::bench {

/// A recorded program with its inputs filled, run again and again.
class Step {
 public:
  /// `workers` null: one thread.
  explicit Step(const std::function<void(Program&)>& record, std::shared_ptr<Workers> workers = nullptr)
      : device_(cpu_device(std::move(workers))) {
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
  void run(int steps) {
    for (int s = 0; s < steps; ++s) {
      for (std::size_t i = 0; i < fresh_.size(); ++i) {
        fill_normal(Stream{3, i}.sub(draw_++), 0, drawn_[i]);
        run_->write(fresh_[i], drawn_[i]);
      }
      run_->run();
    }
  }
  /// Of processor time, a step: least of the rounds.
  double ms(int steps, int rounds) {
    double least = 1e9;
    for (int round = 0; round < rounds; ++round) {
      const auto begin = std::clock();
      run(steps);
      least = std::min(least, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / steps);
    }
    return least;
  }

 private:
  std::unique_ptr<Device> device_;
  std::unique_ptr<Executable> run_;
  std::vector<Var> fresh_;
  std::vector<Matrix> drawn_;
  std::uint64_t draw_ = 0;
};

/// As nn/fit records a step: the loss is read, so nothing else is kept.
inline void train(Program& p, Var loss, Network& network) {
  p.keep(loss);
  std::vector<Var> weights;
  for (Parameter* w : network.parameters()) weights.push_back(p.parameter(*w));
  const Var rate = p.input(1, 1);
  const auto gradient = p.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate);
}

inline Network network_of(std::vector<int> hidden, int bottleneck, bool stochastic, int inputs, int outputs) {
  NetworkSpec spec;
  spec.hidden = std::move(hidden), spec.bottleneck = bottleneck;
  return make_network(spec, stochastic, inputs, outputs, Stream{2});
}

/// A network like LeNet on digits of 28 x 28 pixels; `noisy`: with MID's bottleneck.
inline Network lenet(bool noisy) {
  NetworkSpec spec;
  spec.convolutions = {{.filters = 8, .kernel = 5, .padding = 2, .pool = 2}, {.filters = 16, .kernel = 5, .pool = 2}};
  spec.hidden = {128}, spec.bottleneck = noisy ? 16 : 0;
  return make_network(spec, noisy, 784, 10, Stream{2}, {28, 28, 1});
}

inline void plain_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes);
  train(p, p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(n.record(p, x).logits))), -1), n);
}

inline void bottleneck_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes), eps = p.input(rows, n.code_size());
  const NetworkVars v = n.record(p, x, eps);
  const Var error = p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(v.logits))), -1);
  train(p, p.add(error, p.scale(p.mean_of_rows(record_kl(p, v)), .01f)), n);
}

/// Follows the gradient of every class' confidence by its picture: the inner step of MI-Face.
inline void picture_step(Program& p, Network& n, Parameter& picture) {
  const Var x = p.parameter(picture), rate = p.input(1, 1);
  const int rows = p.rows(x);
  const Matrix one = Matrix::Identity(rows, n.classes);
  const Var loss = p.scale(p.sum(p.mul(p.constant(one), p.log_softmax(n.record(p, x).logits))), -1);
  const std::vector<Var> of{x};
  p.adam(x, p.gradient(loss, of)[0], rate);
}

}  // namespace mid::bench
