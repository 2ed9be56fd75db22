#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "mid/base/work.hpp"
#include "mid/base/workers.hpp"
#include "mid/nn/device.hpp"
#include "mid/nn/matmul.hpp"

namespace mid {
namespace {

using Eigen::Index;
using Numbers = Eigen::Map<const Eigen::ArrayXf>;
using Result = Eigen::Map<Eigen::ArrayXf>;

/// The numbers of an operand, row by row.
struct Operand {
  const float* data = nullptr;
  int rows = 0, cols = 0;
};

/// One node about to be computed.
struct Frame {
  const Node& node;
  Operand a, b, c;
  float* out;
  Index first, count;          // numbers to compute, of elementwise operations and of updates
  int first_row, rows;         // to compute, of products and tables
  const int* table = nullptr;  // of tables
  Workers* workers = nullptr;  // who share a product

  Numbers numbers(const Operand& o) const { return {o.data + first, count}; }
  Numbers as() const { return numbers(a); }
  Numbers bs() const { return numbers(b); }
  Result result() const { return {out + first, count}; }
};

constexpr int kLanes = 8;

/// The sum of n neighbours in eight lanes: an order that does not depend on where the numbers lie in memory.
float sum_of(const float* x, int n) {
  float lane[kLanes] = {};
  int i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lane[j] += x[i + j];
  for (int j = 0; i + j < n; ++j) lane[j] += x[i + j];
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

constexpr Index kPiece = 1024;

/// Runs `f(from, count)` over n numbers from `first` on in pieces that stay in the first cache while an optimiser passes over them.
template <class F>
void in_pieces(Index first, Index n, F f) {
  for (Index from = first; from < first + n; from += kPiece) f(from, std::min(kPiece, first + n - from));
}

/// One function an operation, named as in ops.def. What NaN goes in comes out: operand orders of min and max matter here.
namespace forward {

void input(const Frame&) {}
void parameter(const Frame&) {}
void constant(const Frame&) {}

/// The frame's rows of a product.
Product product_of(const Frame& f) {
  const bool by_columns = f.node.transpose_a;
  return {.a = f.a.data + (by_columns ? f.first_row : Index{f.first_row} * f.a.cols),
          .b = f.b.data,
          .c = f.out + Index{f.first_row} * f.node.cols,
          .m = f.rows,
          .n = f.node.cols,
          .k = by_columns ? f.a.rows : f.a.cols,
          .transpose_a = by_columns,
          .transpose_b = f.node.transpose_b,
          .bias = f.c.data,
          .a_row = f.a.cols};
}
void matmul(const Frame& f) { mid::matmul(product_of(f), f.workers); }
void dense(const Frame& f) { mid::matmul(product_of(f), f.workers); }
void part_products(const Frame& f) {
  const int parts = f.node.parts, rows = f.node.rows / parts, rows_a = f.a.rows / parts, rows_b = f.b.rows / parts;
  const auto compute_product = matmul_kernels()->compute;
  for (int i = f.first_row / rows; i < (f.first_row + f.rows) / rows; ++i)
    compute_product({.a = f.a.data + Index{i} * rows_a * f.a.cols,
                     .b = f.b.data + Index{i} * rows_b * f.b.cols,
                     .c = f.out + Index{i} * rows * f.node.cols,
                     .m = rows,
                     .n = f.node.cols,
                     .k = f.node.transpose_a ? rows_a : f.a.cols,
                     .transpose_a = f.node.transpose_a,
                     .transpose_b = f.node.transpose_b});
}

void add(const Frame& f) { f.result() = f.as() + f.bs(); }
void sub(const Frame& f) { f.result() = f.as() - f.bs(); }
void mul(const Frame& f) { f.result() = f.as() * f.bs(); }
void div(const Frame& f) { f.result() = f.as() / f.bs(); }
void scale(const Frame& f) { f.result() = f.as() * f.node.scalar; }
void shift(const Frame& f) { f.result() = f.as() + f.node.scalar; }
void exp(const Frame& f) { f.result() = f.as().exp(); }
void log(const Frame& f) { f.result() = f.as().log(); }
void sqrt(const Frame& f) { f.result() = f.as().sqrt(); }
void softplus(const Frame& f) { f.result() = f.as().max(0.f) + (-f.as().abs()).exp().log1p(); }
void log_softplus(const Frame& f) {
  softplus(f);
  f.result() = f.result().log();
  for (Index i = f.first; i < f.first + f.count; ++i)
    if (f.a.data[i] < -15) f.out[i] = f.a.data[i];  // method.md 4.1: no epsilon, and no logarithm of 0
}
void sigmoid(const Frame& f) { f.result() = (1.f + (-f.as()).exp()).inverse(); }
void tanh(const Frame& f) { f.result() = f.as().tanh(); }
void leaky_relu(const Frame& f) {
  if (f.node.scalar == 0)
    f.result() = f.as().max(0.f);  // not 0 * a: a may be infinite
  else
    f.result() = f.as().max(f.as() * f.node.scalar);
}
void step(const Frame& f) {
  const float slope = f.node.scalar;
  for (Index i = f.first; i < f.first + f.count; ++i) f.out[i] = f.a.data[i] > 0 ? 1.f : slope;
}

void sum_rows(const Frame& f) {
  Eigen::Map<Eigen::RowVectorXf> total(f.out, f.node.cols);
  total.setZero();
  for (int r = 0; r < f.a.rows; ++r) total += Eigen::Map<const Eigen::RowVectorXf>(f.a.data + Index{r} * f.a.cols, f.a.cols);
}
void sum_cols(const Frame& f) {
  for (int r = 0; r < f.a.rows; ++r) f.out[r] = sum_of(f.a.data + Index{r} * f.a.cols, f.a.cols);
}
void spread_rows(const Frame& f) {
  for (int r = 0; r < f.node.rows; ++r) std::copy_n(f.a.data, f.node.cols, f.out + Index{r} * f.node.cols);
}
void spread_cols(const Frame& f) {
  for (int r = 0; r < f.node.rows; ++r) std::fill_n(f.out + Index{r} * f.node.cols, f.node.cols, f.a.data[r]);
}
void columns(const Frame& f) {
  for (int r = 0; r < f.node.rows; ++r)
    std::copy_n(f.a.data + Index{r} * f.a.cols + f.node.from, f.node.cols, f.out + Index{r} * f.node.cols);
}
void pad_columns(const Frame& f) {
  std::fill_n(f.out, Index{f.node.rows} * f.node.cols, 0.f);
  for (int r = 0; r < f.node.rows; ++r) std::copy_n(f.a.data + Index{r} * f.a.cols, f.a.cols, f.out + Index{r} * f.node.cols + f.node.from);
}
void gather(const Frame& f) {
  const int columns = f.node.cols;
  for (int r = f.first_row; r < f.first_row + f.rows; ++r) {
    const float* x = f.a.data + Index{r} * f.a.cols;
    float* y = f.out + Index{r} * columns;
    for (int c = 0; c < columns; ++c) y[c] = f.table[c] < 0 ? 0.f : x[f.table[c]];
  }
}
void gather_sum(const Frame& f) {
  const int columns = f.node.cols, summands = f.node.summands;
  for (int r = f.first_row; r < f.first_row + f.rows; ++r) {
    const float* x = f.a.data + Index{r} * f.a.cols;
    float* y = f.out + Index{r} * columns;
    const int* entry = f.table;
    for (int c = 0; c < columns; ++c) {
      float total = 0;
      for (int q = 0; q < summands; ++q, ++entry)
        if (*entry >= 0) total += x[*entry];
      y[c] = total;
    }
  }
}
void reshape(const Frame& f) {
  if (f.out != f.a.data) std::copy_n(f.a.data, Index{f.node.rows} * f.node.cols, f.out);
}
void log_softmax(const Frame& f) {
  for (int r = 0; r < f.node.rows; ++r) {
    const float* x = f.a.data + Index{r} * f.node.cols;
    float* y = f.out + Index{r} * f.node.cols;
    const float most = *std::max_element(x, x + f.node.cols);
    float total = 0;
    for (int c = 0; c < f.node.cols; ++c) total += std::exp(x[c] - most);
    const float log_total = most + std::log(total);
    for (int c = 0; c < f.node.cols; ++c) y[c] = x[c] - log_total;
  }
}
void inverse(const Frame& f) {
  const Index n = f.node.rows;
  const Eigen::MatrixXd a = Eigen::Map<const Matrix>(f.a.data, n, n).cast<double>();
  Eigen::Map<Matrix>(f.out, n, n) = a.partialPivLu().inverse().cast<float>();
}

void adam(const Frame& f) {
  const double kept = f.node.betas.first, kept_square = f.node.betas.second;
  constexpr float kTiny = 1e-8f;
  Parameter& p = *f.node.parameter;
  const auto rate = static_cast<float>(double{f.c.data[0]} / (1 - std::pow(kept, p.steps)));
  const auto unbias = static_cast<float>(1 / std::sqrt(1 - std::pow(kept_square, p.steps)));
  in_pieces(f.first, f.count, [&](Index from, Index n) {
    Result w(p.value.data() + from, n), first(p.first.data() + from, n), second(p.second.data() + from, n);
    const auto step = [&](const auto& g) {
      first = first * static_cast<float>(kept) + g * static_cast<float>(1 - kept);
      second = second * static_cast<float>(kept_square) + g * g * static_cast<float>(1 - kept_square);
      w -= rate * first / (second.sqrt() * unbias + kTiny);
    };
    const Numbers g(f.b.data + from, n);
    if (f.node.decay == 0)
      step(g);
    else
      step(g + f.node.decay * w);
  });
}
void sgd(const Frame& f) {
  Parameter& p = *f.node.parameter;
  const float rate = f.c.data[0];
  in_pieces(f.first, f.count, [&](Index from, Index n) {
    Result w(p.value.data() + from, n);
    const Numbers g(f.b.data + from, n);
    if (f.node.scalar == 0) {
      w -= rate * (g + f.node.decay * w);
    } else {
      Result velocity(p.first.data() + from, n);
      velocity = f.node.scalar * velocity + (g + f.node.decay * w);
      w -= rate * velocity;
    }
  });
}

}  // namespace forward

void compute(const Frame& f) {
  switch (f.node.op) {
#define MID_OP(name, ...) \
  case Op::name: forward::name(f); break;
#include "mid/nn/ops.def"
#undef MID_OP
  }
}

class CpuExecutable : public Executable {
 public:
  CpuExecutable(Program program, std::shared_ptr<Workers> workers) : program_(std::move(program)), workers_(std::move(workers)) {
    const auto& nodes = program_.nodes();
    std::vector<std::size_t> place(nodes.size(), 0);
    std::size_t total = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (info(nodes[i].op).family == OpFamily::update) continue;
      if (nodes[i].op == Op::parameter || nodes[i].op == Op::constant) continue;
      // What is only read otherwise stays where it is: no value is written a second time in a run.
      if (nodes[i].op == Op::reshape && is_padded(nodes[i].a)) {
        place[i] = place[static_cast<std::size_t>(nodes[i].a)];
        continue;
      }
      place[i] = total;
      total += static_cast<std::size_t>(padded(size(nodes[i])));
    }
    arena_ = Eigen::ArrayXf::Zero(static_cast<Index>(total));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      own_.push_back(arena_.data() + place[i]);
      const OpInfo& op = info(nodes[i].op);
      if (op.family == OpFamily::update) {
        make_moments(nodes[i]);
        updates_.push_back(i);
      } else if (op.family != OpFamily::source) {
        steps_.push_back(i);
      }
    }
  }

