// One training step of 784-128-2x16-10 with a stochastic bottleneck at batch 50: through Program, and written by hand in
// Eigen. Both run in turns in one process; the ratio is what counts (docs/benchmarks.md: at most 1.15).
//
//   cmake --build --preset release --target bench_step && build/release/bin/bench_step
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

#include "mid/model/network/network.hpp"

using namespace mid;

namespace {

constexpr int kRows = 50, kInputs = 784, kCode = 16, kClasses = 10, kRecords = 3000;
constexpr float kBeta = .01f, kRate = 2e-3f;

struct Data {
  Matrix x{kRecords, kInputs}, y = Matrix::Zero(kRecords, kClasses), eps{kRows, kCode};
  std::vector<int> order;
  Data() {
    fill_normal(Stream{1, 1}, 0, x);
    fill_normal(Stream{1, 2}, 0, eps);
    for (int r = 0; r < kRecords; ++r) y(r, r % kClasses) = 1;
    order = permutation(Stream{1, 3}, kRecords);
  }
  std::span<const int> batch(int step) const { return {order.data() + step % (kRecords / kRows) * kRows, static_cast<std::size_t>(kRows)}; }
};

Network start() {
  NetworkSpec spec;
  spec.bottleneck = kCode;
  return make_network(spec, true, kInputs, kClasses, Stream{1, 4});
}

/// The step as fit() records it.
class Recorded {
 public:
  Recorded() {
    Program p;
    x_ = p.input(kRows, kInputs), y_ = p.input(kRows, kClasses), eps_ = p.input(kRows, kCode), rate_ = p.input(1, 1);
    const NetworkVars v = net.record(p, x_, eps_);
    const Var error = p.scale(p.mean_of_rows(p.mul(y_, p.log_softmax(v.logits))), -1);
    loss_ = p.add(error, p.scale(p.mean_of_rows(record_kl(p, v)), kBeta));
    std::vector<Var> weights;
    for (Parameter* w : net.parameters()) weights.push_back(p.parameter(*w));
    const auto gradient = p.gradient(loss_, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate_);
    run_ = device_->compile(std::move(p));
    run_->write(rate_, Matrix::Constant(1, 1, kRate));
  }
  float step(const Data& data, int number) {
    run_->gather(x_, data.x, data.batch(number));
    run_->gather(y_, data.y, data.batch(number));
    run_->write(eps_, data.eps);
    run_->run();
    run_->read(loss_, out_);
    return out_(0, 0);
  }
  Network net = start();

