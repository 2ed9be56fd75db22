// Strips of records: the numbers are those of a Program computed node by node, to the bit; and what lies in a strip is needed nowhere else.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "../matrices.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/work.hpp"
#include "mid/base/workers.hpp"
#include "mid/nn/convolution.hpp"
#include "mid/nn/cpu_operations.hpp"
#include "mid/nn/device.hpp"
#include "mid/nn/matmul.hpp"
#include "mid/nn/strips.hpp"

using namespace mid;

namespace {

Matrix drawn(int rows, int cols, std::uint64_t number, float spread = 1) {
  Matrix m(rows, cols);
  fill_normal(Stream{7, number}, 0, m);
  return m * spread;
}

/// The weights of a network with two convolutions on pictures of 28 x 28 and one layer.
struct Weights {
  std::vector<Parameter> all;
  Weights() {
    int number = 0;
    for (const auto& [rows, cols] : {std::pair(25, 8), {1, 8}, {200, 16}, {1, 16}, {400, 10}, {1, 10}})
      all.push_back({drawn(rows, cols, static_cast<std::uint64_t>(++number), .1f), {}, {}, 0});
  }
};

/// What a step of training records: its inputs' shapes, and what is read of it.
struct Recorded {
  Program program;
  std::vector<Var> kept, inputs;
};

struct Layers {
  Var first, logits;
};
Layers record_layers(Program& p, Var x, Weights& w) {
  const auto weight = [&](std::size_t i) { return p.parameter(w.all[i]); };
  const ConvolutionVars one = record_convolution(p, x, {28, 28, 1}, square_window(5, 1, 2), weight(0), weight(1));
  const PictureShape half{14, 14, 8};
  const Var pooled = record_max_pool(p, p.leaky_relu(one.pictures, 0), one.size, square_window(2, 2, 0));
  const ConvolutionVars two = record_convolution(p, pooled, half, square_window(5, 1, 0), weight(2), weight(3));
  const Var small = record_average_pool(p, p.softplus(two.pictures), two.size, square_window(2, 2, 0), true);
  return {pooled, p.dense(small, weight(4), weight(5))};
}

using Loss = std::function<Var(Program&, Var x, Var y, const Layers&)>;

Recorded record_step(int records, Weights& w, const Loss& loss_of) {
  Recorded r;
  Program& p = r.program;
  const Var x = p.input(records, 784), y = p.input(records, 10), rate = p.constant(row({.01f}));
  const Var loss = loss_of(p, x, y, record_layers(p, x, w));
  std::vector<Var> weights;
  for (Parameter& one : w.all) weights.push_back(p.parameter(one));
  const auto gradient = p.gradient(loss, weights);
  for (std::size_t i = 0; i < weights.size(); ++i) p.adam(weights[i], gradient[i], rate);
  r.kept = gradient, r.kept.push_back(loss), r.inputs = {x, y};
  for (Var v : r.kept) p.keep(v);
  return r;
}

/// Every node whole, one after the other, each with its numbers in a place of its own.
std::vector<Matrix> by_node(const Recorded& recorded, const std::vector<Matrix>& inputs) {
  const Program& p = recorded.program;
  const auto& nodes = p.nodes();
  std::vector<Eigen::ArrayXf> values(nodes.size());
  const auto operand = [&](int id) -> Operand {
    if (id < 0) return {};
    const Node& n = nodes[static_cast<std::size_t>(id)];
    const float* data = n.op == Op::parameter  ? n.parameter->value.data()
                        : n.op == Op::constant ? p.constants()[static_cast<std::size_t>(n.constant)].data()
                                               : values[static_cast<std::size_t>(id)].data();
    return {data, n.rows, n.cols};
  };
  const auto fixed = [&](int id) {
    return id >= 0 && (nodes[static_cast<std::size_t>(id)].op == Op::parameter || nodes[static_cast<std::size_t>(id)].op == Op::constant);
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& n = nodes[i];
    const std::size_t size = static_cast<std::size_t>(n.rows) * static_cast<std::size_t>(n.cols);
    values[i] = Eigen::ArrayXf::Zero(static_cast<Eigen::Index>(padded(size)));
    if (info(n.op).family == OpFamily::source || info(n.op).family == OpFamily::update) {
      for (std::size_t j = 0; j < recorded.inputs.size(); ++j)
        if (recorded.inputs[j].id == static_cast<int>(i)) std::copy_n(inputs[j].data(), size, values[i].data());
      continue;
    }
    std::unique_ptr<TableRuns> table;
    if (n.table >= 0)
      table =
          std::make_unique<TableRuns>(p.tables()[static_cast<std::size_t>(n.table)], n.summands, nodes[static_cast<std::size_t>(n.a)].cols);
    Frame f(n);
    f.a = operand(n.a), f.b = operand(n.b), f.c = operand(n.c), f.out = values[i].data(), f.rows = n.rows, f.parts = n.parts;
    f.count = static_cast<Eigen::Index>(fixed(n.a) || fixed(n.b) || fixed(n.c) ? size : padded(size)), f.table = table.get();
    compute(f);
  }
  std::vector<Matrix> out;
  for (Var v : recorded.kept) out.push_back(Eigen::Map<const Matrix>(values[static_cast<std::size_t>(v.id)].data(), p.rows(v), p.cols(v)));
  return out;
}

std::vector<Matrix> inputs_of(const Recorded& r, int records) {
  Matrix classes = Matrix::Zero(records, r.program.cols(r.inputs[1]));
  for (int i = 0; i < records; ++i) classes(i, i % 10) = 1;
  return {drawn(records, 784, 100), classes};
}

std::vector<Matrix> by_device(const Recorded& r, const std::vector<Matrix>& inputs, std::shared_ptr<Workers> workers) {
  const auto run = cpu_device(std::move(workers))->compile(r.program);
  for (std::size_t i = 0; i < inputs.size(); ++i) run->write(r.inputs[i], inputs[i]);
  for (work_done.piece = 0; run->run_part();) CHECK(static_cast<double>(std::exchange(work_done.piece, 0)) <= kMostWorkOfTick);
  std::vector<Matrix> out(r.kept.size());
  for (std::size_t i = 0; i < out.size(); ++i) REQUIRE(run->read(r.kept[i], out[i]));
  return out;
}

Var error_of(Program& p, Var y, Var logits) { return p.scale(p.mean_of_rows(p.mul(y, p.log_softmax(logits))), -1); }

/// What a step can ask of the records, by name.
const std::vector<std::pair<const char*, Loss>> kLosses = {
    {"each record by itself", [](Program& p, Var, Var y, const Layers& l) { return error_of(p, y, l.logits); }},
    {"the mean of the batch taken off every record, which all must have before any can go on",
     [](Program& p, Var, Var y, const Layers& l) {
       const int records = p.rows(l.logits);
       const Var mean = p.scale(p.sum_rows(l.logits), 1.f / static_cast<float>(records));
       return error_of(p, y, p.sub(l.logits, p.spread_rows(mean, records)));
     }},
    {"products of every two records",
     [](Program& p, Var, Var y, const Layers& l) {
       const Var alike = p.scale(p.matmul(l.first, l.first, false, true), 1e-3f);
       return p.add(error_of(p, y, l.logits), p.mean_of_rows(p.sum_cols(p.tanh(p.matmul(alike, l.logits)))));
     }},
    {"the gradient of each picture in the loss: second derivatives",
     [](Program& p, Var x, Var y, const Layers& l) {
       const std::vector<Var> of{x};
       const Var slope = p.gradient(p.sum(l.logits), of)[0];
       return p.add(error_of(p, y, l.logits), p.mean_of_rows(p.sum_cols(p.mul(slope, slope))));
     }},
    {"products of each record's parts", [](Program& p, Var, Var y, const Layers& l) {
       const int records = p.rows(l.logits);
       const Var parts = p.reshape(l.first, records * 8, 196);
       return p.add(error_of(p, y, l.logits), p.scale(p.sum(p.part_products(parts, parts, records, false, true)), 1e-5f));
     }}};

}  // namespace