  void write(Var input, MatrixRef value) override {
    const Node& n = input_node(input);
    assert(value.rows() == n.rows && value.cols() == n.cols);
    Eigen::Map<Matrix>(own(input.id), n.rows, n.cols) = value;
    count_work(2. * n.rows * n.cols);
  }

  void gather(Var input, const Matrix& from, std::span<const int> rows) override {
    const Node& n = input_node(input);
    assert(static_cast<int>(rows.size()) == n.rows && from.cols() == n.cols);
    float* to = own(input.id);
    count_work(2. * n.rows * n.cols);
    in_shares(n.rows, 1, 2. * n.rows * n.cols, [&](Index first, Index count) {
      for (Index i = first; i < first + count; ++i)
        std::copy_n(from.data() + Index{rows[static_cast<std::size_t>(i)]} * n.cols, n.cols, to + i * n.cols);
    });
  }

  void normal(Var input, Stream stream, std::uint64_t first) override {
    const Node& n = input_node(input);
    Eigen::Map<Matrix> out(own(input.id), n.rows, n.cols);
    count_work(20. * n.rows * n.cols);
    in_shares(n.rows, 1, 20. * n.rows * n.cols, [&](Index row, Index rows) {
      fill_normal(stream, first + static_cast<std::uint64_t>(row * n.cols), out.middleRows(row, rows));
    });
  }

