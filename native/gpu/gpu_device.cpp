#include "gpu_device.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>

#include "plan.hpp"

namespace mid::gpu {
namespace {

/// A kernel with all that its start needs.
struct Bound {
  Memory numbers;
  api::ComputePipeline pipeline = nullptr;
  Owned<api::BindGroup> group;
  std::array<std::uint32_t, 2> groups{};
};

class GpuExecutable : public Executable {
 public:
  GpuExecutable(std::shared_ptr<Gpu> gpu, Program program)
      : gpu_(std::move(gpu)), program_(std::move(program)), plan_(plan(program_, gpu_->most_buffers())) {
    for (const Node& n : program_.nodes()) {
      if (n.op == Op::parameter) weights_.try_emplace(n.parameter, gpu_->weights_of(*n.parameter));
      if (info(n.op).family == OpFamily::update) make_moments(n), changed_[n.parameter] = std::max(changed_[n.parameter], parts_of(n));
    }
    for (std::size_t floats : plan_.buffer_floats) buffers_.push_back(gpu_->memory(floats * sizeof(float)));
    for (std::size_t i = 0; i < program_.nodes().size(); ++i) {
      const Node& n = program_.nodes()[i];
      if (n.op != Op::constant || plan_.buffer_of[i] < 0) continue;
      const Matrix& value = program_.constants()[static_cast<std::size_t>(n.constant)];
      gpu_->write(buffer(static_cast<int>(i)), 0, value.data(), bytes_of(value));
    }
    for (const std::vector<int>& table : program_.tables()) {
      const std::size_t bytes = table.size() * sizeof(int);
      tables_.push_back(gpu_->memory(std::max(bytes, sizeof(int))));
      gpu_->write(tables_.back(), 0, table.data(), bytes);
    }
    for (Dispatch& d : plan_.dispatches) {
      for (const Dispatch::Update& u : d.updates) set_stride(d, u);
      Bound bound;
      bound.numbers = gpu_->uniform(d.numbers.size() * 4);
      gpu_->write(bound.numbers, 0, d.numbers.data(), d.numbers.size() * 4);
      bound.groups = d.groups;
      bound_.push_back(std::move(bound));
    }
  }

  void write(Var input, MatrixRef value) override {
    [[maybe_unused]] const Node& n = node(input.id);
    assert(n.op == Op::input && value.rows() == n.rows && value.cols() == n.cols);
    fills_.erase(input.id);
    const Matrix packed = value;
    gpu_->write(buffer(input.id), 0, packed.data(), bytes_of(packed));
  }

  void gather(Var input, const Matrix& from, std::span<const int> rows) override {
    const Node& n = node(input.id);
    assert(n.op == Op::input && static_cast<int>(rows.size()) == n.rows && from.cols() == n.cols);
    Filled& filled = gathers_[input.id];
    if (!filled.table || filled.of != from.data()) {
      filled.of = from.data();
      filled.table = gpu_->table(from);
      filled.rows = gpu_->memory(rows.size() * sizeof(int));
      filled.kernel = gather_kernel(n.rows, n.cols);
      filled.bound = bind_fill(filled.kernel, {filled.table->buffer.get(), filled.rows.buffer.get(), buffer(input.id).buffer.get()});
    }
    gpu_->write(filled.rows, 0, rows.data(), rows.size() * sizeof(int));
    fills_[input.id] = &filled.bound;
  }

  void normal(Var input, Stream stream, std::uint64_t first) override {
    const Node& n = node(input.id);
    assert(n.op == Op::input);
    Filled& filled = normals_[input.id];
    const auto count = static_cast<std::uint64_t>(n.rows) * static_cast<std::uint64_t>(n.cols);
    Dispatch kernel = normal_kernel(count, stream, first);
    if (!filled.bound.pipeline) filled.bound = bind_fill(kernel, {buffer(input.id).buffer.get()});
    gpu_->write(filled.bound.numbers, 0, kernel.numbers.data(), kernel.numbers.size() * 4);
    filled.bound.groups = kernel.groups;
    fills_[input.id] = &filled.bound;
  }

  void run() override {
    while (run_part()) {
    }
  }

  bool run_part() override {
    // A kernel's translation takes tens of milliseconds: one a part.
    for (; next_pipeline_ < bound_.size(); ++next_pipeline_) {
      const std::size_t i = next_pipeline_;
      const bool known = gpu_->has_pipeline(plan_.dispatches[i].wgsl);
      bind_step(i);
      if (!known) return ++next_pipeline_, true;
    }
    submit();
    return false;
  }

  bool read(Var value, Matrix& out) override {
    assert(program_.is_kept(value));
    const Node& n = node(value.id);
    if (n.op == Op::constant) {
      out = program_.constants()[static_cast<std::size_t>(n.constant)];
      return true;
    }
    Reading& reading = readings_[value.id];
    if (!reading.fetch.arrived) {
      Gpu::Batch batch(*gpu_);
      copy_out(batch, value.id, reading);
      batch.submit();
      gpu_->begin(reading.fetch);
    }
    reading.wanted = true;
    gpu_->poll();
    if (!*reading.fetch.arrived) return false;
    out = Eigen::Map<const Matrix>(gpu_->numbers(reading.fetch, static_cast<std::size_t>(n.rows) * static_cast<std::size_t>(n.cols)),
                                   n.rows, n.cols);
    gpu_->end(reading.fetch);
    return true;
  }