TEST_CASE("strips of records give the bits of whole values, for any number of workers", "[strips]") {
  if (!matmul_kernels()->any_part) SKIP("the plain kernel has no strips");
  for (const auto& [name, loss] : kLosses)
    for (int records : {32, 50, 75}) {
      const Weights start;
      Weights w = start;
      const Recorded r = record_step(records, w, loss);
      REQUIRE(schedule_of(r.program, 16).strip_count() == static_cast<std::size_t>(records / 16));
      const auto inputs = inputs_of(r, records);
      const auto wanted = by_node(r, inputs);
      CHECK(wanted[0].norm() > 0);
      for (int threads : {0, 2, 3}) {
        INFO(name << ", " << records << " records, " << threads << " workers");
        CHECK(by_device(r, inputs, threads == 0 ? nullptr : worker_threads(threads)) == wanted);
        for (std::size_t i = 0; i < w.all.size(); ++i) {
          CHECK(w.all[i].steps == 1);
          w.all[i] = start.all[i];
        }
      }
    }
}

TEST_CASE("a value of which there is one strip only is needed in its stretch alone, and shares its place with nothing needed then",
          "[strips]") {
  Weights w;
  for (const auto& [name, loss] : kLosses) {
    INFO(name);
    const Recorded r = record_step(50, w, loss);
    const auto& nodes = r.program.nodes();
    const Schedule s = schedule_of(r.program, 16);
    CHECK(s.strips == std::vector<int>{0, 16, 32, 50});
    std::vector<std::size_t> stretch(nodes.size(), 0);
    std::size_t computed = 0;
    for (std::size_t k = 0; k < s.stretches.size(); ++k)
      for (std::size_t i : s.stretches[k].nodes) {
        CHECK(stretch[i] == 0);
        stretch[i] = s.stretches[k].in_strips ? k + 1 : 1000 + i;
        ++computed;
        for (int id : {nodes[i].a, nodes[i].b, nodes[i].c}) {  // in an order in which every operand comes first
          if (id >= 0 && info(nodes[static_cast<std::size_t>(id)].op).family != OpFamily::source)
            CHECK(stretch[static_cast<std::size_t>(id)] != 0);
          if (id >= 0 && s.places[static_cast<std::size_t>(id)].of_strip) CHECK(stretch[static_cast<std::size_t>(id)] == stretch[i]);
        }
      }
    const auto outside = std::ranges::count_if(
        nodes, [](const Node& n) { return info(n.op).family == OpFamily::source || info(n.op).family == OpFamily::update; });
    CHECK(computed + static_cast<std::size_t>(outside) == nodes.size());
    for (Var v : r.kept) CHECK_FALSE(s.places[static_cast<std::size_t>(v.id)].of_strip);
  }
}

