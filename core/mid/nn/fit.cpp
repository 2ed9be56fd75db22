#include "mid/nn/fit.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <numbers>

namespace mid {

std::vector<Param> TrainSpec::params() {
  using S = TrainSpec;
  return {
      choice(&S::optimizer, "optimizer", {"adam", "sgd"}, "train.train.optimizer"),
      param(&S::learning_rate, "learning_rate", 1e-6, 10, "", "train.train.learning_rate"),
      choice(&S::schedule, "schedule", {"cosine", "constant"}, "train.train.schedule"),
      param(&S::batch, "batch", 1, 4096, "records", "train.train.batch"),
      param(&S::epochs, "epochs", 1, 10000, "rounds", "train.train.epochs"),
      param(&S::momentum, "momentum", 0, .999, "", "train.train.momentum"),
      param(&S::weight_decay, "weight_decay", 0, 1, "", "train.train.weight_decay"),
      param(&S::shifts, "shifts", 0, 8, "pixels", "train.train.shifts"),
  };
}

double learning_rate(const TrainSpec& spec, std::int64_t step, std::int64_t steps) {
  if (spec.schedule == "constant") return spec.learning_rate;
  const double part = static_cast<double>(step) / static_cast<double>(steps);
  return spec.learning_rate * .5 * (1 + std::cos(std::numbers::pi * part));
}

namespace {

/// The loss and the optimiser recorded for one size of batch.
struct Recorded {
  Batch batch;
  Var rate, loss;
  std::unique_ptr<Executable> executable;
  double work = 0;  ///< operations of one step, roughly
};

double work_of(const Program& program) {
  double work = 0;
  for (const Node& n : program.nodes()) work += operations_of(program, n);
  return work;
}

Recorded record(Device& device, const TrainSpec& spec, const Training& training, int rows, int expected) {
  Program program;
  Recorded out;
  out.batch.rows = rows, out.batch.expected = expected;
  for (const Matrix* data : training.data) out.batch.data.push_back(program.input(rows, static_cast<int>(data->cols())));
  for (int width : training.noise) out.batch.noise.push_back(program.input(rows, width));
  for (const Training::Mask& mask : training.masks) out.batch.masks.push_back(program.input(rows, mask.width));
  if (training.poisson_sampling) out.batch.present = program.input(rows, 1);
  if (training.gradient_noise)
    for (const Parameter* p : training.parameters)
      out.batch.gradient_noise.push_back(program.input(static_cast<int>(p->value.rows()), static_cast<int>(p->value.cols())));
  if (training.record_data) out.batch.record_data = program.input(rows, static_cast<int>(training.record_data->cols()));
  out.batch.progress = program.input(1, 1);
  out.rate = program.input(1, 1);
  const Loss loss = training.loss(program, out.batch);
  out.loss = loss.value;
  assert(program.rows(out.loss) == 1 && program.cols(out.loss) == 1);

  std::vector<Var> weights;
  for (Parameter* p : training.parameters) weights.push_back(program.parameter(*p));
  const std::vector<Var> gradient = loss.gradient.empty() ? program.gradient(out.loss, weights) : loss.gradient;
  assert(gradient.size() == weights.size());
  const auto decay = static_cast<float>(spec.weight_decay), momentum = static_cast<float>(spec.momentum);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (spec.optimizer == "sgd")
      program.sgd(weights[i], gradient[i], out.rate, momentum, decay);
    else
      program.adam(weights[i], gradient[i], out.rate, decay);
  }
  constexpr double kNormal = 100, kUniform = 10, kGathered = 2;  // operations that a random number and a copied one are worth
  for (int width : training.noise) out.work += kNormal * rows * width;
  for (const Training::Mask& mask : training.masks) out.work += kUniform * rows * mask.width;
  if (training.poisson_sampling) out.work += kUniform * static_cast<double>(training.data[0]->rows()) / training.copies;
  if (training.gradient_noise)
    for (const Parameter* p : training.parameters) out.work += kNormal * static_cast<double>(p->value.size());
  for (const Matrix* data : training.data) out.work += kGathered * rows * static_cast<double>(data->cols());
  if (training.record_data) out.work += kGathered * rows * static_cast<double>(training.record_data->cols());
  out.work += work_of(program);
  program.keep(out.loss);
  out.executable = device.compile(std::move(program));
  return out;
}

/// What a save point keeps. The weights stay where they are and are packed only when somebody asks.
struct FitState {
  struct Weights {
    std::vector<Parameter*> all, kept;
    Matrix* record_data = nullptr;
    void pack(Packer& out) const {
      for (const Parameter* p : all) out.add(p->value), out.add(p->first), out.add(p->second), out.add(p->steps);
      for (const Parameter* p : kept) out.add(p->value);
      if (record_data) out.add(*record_data);
    }
    void unpack(Unpacker& in) {
      for (Parameter* p : all) in.get_same(p->value), get_moments(in, *p);
      for (Parameter* p : kept) in.get_same(p->value);
      if (record_data) in.get_same(*record_data);
    }
  } weights;
  double loss = 0;  // of the epoch so far: the sum over its rows
  double last = 0;  // of the epoch before: the mean
  static auto members(FitState& s) { return std::tie(s.weights, s.loss, s.last); }
};

/// The stream's uniform numbers `first`, `first` + 1, ... row by row, each below `keep` made 1 / keep and the others 0.
void fill_mask(Stream stream, std::uint64_t first, double keep, Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> out) {
  std::array<std::uint32_t, 4> words{};
  std::uint64_t at = first;
  const auto kept = static_cast<float>(1 / keep);
  for (Eigen::Index r = 0; r < out.rows(); ++r)
    for (Eigen::Index c = 0; c < out.cols(); ++c, ++at) {
      if (at % 4 == 0 || at == first) words = words_at(stream, at / 4);
      out(r, c) = words[at % 4] * 0x1p-32 < keep ? kept : 0.f;
    }
}

/// The rows of a step by Poisson sampling: of each record that enters, one of its copies.
std::vector<int> drawn_rows(Stream sample, Stream copy, int records, int copies, double share) {
  std::vector<int> rows;
  count_work(20. * records);
  for (int i = 0; i < records; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    if (uniform_at(sample, index) >= share) continue;
    rows.push_back(i + records * (copies > 1 ? static_cast<int>(uniform_at(copy, index) * copies) : 0));
  }
  return rows;
}

/// Writes what a step reads of the training: its rows, and the draws that belong to them. Draws are numbered by `step`, or by the rows
/// that were visited before it.
void write_batch(Recorded& r, const Training& training, std::span<const int> rows, Stream random, std::uint64_t step,
                 std::uint64_t visited) {
  for (std::size_t i = 0; i < training.data.size(); ++i) r.executable->gather(r.batch.data[i], *training.data[i], rows);
  const auto size = static_cast<Eigen::Index>(rows.size());
  if (training.record_data) {  // not gathered: a device keeps what it gathers from
    Matrix record_data(size, training.record_data->cols());
    for (Eigen::Index row = 0; row < size; ++row) record_data.row(row) = training.record_data->row(rows[static_cast<std::size_t>(row)]);
    r.executable->write(r.batch.record_data, record_data);
  }
  for (std::size_t i = 0; i < training.noise.size(); ++i)
    r.executable->normal(r.batch.noise[i], random.sub("noise").sub(i), visited * static_cast<std::uint64_t>(training.noise[i]));
  for (std::size_t i = 0; i < training.masks.size(); ++i) {
    const auto [width, keep] = training.masks[i];
    Matrix drawn(size, width);
    fill_mask(random.sub("mask").sub(i), visited * static_cast<std::uint64_t>(width), keep, drawn);
    r.executable->write(r.batch.masks[i], drawn);
  }
  for (std::size_t i = 0; i < r.batch.gradient_noise.size(); ++i)
    r.executable->normal(r.batch.gradient_noise[i], random.sub("gradient noise").sub(i).sub(step), 0);
}

std::string short_number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

[[noreturn]] void fail_diverged(const TrainSpec& spec, int epoch, bool before_first_step) {
  if (before_first_step) throw Failure(Message("refusal.training_start"));
  throw Failure(Message("refusal.training_diverged")
                    .with("epoch", std::to_string(epoch))
                    .with("rate", short_number(spec.learning_rate))
                    .with("try", short_number(spec.learning_rate / 10)));
}

}  // namespace

