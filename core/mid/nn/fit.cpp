#include "mid/nn/fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>

namespace mid {

std::vector<Param> TrainSpec::params() {
  using S = TrainSpec;
  return {
      choice(&S::optimizer, "optimizer", {"adam", "sgd"}, "How weights follow the gradient: Adam, or plain descent with momentum."),
      param(&S::learning_rate, "learning_rate", 1e-6, 10, "", "How far one step moves the weights."),
      choice(&S::schedule, "schedule", {"cosine", "constant"},
             "Whether the learning rate falls to 0 over the training along half a cosine, or stays."),
      param(&S::batch, "batch", 1, 4096, "records", "Records that one step looks at."),
      param(&S::epochs, "epochs", 1, 10000, "rounds", "How often the training visits every record."),
      param(&S::momentum, "momentum", 0, .999, "", "Part of the last step that the next one keeps (sgd only)."),
      param(&S::weight_decay, "weight_decay", 0, 1, "", "Pull of every weight towards 0, added to its gradient."),
      param(&S::shifts, "shifts", 0, 8, "pixels",
            "Also train on the pictures moved this far in the four directions; 0: only the pictures as they are."),
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
  for (const Node& n : program.nodes()) {
    const double size = static_cast<double>(n.rows) * n.cols;
    switch (info(n.op).family) {
      case OpFamily::product: {
        const Node& a = program.nodes()[static_cast<std::size_t>(n.a)];
        work += 2 * size * (n.transpose_a ? a.rows : a.cols);
        break;
      }
      case OpFamily::update: work += 20. * static_cast<double>(n.parameter->value.size()); break;
      default: work += 5 * size;
    }
  }
  return work;
}

Recorded record(Device& device, const TrainSpec& spec, const Training& training, int rows) {
  Program program;
  Recorded out;
  out.batch.rows = rows;
  for (const Matrix* data : training.data) out.batch.data.push_back(program.input(rows, static_cast<int>(data->cols())));
  for (int width : training.noise) out.batch.noise.push_back(program.input(rows, width));
  out.rate = program.input(1, 1);
  out.loss = training.loss(program, out.batch);
  assert(program.rows(out.loss) == 1 && program.cols(out.loss) == 1);

  std::vector<Var> weights;
  for (Parameter* p : training.parameters) weights.push_back(program.parameter(*p));
  const std::vector<Var> gradient = program.gradient(out.loss, weights);
  const auto decay = static_cast<float>(spec.weight_decay), momentum = static_cast<float>(spec.momentum);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (spec.optimizer == "sgd") program.sgd(weights[i], gradient[i], out.rate, momentum, decay);
    else program.adam(weights[i], gradient[i], out.rate, decay);
  }
  constexpr double kNormal = 100, kGathered = 2;  // operations that a random normal and a copied number are worth
  for (int width : training.noise) out.work += kNormal * rows * width;
  for (const Matrix* data : training.data) out.work += kGathered * rows * static_cast<double>(data->cols());
  out.work += work_of(program);
  out.executable = device.compile(std::move(program));
  return out;
}

/// What a save point keeps. The weights stay where they are and are packed only when somebody asks.
struct FitState {
  struct Weights {
    std::vector<Parameter*> all;
    void pack(Packer& out) const {
      for (const Parameter* p : all) out.add(p->value), out.add(p->first), out.add(p->second), out.add(p->steps);
    }
    void unpack(Unpacker& in) {
      for (Parameter* p : all) {
        const auto rows = p->value.rows(), cols = p->value.cols();
        in.get(p->value), in.get(p->first), in.get(p->second), in.get(p->steps);
        if (p->value.rows() != rows || p->value.cols() != cols)
          throw Failure("a saved training is of a network of another shape; clear the cache with `mid cache clear`");
      }
    }
  } weights;
  double loss = 0;  // of the epoch so far: the sum over its rows
  static auto members(FitState& s) { return std::tie(s.weights, s.loss); }
};

std::string short_number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", v);
  return text;
}

[[noreturn]] void fail_diverged(const TrainSpec& spec, int epoch, bool before_first_step) {
  if (before_first_step)
    throw Failure("training cannot begin: the loss is not a number before the first step; an input or a starting weight is "
                  "infinite or not a number");
  throw Failure("training stopped being a number in epoch " + std::to_string(epoch) + ": the learning rate " +
                short_number(spec.learning_rate) + " is too large; try " + short_number(spec.learning_rate / 10));
}

}  // namespace

