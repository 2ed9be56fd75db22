#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "mid/base/work.hpp"
#include "mid/base/workers.hpp"
#include "mid/nn/cpu_operations.hpp"
#include "mid/nn/device.hpp"
#include "mid/nn/matmul.hpp"
#include "mid/nn/strips.hpp"

namespace mid {
namespace {

using Eigen::Index;

class CpuExecutable : public Executable {
 public:
  CpuExecutable(Program program, std::shared_ptr<Workers> workers)
      : program_(std::move(program)), workers_(std::move(workers)), schedule_(schedule_of(program_, records_of_strip(workers_.get()))) {
    const auto& nodes = program_.nodes();
    whole_ = Eigen::ArrayXf::Zero(static_cast<Index>(schedule_.whole_numbers));
    strip_ = Eigen::ArrayXf::Zero(static_cast<Index>(schedule_.strip_numbers));
    tables_.resize(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Node& n = nodes[i];
      if (n.table >= 0)
        tables_[i] = std::make_unique<TableRuns>(program_.tables()[static_cast<std::size_t>(n.table)], n.summands,
                                                 nodes[static_cast<std::size_t>(n.a)].cols);
      if (info(n.op).family != OpFamily::update) continue;
      make_moments(n);
      updates_.push_back(i);
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
    for (; next_.stretch < schedule_.stretches.size(); ++next_.stretch, next_.strip = 0) {
      const Stretch& s = schedule_.stretches[next_.stretch];
      for (const std::size_t strips = s.in_strips ? schedule_.strip_count() : 1; next_.strip < strips; ++next_.strip, next_.node = 0)
        for (; next_.node < s.nodes.size(); ++next_.node, next_.row = 0)
          while (next_.row >= 0) {
            if (work >= kWorkOfPart || (work > 0 && next_.row > 0)) return true;
            work += compute_next(s.nodes[next_.node], s.in_strips);
          }
    }
    for (std::size_t i : updates_) work += operations_of(program_, program_.nodes()[i]);
    if (work > kWorkOfPart && !only_updates_) return only_updates_ = true;
    only_updates_ = false;
    for (std::size_t i : updates_) {
      ++program_.nodes()[i].parameter->steps;
      update(i);
    }
    next_ = {};
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

  /// Of strips: as few as whole groups of lanes allow (padded()), so that a strip's values stay in the caches; as many for each worker.
  static int records_of_strip(const Workers* workers) {
    constexpr int kRecords = 16;
    return matmul_kernels()->any_part ? kRecords * (workers ? workers->count() : 1) : 0;
  }

  /// Rows of a node that are computed at once: of a large product a few, in whole groups of its kernel, so that every sum is the
  /// same; of a large table a few; else all. `rows` and `work` are those of the node, or of a strip of it.
  static int rows_of_part(const Node& n, int rows, double work) {
    const OpFamily family = info(n.op).family;
    const int group = family == OpFamily::parts ? n.rows / n.parts : 6;
    const bool can = family == OpFamily::product || family == OpFamily::table || family == OpFamily::parts;
    if (!can || work <= kWorkOfPart) return rows;
    // Parts of one size: a short last one would copy its factors for a few rows.
    const int groups = (rows + group - 1) / group,
              parts = static_cast<int>(std::min(std::ceil(work / kWorkOfPart), static_cast<double>(groups)));
    return std::min(rows, group * ((groups + parts - 1) / parts));
  }

  static void make_moments(const Node& n) {
    Parameter& p = *n.parameter;
    const auto make = [&](Matrix& m) {
      if (m.rows() != p.value.rows() || m.cols() != p.value.cols()) m.setZero(p.value.rows(), p.value.cols());
    };
    if (n.op == Op::adam || n.scalar != 0) make(p.first);
    if (n.op == Op::adam) make(p.second);
  }

  /// Where a value's numbers lie; of one that has a strip only, that strip's.
  float* own(int id) {
    const ValuePlace& place = schedule_.places[static_cast<std::size_t>(id)];
    return (place.of_strip ? strip_ : whole_).data() + place.first;
  }

  const Node& input_node(Var v) const {
    const Node& n = program_.nodes()[static_cast<std::size_t>(v.id)];
    assert(n.op == Op::input);
    return n;
  }

  Operand operand(int id) {
    if (id < 0) return {};
    const Node& n = program_.nodes()[static_cast<std::size_t>(id)];
    const float* data = nullptr;
    if (n.op == Op::parameter)
      data = n.parameter->value.data();
    else if (n.op == Op::constant)
      data = program_.constants()[static_cast<std::size_t>(n.constant)].data();
    else
      data = own(id);
    return {data, n.rows, n.cols};
  }

  bool is_padded(int id) const {
    if (id < 0) return true;
    const Op op = program_.nodes()[static_cast<std::size_t>(id)].op;
    return op != Op::parameter && op != Op::constant;
  }

  /// The records of the strip whose turn it is, of a stretch in strips; of others all.
  struct Records {
    int first = 0, count = 1, of = 1;
    bool all() const { return count == of; }
    int share(int rows) const { return all() ? rows : static_cast<int>(std::int64_t{rows} * count / of); }
    /// How many numbers of a value lie before these records.
    Index before(int rows, int cols) const { return first == 0 ? 0 : Index{rows} / of * first * cols; }
  };
  Records records(bool in_strips) const {
    if (!in_strips) return {};
    const int first = schedule_.strips[next_.strip];
    return {first, schedule_.strips[next_.strip + 1] - first, schedule_.strips.back()};
  }

  /// An operand's rows of these records.
  Operand part_of(int id, const Records& r) {
    Operand o = operand(id);
    if (id < 0 || r.all()) return o;
    const bool there = schedule_.places[static_cast<std::size_t>(id)].of_strip && is_padded(id);
    if (!there) o.data += r.before(o.rows, o.cols);
    o.rows = r.share(o.rows);
    return o;
  }

  /// Computes what comes next of a node, whole or in a strip, and moves next_.row on, to -1 at its end. The operations that it took.
  double compute_next(std::size_t i, bool in_strips) {
    const Node& n = program_.nodes()[i];
    const Records r = records(in_strips);
    const OpFamily family = info(n.op).family;
    const bool sum = in_strips && is_sum_over_records(n), more = sum && r.first > 0;
    const int rows = sum ? n.rows : r.share(n.rows);
    const double all_work = r.all() ? operations_of(program_, n) : operations_of(program_, n) * r.count / r.of;
    const int together = std::min(rows_of_part(n, rows, all_work), rows - next_.row);
    const double work = together == rows ? all_work : all_work * together / rows;
    if (family != OpFamily::product) count_work(work);  // matmul counts its own
    Frame frame{n};
    frame.out = own(static_cast<int>(i)), frame.first_row = next_.row, frame.rows = together;
    next_.row = next_.row + together < rows ? next_.row + together : -1;
    frame.a = part_of(n.a, r);
    // Weights and what is added to every row are whole in each strip.
    const bool whole_others = in_strips && !sum && family == OpFamily::product;
    frame.b = whole_others ? operand(n.b) : part_of(n.b, r);
    frame.c = whole_others ? operand(n.c) : part_of(n.c, r);
    if (n.op == Op::spread_rows) frame.a = operand(n.a);
    if (!sum && !schedule_.places[i].of_strip) frame.out += r.before(n.rows, n.cols);
    const Index numbers = Index{rows} * n.cols;
    frame.count =
        is_padded(n.a) && is_padded(n.b) && is_padded(n.c) ? static_cast<Index>(padded(static_cast<std::size_t>(numbers))) : numbers;
    frame.parts = r.share(n.parts), frame.table = tables_[i].get(), frame.workers = workers_.get(), frame.more = more;
    if (family == OpFamily::element)
      in_shares(frame.count, kPiece, work, [&](Index first, Index count) {
        Frame share = frame;
        share.first = first, share.count = count;
        compute(share);
      });
    else if (family == OpFamily::table || family == OpFamily::parts)
      in_shares(together, family == OpFamily::parts ? n.rows / n.parts : 1, work, [&](Index first, Index count) {
        Frame share = frame;
        share.first_row += static_cast<int>(first), share.rows = static_cast<int>(count);
        compute(share);
      });
    else
      compute(frame);
    return work;
  }

  /// An optimiser's step.
  void update(std::size_t i) {
    const Node& n = program_.nodes()[i];
    const double work = operations_of(program_, n);
    count_work(work);
    Frame frame{n};
    frame.a = operand(n.a), frame.b = operand(n.b), frame.c = operand(n.c), frame.count = n.parameter->value.size();
    in_shares(frame.count, kPiece, work, [&](Index first, Index count) {
      Frame share = frame;
      share.first = first, share.count = count;
      compute(share);
    });
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

  /// What is computed next, in a run by parts: a row of a node in a strip of a stretch.
  struct Next {
    std::size_t stretch = 0, strip = 0, node = 0;
    int row = 0;  // -1: the node is complete
  };

  Program program_;
  std::shared_ptr<Workers> workers_;  // null: one thread does it all
  Schedule schedule_;
  Eigen::ArrayXf whole_, strip_;                    // the numbers of whole values, and of one strip of the others
  std::vector<std::unique_ptr<TableRuns>> tables_;  // a node
  std::vector<std::size_t> updates_;
  Next next_;
  bool only_updates_ = false;
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