  void run() override {
    while (run_part()) {
    }
  }

  bool run_part() override {
    // Counted, not timed: parts are the same on every machine. A millisecond or two, or five in a browser.
    double work = 0;
    for (; next_ < steps_.size() && work < kWorkOfPart; ++next_) {
      const Node& n = program_.nodes()[steps_[next_]];
      const int rows = rows_of_part(n);
      if (rows == n.rows) {
        work += compute_node(steps_[next_]);
        continue;
      }
      const int count = std::min(rows, n.rows - next_row_);
      work += compute_node(steps_[next_], next_row_, count);
      next_row_ += count;
      if (next_row_ < n.rows) return true;
      next_row_ = 0;
    }
    if (next_ < steps_.size()) return true;
    for (std::size_t i : updates_) work += operations_of(program_, program_.nodes()[i]);
    if (work > kWorkOfPart && !only_updates_) return only_updates_ = true;
    only_updates_ = false;
    for (std::size_t i : updates_) {
      ++program_.nodes()[i].parameter->steps;
      compute_node(i);
    }
    next_ = 0;
    return false;
  }

  bool read(Var value, Matrix& out) override {
    assert(program_.is_kept(value));
    const Operand o = operand(value.id);
    assert(info(program_.nodes()[static_cast<std::size_t>(value.id)].op).family != OpFamily::update);
    out = Eigen::Map<const Matrix>(o.data, o.rows, o.cols);
    return true;
  }