TEST_CASE("without tables, with few records or with small values there are no strips", "[strips]") {
  Weights w;
  CHECK(schedule_of(record_step(31, w, kLosses[0].second).program, 16).strips.empty());
  CHECK(schedule_of(record_step(50, w, kLosses[0].second).program, 0).strips.empty());
  Program dense, small;
  dense.keep(dense.matmul(dense.input(5000, 700), dense.input(700, 700)));
  CHECK(schedule_of(dense, 16).strips.empty());
  small.keep(small.gather(small.input(50, 10), std::vector<int>(1000, 3)));
  CHECK(schedule_of(small, 16).strips.empty());
}

TEST_CASE("a table is read to the bit as column by column, and nothing beyond its row is touched", "[strips]") {
  Random draw(Stream{9});
  const auto whole = [&](int most) { return static_cast<int>(draw.uniform() * most); };
  for (int round = 0; round < 400; ++round) {
    const int columns = 1 + whole(60), summands = 1 + whole(round % 2 == 0 ? 1 : 5), longest = 1 + whole(40);
    std::vector<int> table;
    for (int runs = 1 + whole(12); runs > 0; --runs) {
      const int width = 1 + whole(std::min(longest, columns));
      std::vector<int> first;
      for (int q = 0; q < summands; ++q) first.push_back(whole(5) == 0 ? -1 : whole(columns - width + 1));
      for (int j = 0; j < width; ++j)
        for (int from : first) table.push_back(from < 0 ? -1 : from + j);
    }
    const int count = static_cast<int>(table.size()) / summands;
    const Matrix from = drawn(1, columns, static_cast<std::uint64_t>(round) + 1000);
    std::vector<float> found(static_cast<std::size_t>(count) + 8, 77.f), wanted = found;
    for (int c = 0; c < count; ++c) {
      float total = 0;
      for (int q = 0; q < summands; ++q)
        if (const int entry = table[static_cast<std::size_t>(c * summands + q)]; entry >= 0) total += from(0, entry);
      wanted[static_cast<std::size_t>(c)] = total;
    }
    // A copy of its size alone: a number read beyond it is found by the sanitizers.
    const std::vector<float> exact(from.data(), from.data() + columns);
    TableRuns(table, summands, columns).read(exact.data(), found.data());
    INFO("round " << round << ": " << columns << " columns, " << summands << " summands");
    REQUIRE(found == wanted);
  }
}