Task fit(Context& context, std::string name, TrainSpec spec, Training training) {
  assert(!training.data.empty());
  const int rows = static_cast<int>(training.data.front()->rows());
  for ([[maybe_unused]] const Matrix* data : training.data) assert(data->rows() == rows);
  if (rows == 0) throw Failure("training '" + name + "' has no records to learn from");
  for (Parameter* p : training.parameters) p->first.resize(0, 0), p->second.resize(0, 0), p->steps = 0;

  const int batch = std::min(spec.batch, rows), whole = rows / batch, tail = rows % batch;
  const int steps = whole + (tail ? 1 : 0);  // of an epoch
  const std::int64_t all_steps = std::int64_t{steps} * spec.epochs;
  Recorded full = record(context.device, spec, training, batch), last;
  if (tail) last = record(context.device, spec, training, tail);

  // Small steps share a turn, so that a turn is worth its tick. Counted, not timed: ticks are the same on every machine.
  constexpr double kWorkOfTurn = 1e7;
  const int steps_of_turn = std::clamp(static_cast<int>(kWorkOfTurn / full.work), 1, steps);
  const int turns = (steps + steps_of_turn - 1) / steps_of_turn;  // of an epoch
  if (std::int64_t{turns} * spec.epochs > std::numeric_limits<int>::max())
    throw Failure("training '" + name + "' has more steps than can be counted; ask for fewer epochs or a larger batch");

  const Stream shuffle = context.random.sub(name).sub("shuffle");
  std::vector<Stream> noise_stream;
  std::vector<Matrix> noise;
  for (std::size_t i = 0; i < training.noise.size(); ++i) {
    noise_stream.push_back(context.random.sub(name).sub("noise").sub(i));
    noise.emplace_back(batch, training.noise[i]);
  }

  context.progress.total = spec.epochs;
  FitState state{{training.parameters}};
  std::vector<int> order;
  int order_epoch = -1;
  Matrix loss, rate(1, 1);
  for (Loop turn(context, name, turns * spec.epochs, state); turn; co_await turn.next()) {
    const int epoch = *turn / turns;
    if (epoch != order_epoch) order = permutation(shuffle.sub(static_cast<std::uint64_t>(epoch)), rows), order_epoch = epoch;
    const int begin = *turn % turns * steps_of_turn, end = std::min(begin + steps_of_turn, steps);
    for (int s = begin; s < end; ++s) {
      Recorded& r = s < whole ? full : last;
      const int first = s * batch, count = r.batch.rows;
      const std::span<const int> chosen(order.data() + first, static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < training.data.size(); ++i) r.executable->gather(r.batch.data[i], *training.data[i], chosen);
      for (std::size_t i = 0; i < noise.size(); ++i) {
        // Numbered by the rows visited so far, so that neither slices nor save points change a draw.
        const std::uint64_t visited = static_cast<std::uint64_t>(epoch) * static_cast<std::uint64_t>(rows) + static_cast<std::uint64_t>(first);
        auto drawn = noise[i].topRows(count);
        fill_normal(noise_stream[i], visited * static_cast<std::uint64_t>(training.noise[i]), drawn);
        r.executable->write(r.batch.noise[i], drawn);
      }
      const std::int64_t step = std::int64_t{epoch} * steps + s;
      rate(0, 0) = static_cast<float>(learning_rate(spec, step, all_steps));
      r.executable->write(r.rate, rate);
      r.executable->run();
      while (!r.executable->read(r.loss, loss)) co_await Tick{};
      if (!std::isfinite(loss(0, 0))) fail_diverged(spec, epoch + 1, step == 0);
      state.loss += double{loss(0, 0)} * count;
    }
    while (!full.executable->sync()) co_await Tick{};
    if (end == steps) {
      const double mean = state.loss / rows;
      state.loss = 0;
      context.progress.done = epoch + 1;
      context.progress.live["loss"] = mean;
      if (training.after_epoch) training.after_epoch(epoch + 1, mean);
    }
  }
  context.progress.done = spec.epochs;
}

}  // namespace mid