  bool sync() override {
    if (runs_since_sync_ > 0) syncs_in_row_ = runs_since_sync_ == 1 ? syncs_in_row_ + 1 : 0;
    runs_since_sync_ = 0;
    bool under_way = true;  // what is under way may be from before another Program's run
    for (const auto& [parameter, parts] : changed_) {
      const Return& back = returns_[parameter];
      under_way =
          under_way && (!weights_.at(parameter)->newer_here || (back.fetch.arrived && back.changes == weights_.at(parameter)->changes));
    }
    if (!under_way) {
      Gpu::Batch batch(*gpu_);
      copy_weights(batch);
      batch.submit();
      begin_weights();
    }
    gpu_->poll();
    const auto coming = [&](Parameter* parameter) { return weights_.at(parameter)->newer_here; };
    for (const auto& [parameter, parts] : changed_)
      if (coming(parameter) && !*returns_[parameter].fetch.arrived) return false;
    for (const auto& [parameter, parts] : changed_) {
      if (!coming(parameter)) continue;
      Weights& weights = *weights_.at(parameter);
      Fetch& fetch = returns_[parameter].fetch;
      const float* from = gpu_->numbers(fetch, static_cast<std::size_t>(parts) * weights.stride);
      const auto size = parameter->value.size();
      std::copy_n(from, size, parameter->value.data());
      if (parts > 1) std::copy_n(from + weights.stride, size, parameter->first.data());
      if (parts > 2) std::copy_n(from + 2 * weights.stride, size, parameter->second.data());
      gpu_->end(fetch);
      weights.newer_here = false, weights.take_owners = true;
    }
    return true;
  }

 private:
  struct Filled {
    const float* of = nullptr;
    std::shared_ptr<Memory> table;
    Memory rows;
    Dispatch kernel;
    Bound bound;
  };
  struct Reading {
    Fetch fetch;
    bool wanted = false;  // read since the last run: the next run brings it along
  };

  struct Return {
    Fetch fetch;
    std::uint64_t changes = 0;  // of the weights that are coming
  };

  static std::size_t bytes_of(const Matrix& m) { return static_cast<std::size_t>(m.size()) * sizeof(float); }
  const Node& node(int id) const { return program_.nodes()[static_cast<std::size_t>(id)]; }
  const Memory& buffer(int id) const {
    assert(plan_.buffer_of[static_cast<std::size_t>(id)] >= 0);
    return buffers_[static_cast<std::size_t>(plan_.buffer_of[static_cast<std::size_t>(id)])];
  }

  static int parts_of(const Node& n) { return n.op == Op::adam ? 3 : n.scalar != 0 ? 2 : 1; }
  static void make_moments(const Node& n) {
    Parameter& p = *n.parameter;
    const auto make = [&](Matrix& m) {
      if (m.rows() != p.value.rows() || m.cols() != p.value.cols()) m.setZero(p.value.rows(), p.value.cols());
    };
    if (parts_of(n) > 1) make(p.first);
    if (parts_of(n) > 2) make(p.second);
  }

  void set_stride(Dispatch& d, const Dispatch::Update& u) {
    d.numbers[u.factors - 3] = static_cast<std::uint32_t>(weights_.at(node(u.node).parameter)->stride);
  }

  api::Buffer buffer_at(const Place& place) const {
    if (place.kind == Place::Kind::value) return buffer(place.node).buffer.get();
    if (place.kind == Place::Kind::table) return tables_[static_cast<std::size_t>(node(place.node).table)].buffer.get();
    return weights_.at(node(place.node).parameter)->memory.buffer.get();
  }

  void bind_step(std::size_t i) {
    Bound& bound = bound_[i];
    bound.pipeline = gpu_->pipeline(plan_.dispatches[i].wgsl);
    std::vector<api::Buffer> others;
    for (const Place& place : plan_.dispatches[i].places) others.push_back(buffer_at(place));
    bound.group = gpu_->bind(bound.pipeline, bound.numbers, others);
  }

  Bound bind_fill(const Dispatch& kernel, std::vector<api::Buffer> others) {
    Bound bound;
    bound.numbers = gpu_->uniform(kernel.numbers.size() * 4);
    gpu_->write(bound.numbers, 0, kernel.numbers.data(), kernel.numbers.size() * 4);
    bound.pipeline = gpu_->pipeline(kernel.wgsl);
    bound.group = gpu_->bind(bound.pipeline, bound.numbers, others);
    bound.groups = kernel.groups;
    return bound;
  }