void get_moments(Unpacker& in, Parameter& p) {
  for (Matrix* moment : {&p.first, &p.second}) {
    in.get(*moment);
    Unpacker::expect(moment->size() == 0 || (moment->rows() == p.value.rows() && moment->cols() == p.value.cols()));
  }
  in.get_index(p.steps, 0, std::numeric_limits<int>::max());
}

Task fit(Context& context, std::string name, TrainSpec spec, Training training) {
  assert(!training.data.empty());
  const int rows = static_cast<int>(training.data.front()->rows());
  for ([[maybe_unused]] const Matrix* data : training.data) assert(data->rows() == rows);
  if (rows == 0) throw Failure(Message("refusal.no_records").with("training", name));
  for (Parameter* p : training.parameters) p->first.resize(0, 0), p->second.resize(0, 0), p->steps = 0;

  assert(rows % training.copies == 0 && (training.poisson_sampling || training.copies == 1));
  const bool poisson_sampling = training.poisson_sampling;
  const int records = rows / training.copies;
  const int batch = std::min(spec.batch, records), whole = records / batch, tail = poisson_sampling ? 0 : records % batch;
  const auto steps_before = [&](int epoch) {
    if (!poisson_sampling) return std::int64_t{epoch} * (whole + (tail ? 1 : 0));
    return (std::int64_t{epoch} * records + batch - 1) / batch;
  };
  const int steps = static_cast<int>(steps_before(1));  // of an epoch; by Poisson sampling, at most
  const std::int64_t all_steps = steps_before(spec.epochs);
  // By Poisson sampling batches have many sizes: each is filled up to the next of a few, which are recorded when they are met.
  const int size_step = poisson_sampling ? std::max(8, (batch + 7) / 8) : 1;
  std::map<int, Recorded> recorded;
  const auto of_size = [&](int count) -> Recorded& {
    const int size = std::max(1, (count + size_step - 1) / size_step) * size_step;
    const auto found = recorded.find(size);
    if (found != recorded.end()) return found->second;
    return recorded[size] = record(context.device, spec, training, size, poisson_sampling ? batch : size);
  };

  // Small steps share a turn, so that a turn is worth its tick. Counted, not timed: ticks are the same on every machine.
  constexpr double kWorkOfTurn = 1e7;
  const int steps_of_turn = std::clamp(static_cast<int>(kWorkOfTurn / of_size(batch).work), 1, steps);
  if (tail) of_size(tail);
  const int turns = (steps + steps_of_turn - 1) / steps_of_turn;  // of an epoch
  if (std::int64_t{turns} * spec.epochs > std::numeric_limits<int>::max())
    throw Failure(Message("refusal.too_many_steps").with("training", name));

  const Stream random = context.random.sub(name), shuffle = random.sub("shuffle"), sample = random.sub("sample"), copy = random.sub("copy");
  const bool remote = context.device.remote();
  Matrix present;

  context.progress.total = spec.epochs;
  FitState state{{training.parameters, training.kept, training.record_data}};
  std::vector<int> order;
  int order_epoch = -1;
  Matrix loss, rate(1, 1), progress(1, 1);
  for (Loop turn(context, name, turns * spec.epochs, state); turn; co_await turn.next()) {
    const int epoch = *turn / turns;
    if (!poisson_sampling && epoch != order_epoch)
      order = permutation(shuffle.sub(static_cast<std::uint64_t>(epoch)), rows), order_epoch = epoch;
    if (training.before_epoch && *turn % turns == 0) co_await training.before_epoch(epoch);
    const std::int64_t epoch_end = steps_before(epoch + 1);
    const std::int64_t begin = steps_before(epoch) + std::int64_t{*turn % turns} * steps_of_turn,
                       end = std::min(begin + steps_of_turn, epoch_end);
    if (remote) context.saves.hold();
    for (std::int64_t step = begin; step < end; ++step) {
      const auto number = static_cast<std::uint64_t>(step);
      const int first = static_cast<int>(step - steps_before(epoch)) * batch;
      if (poisson_sampling)
        order = drawn_rows(sample.sub(number), copy.sub(number), records, training.copies, static_cast<double>(batch) / records);
      const int count = poisson_sampling ? static_cast<int>(order.size()) : std::min(batch, rows - first);
      Recorded& r = of_size(count);
      const int size = r.batch.rows;
      if (poisson_sampling) {
        order.resize(static_cast<std::size_t>(size), 0);
        present.setZero(size, 1);
        present.topRows(count).setOnes();
        r.executable->write(r.batch.present, present);
      }
      const std::span<const int> chosen(order.data() + (poisson_sampling ? 0 : first), static_cast<std::size_t>(size));
      // Numbered by the rows visited so far, so that neither slices nor save points change a draw.
      const std::uint64_t visited =
          poisson_sampling ? number * static_cast<std::uint64_t>(rows + size_step)
                           : static_cast<std::uint64_t>(epoch) * static_cast<std::uint64_t>(rows) + static_cast<std::uint64_t>(first);
      write_batch(r, training, chosen, random, number, visited);
      progress(0, 0) = static_cast<float>(static_cast<double>(step) / static_cast<double>(all_steps));
      r.executable->write(r.batch.progress, progress);
      rate(0, 0) = static_cast<float>(learning_rate(spec, step, all_steps));
      r.executable->write(r.rate, rate);
      // A step of several parts is a turn of its own, so that what is saved between them are the weights before it.
      if (steps_of_turn == 1) {
        while (r.executable->run_part()) co_await Tick{};
      } else {
        r.executable->run();
      }
      while (!r.executable->read(r.loss, loss)) co_await Tick{};
      if (!std::isfinite(loss(0, 0))) fail_diverged(spec, epoch + 1, step == 0);
      state.loss += double{loss(0, 0)} * r.batch.expected;
    }
    // Fetching weights from a device costs as much as a step: only when somebody looks at them.
    if (!remote || context.saves.asked() || *turn % turns == turns - 1) {
      for (auto& [size, r] : recorded)
        while (!r.executable->sync()) co_await Tick{};
      context.saves.release();
    }
    if (*turn % turns == turns - 1) {
      state.last = state.loss / records;
      state.loss = 0;
      context.progress.done = epoch + 1;
      context.progress.live["loss"] = state.last;
      if (training.after_epoch) training.after_epoch(epoch + 1, state.last);
    }
  }
  context.progress.done = spec.epochs;
  context.progress.live["loss"] = state.last;  // where all of it had been done before
}

}  // namespace mid