 private:
  std::unique_ptr<Device> device_ = cpu_device();
  std::unique_ptr<Executable> run_;
  Var x_, y_, eps_, rate_, loss_;
  Matrix out_;
};

/// The same by hand, as one would write it for this network alone.
class ByHand {
 public:
  float step(const Data& data, int number) {
    const auto rows = data.batch(number);
    for (int r = 0; r < kRows; ++r)
      x.row(r) = data.x.row(rows[static_cast<std::size_t>(r)]), y.row(r) = data.y.row(rows[static_cast<std::size_t>(r)]);
    const Matrix &w1 = net.hidden[0].weight.value, &w2 = net.bottleneck->weight.value, &w3 = net.head.weight.value;
    h.noalias() = x * w1;
    h.rowwise() += net.hidden[0].bias.value.row(0);
    h = h.cwiseMax(0.f);
    code.noalias() = h * w2;
    code.rowwise() += net.bottleneck->bias.value.row(0);
    const auto mu = code.leftCols(kCode).array();
    a = code.rightCols(kCode).array() - 5;
    sigma = a.max(0.f) + (-a.abs()).exp().log1p();
    slope = (1 + (-a).exp()).inverse();
    z = (mu + sigma * data.eps.array()).matrix();
    logits.noalias() = z * w3;
    logits.rowwise() += net.head.bias.value.row(0);
    logits.colwise() -= logits.rowwise().maxCoeff().eval();
    p = logits.array().exp().matrix();
    const Eigen::VectorXf total = p.rowwise().sum();
    const float error = -(y.array() * (logits.array().colwise() - total.array().log())).sum() / kRows;
    const float kl = ((mu.square() + sigma.square() - 1) * .5f - sigma.log()).sum() / kRows;

    d_logits = ((p.array().colwise() / total.array()) - y.array()).matrix() / kRows;
    d_w3.noalias() = z.transpose() * d_logits;
    d_b3 = d_logits.colwise().sum();
    d_z.noalias() = d_logits * w3.transpose();
    d_code.leftCols(kCode) = d_z + (kBeta / kRows) * mu.matrix();
    d_code.rightCols(kCode) = (slope * (d_z.array() * data.eps.array() + (kBeta / kRows) * (sigma - sigma.inverse()))).matrix();
    d_w2.noalias() = h.transpose() * d_code;
    d_b2 = d_code.colwise().sum();
    d_h.noalias() = d_code * w2.transpose();
    d_h = (h.array() > 0).select(d_h, 0.f);
    d_w1.noalias() = x.transpose() * d_h;
    d_b1 = d_h.colwise().sum();
    ++steps;
    adam(net.hidden[0].weight, d_w1), adam(net.hidden[0].bias, d_b1);
    adam(net.bottleneck->weight, d_w2), adam(net.bottleneck->bias, d_b2);
    adam(net.head.weight, d_w3), adam(net.head.bias, d_b3);
    return error + kBeta * kl;
  }
  Network net = start();

 private:
  void adam(Parameter& w, const Matrix& g) {
    if (w.first.size() == 0) w.first.setZero(g.rows(), g.cols()), w.second.setZero(g.rows(), g.cols());
    const float rate = kRate / (1 - std::pow(.9f, static_cast<float>(steps))),
                unbias = 1 / std::sqrt(1 - std::pow(.999f, static_cast<float>(steps)));
    w.first = w.first * .9f + g * .1f;
    w.second.array() = w.second.array() * .999f + g.array().square() * .001f;
    w.value.array() -= rate * w.first.array() / (w.second.array().sqrt() * unbias + 1e-8f);
  }
  Matrix x{kRows, kInputs}, y{kRows, kClasses}, h, code, z, logits, p;
  Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> a, sigma, slope;
  Matrix d_logits, d_z, d_code{kRows, 2 * kCode}, d_h, d_w1, d_w2, d_w3, d_b1, d_b2, d_b3;
  int steps = 0;
};

template <class S>
double microseconds(S& step, const Data& data, int first, int count) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) step.step(data, first + i);
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / count;
}

}  // namespace

int main() {
  const Data data;
  Recorded recorded;
  ByHand by_hand;
  constexpr int kRounds = 40, kSteps = 60;
  std::vector<double> ours, theirs, ratio;
  for (int round = 0; round < kRounds; ++round) {
    // In turns, so that whatever else the machine does hits both.
    const int first = round * kSteps;
    ours.push_back(microseconds(recorded, data, first, kSteps));
    theirs.push_back(microseconds(by_hand, data, first, kSteps));
    ratio.push_back(ours.back() / theirs.back());
  }
  const auto median = [](std::vector<double> v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
  };
  const auto least = [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); };
  const int last = kRounds * kSteps;
  std::printf("one step of 784-128-2x16-10 at batch 50, %d rounds of %d steps in turns, products by %s\n", kRounds, kSteps,
              cpu_simd().c_str());
  std::printf("  through Program   %7.1f us median %7.1f us least\n", median(ours), least(ours));
  std::printf("  by hand in Eigen  %7.1f us median %7.1f us least\n", median(theirs), least(theirs));
  std::printf("  ratio             %7.3f    median %7.3f    of the least\n", median(ratio), least(ours) / least(theirs));
  std::printf("  losses after the same %d steps: %.5f and %.5f\n", last, static_cast<double>(recorded.step(data, last)),
              static_cast<double>(by_hand.step(data, last)));
}