  /// The owners' weights, where they count.
  void bring_weights() {
    for (auto& [parameter, weights] : weights_) {
      if (!weights->take_owners) continue;
      weights->take_owners = false;
      const std::size_t part = weights->stride * sizeof(float);
      gpu_->write(weights->memory, 0, parameter->value.data(), bytes_of(parameter->value));
      // The moments, too, though this Program may not step: another one that shares the Parameter will.
      const auto bring = [&](const Matrix& moment, std::size_t at) {
        if (moment.size() == parameter->value.size()) gpu_->write(weights->memory, at * part, moment.data(), bytes_of(moment));
      };
      bring(parameter->first, 1), bring(parameter->second, 2);
    }
  }

  /// What changes from step to step in an optimiser's kernel; as in the processor's (cpu_device.cpp).
  void set_factors(std::size_t i) {
    Dispatch& d = plan_.dispatches[i];
    for (const Dispatch::Update& u : d.updates) {
      const Node& n = node(u.node);
      const int step = ++n.parameter->steps;
      std::array<float, 4> factors{n.scalar, 0, 0, 0};
      if (n.op == Op::adam) {
        const double kept = n.betas.first, kept_square = n.betas.second;
        factors = {static_cast<float>(kept), static_cast<float>(kept_square), static_cast<float>(1 / (1 - std::pow(kept, step))),
                   static_cast<float>(1 / std::sqrt(1 - std::pow(kept_square, step)))};
      }
      for (std::size_t j = 0; j < 4; ++j) d.numbers[u.factors + j] = std::bit_cast<std::uint32_t>(factors[j]);
    }
    if (!d.updates.empty()) gpu_->write(bound_[i].numbers, 0, d.numbers.data(), d.numbers.size() * 4);
  }

  void submit() {
    gpu_->poll();
    bring_weights();
    for (std::size_t i = 0; i < bound_.size(); ++i) set_factors(i);
    Gpu::Batch batch(*gpu_);
    for (const auto& [input, bound] : fills_) batch.dispatch(bound->pipeline, bound->group.get(), bound->groups);
    fills_.clear();
    for (const Bound& bound : bound_) batch.dispatch(bound.pipeline, bound.group.get(), bound.groups);
    for (const auto& [parameter, parts] : changed_) weights_.at(parameter)->newer_here = true, ++weights_.at(parameter)->changes;
    // Who read a value after the last run will read it after this one: it travels with the same submission.
    for (auto& [id, reading] : readings_)
      if (reading.wanted) copy_out(batch, id, reading);
    const bool weights_too = syncs_in_row_ >= 2;  // a step, the weights, a step, the weights
    ++runs_since_sync_;
    if (weights_too) copy_weights(batch);
    batch.submit();
    for (auto& [id, reading] : readings_)
      if (std::exchange(reading.wanted, false))
        gpu_->begin(reading.fetch);
      else
        gpu_->end(reading.fetch);
    if (weights_too) begin_weights();
  }

  void copy_out(Gpu::Batch& batch, int id, Reading& reading) {
    const Node& n = node(id);
    const std::size_t bytes = static_cast<std::size_t>(n.rows) * static_cast<std::size_t>(n.cols) * sizeof(float);
    gpu_->end(reading.fetch);
    if (!reading.fetch.memory.buffer) reading.fetch.memory = gpu_->memory(bytes, true);
    batch.copy(n.op == Op::parameter ? weights_.at(n.parameter)->memory : buffer(id), 0, reading.fetch.memory, 0, bytes);
  }

  void copy_weights(Gpu::Batch& batch) {
    for (const auto& [parameter, parts] : changed_) {
      const Weights& weights = *weights_.at(parameter);
      if (!weights.newer_here) continue;
      Return& back = returns_[parameter];
      gpu_->end(back.fetch);
      back.changes = weights.changes;
      const std::size_t bytes = static_cast<std::size_t>(parts) * weights.stride * sizeof(float);
      if (!back.fetch.memory.buffer) back.fetch.memory = gpu_->memory(bytes, true);
      batch.copy(weights.memory, 0, back.fetch.memory, 0, bytes);
    }
  }
  void begin_weights() {
    for (const auto& [parameter, parts] : changed_)
      if (weights_.at(parameter)->newer_here) gpu_->begin(returns_[parameter].fetch);
  }

  std::shared_ptr<Gpu> gpu_;
  Program program_;
  Plan plan_;
  std::map<Parameter*, std::shared_ptr<Weights>> weights_;
  std::map<Parameter*, int> changed_;  // Parameters with an optimiser's step, and how many parts of them it uses
  std::vector<Memory> buffers_;
  std::vector<Memory> tables_;  // as Program::tables()
  std::vector<Bound> bound_;
  std::size_t next_pipeline_ = 0;
  std::map<int, Filled> gathers_, normals_;
  std::map<int, const Bound*> fills_;  // of inputs, before the next run
  std::map<int, Reading> readings_;
  std::map<Parameter*, Return> returns_;
  int runs_since_sync_ = 0, syncs_in_row_ = 0;
};

}  // namespace

std::unique_ptr<Executable> GpuDevice::compile(Program program) { return std::make_unique<GpuExecutable>(gpu_, std::move(program)); }

}  // namespace mid::gpu