  bool sync() override { return true; }

 private:
  static constexpr double kWorkOfPart = 5e7;

  /// Rows of a node that are computed at once: of a large product a few, in whole groups of its kernel, so that every sum is the
  /// same; of a large table a few; else all.
  int rows_of_part(const Node& n) const {
    const int group = info(n.op).family == OpFamily::parts ? n.rows / n.parts : 6;
    const double work = operations_of(program_, n);
    const OpFamily family = info(n.op).family;
    const bool can = family == OpFamily::product || family == OpFamily::table || family == OpFamily::parts;
    if (!can || work <= kWorkOfPart) return n.rows;
    // Parts of one size: a short last one would copy its factors for a few rows.
    const int groups = (n.rows + group - 1) / group,
              parts = static_cast<int>(std::min(std::ceil(work / kWorkOfPart), static_cast<double>(groups)));
    return std::min(n.rows, group * ((groups + parts - 1) / parts));
  }

  static Index size(const Node& n) { return Index{n.rows} * n.cols; }
  /// Whole groups of lanes: elementwise operations run over the padding too, so that every number takes the same
  /// (vectorised) path wherever it stands, and the last ones are not computed by another exp than the first.
  static Index padded(Index n) { return (n + 15) / 16 * 16; }

  static void make_moments(const Node& n) {
    Parameter& p = *n.parameter;
    const auto make = [&](Matrix& m) {
      if (m.rows() != p.value.rows() || m.cols() != p.value.cols()) m.setZero(p.value.rows(), p.value.cols());
    };
    if (n.op == Op::adam || n.scalar != 0) make(p.first);
    if (n.op == Op::adam) make(p.second);
  }

  float* own(int id) { return own_[static_cast<std::size_t>(id)]; }

  const Node& input_node(Var v) const {
    const Node& n = program_.nodes()[static_cast<std::size_t>(v.id)];
    assert(n.op == Op::input);
    return n;
  }

  Operand operand(int id) const {
    if (id < 0) return {};
    const auto i = static_cast<std::size_t>(id);
    const Node& n = program_.nodes()[i];
    const float* data = own_[i];
    if (n.op == Op::parameter) data = n.parameter->value.data();
    if (n.op == Op::constant) data = program_.constants()[static_cast<std::size_t>(n.constant)].data();
    return {data, n.rows, n.cols};
  }

