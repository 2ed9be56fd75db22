#include "bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "mid/base/philox.hpp"
#include "mid/nn/convolution.hpp"

namespace mid::gpu {
namespace {

/// A Program with all that a step needs.
struct Work {
  std::string name;
  Program program;
  std::vector<std::pair<Var, const Matrix*>> gathered;
  std::vector<Var> normals;
  Var rate{}, loss{};
  std::vector<std::unique_ptr<Parameter>> weights;
  std::vector<std::unique_ptr<Matrix>> data;
  int rows = 0;
};

Parameter& weight(Work& w, int rows, int cols) {
  auto p = std::make_unique<Parameter>();
  p->value.resize(rows, cols);
  fill_normal(Stream{1, w.weights.size()}, 0, p->value);
  p->value *= 1 / std::sqrt(static_cast<float>(rows));
  w.weights.push_back(std::move(p));
  return *w.weights.back();
}

Var input_of(Work& w, int rows, int cols) {
  auto table = std::make_unique<Matrix>(rows, cols);
  fill_normal(Stream{2, w.data.size()}, 0, *table);
  const Var x = w.program.input(rows, cols);
  w.gathered.emplace_back(x, table.get());
  w.data.push_back(std::move(table));
  return x;
}

Var layers(Work& w, Var x, const std::vector<int>& sizes, float slope) {
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const int from = w.program.cols(x);
    x = w.program.dense(x, w.program.parameter(weight(w, from, sizes[i])), w.program.parameter(weight(w, 1, sizes[i])));
    if (i + 1 < sizes.size()) x = w.program.leaky_relu(x, slope);
  }
  return x;
}

void train(Work& w, Var loss, const std::vector<Parameter*>& of) {
  std::vector<Var> all;
  for (Parameter* p : of) all.push_back(w.program.parameter(*p));
  const auto gradient = w.program.gradient(loss, all);
  for (std::size_t i = 0; i < all.size(); ++i) w.program.adam(all[i], gradient[i], w.rate);
  w.loss = loss;
  w.program.keep(loss);
}

std::vector<Parameter*> all_of(Work& w) {
  std::vector<Parameter*> out;
  for (const auto& p : w.weights) out.push_back(p.get());
  return out;
}

/// A training step with a bottleneck that draws noise, 784 inputs and 10 classes.
Work classifier(int hidden, int batch) {
  Work w;
  w.name = "training 784-" + std::to_string(hidden) + "-" + std::to_string(hidden) + "-2x64-10, batch " + std::to_string(batch);
  w.rows = batch, w.rate = w.program.input(1, 1);
  Program& p = w.program;
  const Var x = input_of(w, batch, 784), noise = p.input(batch, 64);
  w.normals = {noise};
  const Var inside = layers(w, p.leaky_relu(layers(w, x, {hidden, hidden}, 0), 0), {128}, 0);
  const Var z = p.add(p.columns(inside, 0, 64), p.mul(p.softplus(p.columns(inside, 64, 64)), noise));
  Matrix wanted = Matrix::Zero(batch, 10);
  for (int i = 0; i < batch; ++i) wanted(i, i % 10) = -1;
  const Var loss = p.mean_of_rows(p.mul(p.log_softmax(layers(w, z, {10}, 0)), p.constant(wanted)));
  train(w, loss, all_of(w));
  return w;
}

/// A training step of a network like LeNet on digits of 28 x 28 pixels.
Work convolutional(int batch) {
  Work w;
  w.name = "convolutions 8-16 of 28 x 28, 128-10, batch " + std::to_string(batch);
  w.rows = batch, w.rate = w.program.input(1, 1);
  Program& p = w.program;
  PictureShape picture{28, 28, 1};
  Var x = input_of(w, batch, picture.numbers());
  for (const auto& [filters, padding] : {std::pair{8, 2}, {16, 0}}) {
    const PictureWindow window = square_window(5, 1, padding), pool = square_window(2, 2);
    const Var kernel = p.parameter(weight(w, 25 * picture.channels, filters)), bias = p.parameter(weight(w, 1, filters));
    const ConvolutionVars convolved = record_convolution(p, x, picture, window, kernel, bias);
    x = record_max_pool(p, p.leaky_relu(convolved.pictures, 0), convolved.size, pool);
    picture = windowed(convolved.size, pool);
  }
  Matrix wanted = Matrix::Zero(batch, 10);
  for (int i = 0; i < batch; ++i) wanted(i, i % 10) = -1;
  train(w, p.mean_of_rows(p.mul(p.log_softmax(layers(w, x, {128, 10}, 0)), p.constant(wanted))), all_of(w));
  return w;
}

/// The inversion network: 40 confidences to 64 x 64 pixels.
Work decoder(int batch) {
  Work w;
  w.name = "inversion network 40-512-1024-4096, batch " + std::to_string(batch);
  w.rows = batch, w.rate = w.program.input(1, 1);
  const Var answer = input_of(w, batch, 40), picture = input_of(w, batch, 4096);
  const Var off = w.program.sub(w.program.sigmoid(layers(w, answer, {512, 1024, 4096}, .2f)), picture);
  train(w, w.program.mean_of_rows(w.program.mul(off, off)), all_of(w));
  return w;
}

/// GMI: a latent search through a generator and a classifier of 64 x 64 pixels.
Work search(int rows) {
  Work w;
  w.name = "GMI 64-512-1024-4096-512-40, " + std::to_string(rows) + " codes";
  w.rows = rows, w.rate = w.program.input(1, 1);
  Program& p = w.program;
  Parameter& code = weight(w, rows, 64);
  const Var logits = layers(w, p.sigmoid(layers(w, p.parameter(code), {512, 1024, 4096}, 0)), {512, 40}, 0);
  Matrix wanted = Matrix::Zero(rows, 40);
  for (int i = 0; i < rows; ++i) wanted(i, i % 40) = -1;
  train(w, p.sum(p.mul(p.log_softmax(logits), p.constant(wanted))), {&code});
  return w;
}

struct Timed {
  double seconds = 0, first = 0;
  int dispatches = 0;
};

/// Median seconds of a run with its inputs and the reading of its loss, the seconds of the first, which translates the kernels,
/// and how many there are.
Timed time_of(Device& device, const Work& w) {
  using Clock = std::chrono::steady_clock;
  const auto run = device.compile(w.program);
  Matrix rate(1, 1), loss;
  rate(0, 0) = 1e-6f;
  std::vector<int> order(static_cast<std::size_t>(w.rows));
  for (int i = 0; i < w.rows; ++i) order[static_cast<std::size_t>(i)] = (i * 7) % w.rows;
  Timed out;
  const auto step = [&](int i) {
    const std::uint64_t before = device.dispatches();
    const auto start = Clock::now();
    for (const auto& [x, table] : w.gathered) run->gather(x, *table, order);
    for (Var v : w.normals) run->normal(v, Stream{3}, static_cast<std::uint64_t>(i) * 1000);
    run->write(w.rate, rate);
    run->run();
    while (!run->read(w.loss, loss)) {
    }
    out.dispatches = static_cast<int>(device.dispatches() - before);
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto since = [](Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); };
  // A GPU that was idle runs at a fraction of its clock for the first tenths of a second.
  constexpr double kWarm = .5, kLong = 2;
  const auto begin = Clock::now();
  int steps = 0;
  out.first = step(steps++);
  while (device.remote() && since(begin) < kWarm) step(steps++);
  std::vector<double> times;
  const auto warm = Clock::now();
  while (times.size() < 60 && (times.size() < 3 || since(warm) < kLong)) times.push_back(step(steps++));
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  out.seconds = times[times.size() / 2];
  return out;
}

BenchRow timed(Device* cpu, Device* gpu, const Work& w, double operations) {
  BenchRow row;
  row.name = w.name, row.operations = operations;
  if (cpu) row.cpu_seconds = time_of(*cpu, w).seconds;
  if (!gpu) return row;
  const Timed timed = time_of(*gpu, w);
  row.gpu_seconds = timed.seconds, row.gpu_first = timed.first, row.dispatches = timed.dispatches;
  return row;
}

double operations_of(const Program& program) {
  double sum = 0;
  for (const Node& n : program.nodes()) sum += mid::operations_of(program, n);
  return sum;
}

}  // namespace

std::vector<BenchRow> bench_devices(Device* cpu, Device* gpu, double most, const std::function<void(const BenchRow&)>& report) {
  std::vector<BenchRow> rows;
  const auto measure = [&](const Work& w) {
    const double operations = operations_of(w.program);
    if (operations > most) return;
    rows.push_back(timed(cpu, gpu, w, operations));
    report(rows.back());
  };
  for (const auto& [hidden, batch] : {std::pair{32, 20}, {128, 20}, {256, 128}, {512, 256}, {1024, 512}, {2048, 1024}, {4096, 4096}})
    measure(classifier(hidden, batch));
  for (const int batch : {50, 128, 512}) measure(convolutional(batch));
  for (const int batch : {64, 512, 4096}) measure(decoder(batch));
  for (const int codes : {10, 40, 1024}) measure(search(codes));
  return rows;
}

std::vector<BenchRow> bench_quickly(Device& cpu, Device& gpu) {
  std::vector<BenchRow> rows;
  for (const auto& [hidden, batch] : {std::pair{32, 20}, {128, 64}, {256, 128}, {512, 256}, {1024, 512}}) {
    const Work w = classifier(hidden, batch);
    rows.push_back(timed(&cpu, &gpu, w, operations_of(w.program)));
    if (const double ratio = rows.back().ratio(); ratio > 1.5 || ratio < .02) break;
  }
  return rows;
}

double crossover(std::vector<BenchRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const BenchRow& a, const BenchRow& b) { return a.operations < b.operations; });
  const auto lead = [](const BenchRow& r) { return std::log(r.ratio()); };
  std::size_t first = rows.size();
  while (first > 0 && lead(rows[first - 1]) > 0) --first;
  if (first == rows.size()) return std::numeric_limits<double>::infinity();
  if (first == 0) return 0;
  const double behind = lead(rows[first - 1]), ahead = lead(rows[first]);
  const double share = behind / (behind - ahead);
  return std::exp(std::log(rows[first - 1].operations) * (1 - share) + std::log(rows[first].operations) * share);
}

}  // namespace mid::gpu