  const int* table_of(const Node& n) const { return n.table < 0 ? nullptr : program_.tables()[static_cast<std::size_t>(n.table)].data(); }

  bool is_padded(int id) const {
    if (id < 0) return true;
    const Op op = program_.nodes()[static_cast<std::size_t>(id)].op;
    return op != Op::parameter && op != Op::constant;
  }

  double compute_node(std::size_t i) { return compute_node(i, 0, program_.nodes()[i].rows); }
  /// Of a product or a table these rows only. The operations that it took.
  double compute_node(std::size_t i, int first_row, int rows) {
    const Node& n = program_.nodes()[i];
    const double work = operations_of(program_, n) * (n.rows > 0 ? static_cast<double>(rows) / n.rows : 1);  // updates have no rows
    const OpFamily family = info(n.op).family;
    if (family != OpFamily::product) count_work(work);  // matmul counts its own
    const bool whole = is_padded(n.a) && is_padded(n.b) && is_padded(n.c);
    const Index count = family == OpFamily::update ? n.parameter->value.size() : whole ? padded(size(n)) : size(n);
    const Frame frame{n, operand(n.a), operand(n.b), operand(n.c), own_[i], 0, count, first_row, rows, table_of(n), workers_.get()};
    if (family == OpFamily::element || family == OpFamily::update)
      in_shares(count, kPiece, work, [&](Index first, Index numbers) {
        Frame share = frame;
        share.first = first, share.count = numbers;
        compute(share);
      });
    else if (family == OpFamily::table || family == OpFamily::parts)
      in_shares(rows, family == OpFamily::parts ? n.rows / n.parts : 1, work, [&](Index first, Index count_of_rows) {
        Frame share = frame;
        share.first_row = first_row + static_cast<int>(first), share.rows = static_cast<int>(count_of_rows);
        compute(share);
      });
    else
      compute(frame);
    return work;
  }

  /// f(from, count) over 0 .. n-1: at once, or by the workers where the work is worth their while, in shares of whole groups. Groups
  /// of elementwise operations are so large that every number takes the same vectorised path in its share as in the whole.
  template <class F>
  void in_shares(Index n, Index group, double work, F f) {
    constexpr double kWorthAThread = 2.5e5;  // to wake it takes some microseconds
    const Index groups = (n + group - 1) / group;
    const int shares = workers_ ? static_cast<int>(std::min<double>(std::min<Index>(workers_->count(), groups), work / kWorthAThread)) : 1;
    if (shares <= 1) return f(0, n);
    const auto one = [&](int share) {
      const Index from = groups * share / shares * group, end = std::min(n, groups * (share + 1) / shares * group);
      f(from, end - from);
    };
    workers_->share(shares, std::ref(one));  // by reference: a copy would be an allocation
  }

  Program program_;
  Eigen::ArrayXf arena_;
  std::vector<float*> own_;  // where each node's numbers lie; unused by parameters, constants and updates
  std::vector<std::size_t> steps_, updates_;
  std::size_t next_ = 0;  // of steps_, in a run by parts
  int next_row_ = 0;      // of a product or a table in pieces
  bool only_updates_ = false;
  std::shared_ptr<Workers> workers_;  // null: one thread does it all
};

class CpuDevice : public Device {
 public:
  explicit CpuDevice(std::shared_ptr<Workers> workers) : workers_(std::move(workers)) {}
  std::string name() const override { return "cpu"; }
  std::unique_ptr<Executable> compile(Program program) override { return std::make_unique<CpuExecutable>(std::move(program), workers_); }

 private:
  std::shared_ptr<Workers> workers_;
};

}  // namespace

std::unique_ptr<Device> cpu_device(std::shared_ptr<Workers> workers) { return std::make_unique<CpuDevice>(std::move(workers)); }
DeviceOffer processor_only(const std::string& wish) {
  return {cpu_device(), wish == "cpu" ? std::string() : "this program has the processor only, which does the work"};
}
std::string cpu_simd() { return matmul_simd(); }

}  // namespace mid
