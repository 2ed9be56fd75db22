#include "mid/attack/search/class_search.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mid/nn/fit.hpp"

namespace mid {
namespace {

constexpr int kPathSteps = 16;      // pictures of a path, about
constexpr float kHopeless = 1e-6f;  // below this confidence a normalised step follows ln p_t (method.md 4.1)

/// The search as one Program: a run gives each row's cost at its present code and takes a step.
struct Recorded {
  Var noise, rate, cost, surprise;
  std::unique_ptr<Executable> executable;
};

/// Draws of the network's noise a step; 0: it has none, or the attacker takes it out.
int draws_of(const Network& network, const ClassSearch& search) {
  if (!network.stochastic || search.adversary == "mean") return 0;
  return search.adversary == "naive" ? 1 : search.draws;
}

/// The direction of length 1; 0 where there is none.
Var unit(Program& p, Var g) {
  const Var length = p.sqrt(p.sum_cols(p.mul(g, g)));
  constexpr float kTiny = 1e-20f;
  return p.div(g, p.spread_cols(p.shift(length, kTiny), p.cols(g)));
}

Recorded record(Device& device, Network& network, const PictureSpace& space, ClassSearch& search, const VectorXi& target, Parameter& codes,
                Parameter& velocity) {
  Program p;
  Recorded out;
  const int rows = static_cast<int>(target.size()), k = network.code_size();
  const Var code = p.parameter(codes);
  const Var picture = space.record_input(p, code);
  const Var x = network.record_normalised(p, picture);
  // Without noise z is mu. Draws differ after the bottleneck only, so what comes before is computed once.
  const NetworkVars v = network.record(p, x, p.full(rows, network.stochastic ? k : 0, 0));
  const int draws = draws_of(network, search);
  out.noise = p.input(rows, draws * k);
  std::vector<Var> logits;
  for (int d = 0; d < draws; ++d) {
    const Var z = p.add(v.mu, p.mul(v.sigma, p.columns(out.noise, d * k, k)));
    logits.push_back(p.dense(z, p.parameter(network.head.weight), p.parameter(network.head.bias)));
  }
  if (draws == 0) logits.push_back(v.logits);

  Var cost{}, surprise{};
  const auto add = [&](Var& sum, Var one) { sum = sum.id < 0 ? one : p.add(sum, one); };
  const auto cost_of = [&](Var l, Var s) {
    return search.cost == "confidence" ? p.shift(p.scale(p.exp(p.scale(s, -1)), -1), 1)
           : search.cost == "lomma"    ? record_logit_cost(p, l, target)
                                       : s;
  };
  for (const Var l : logits) {
    const Var s = record_surprise(p, l, target);
    add(surprise, s), add(cost, cost_of(l, s));
  }
  const float share = 1.f / static_cast<float>(logits.size());
  out.surprise = p.scale(surprise, share);
  cost = p.scale(cost, share);
  for (Network& student : search.students) {
    const Var l = student.record(p, student.record_normalised(p, picture)).logits;
    cost = p.add(cost, cost_of(l, record_surprise(p, l, target)));
  }
  out.cost = p.scale(cost, static_cast<float>(search.weight) / static_cast<float>(1 + search.students.size()));
  if (search.cost == "lomma") {
    // Without the noise: it would pull the search towards its own draws.
    const Var inside = network.stochastic ? v.mu : network.bottleneck ? v.z : v.features;
    const Var off = p.mul(p.sub(inside, p.spread_rows(p.constant(search.feature_mean), rows)),
                          p.spread_rows(p.constant(search.feature_sd.cwiseInverse()), rows));
    out.cost = p.add(out.cost, p.scale(p.sum_cols(p.mul(off, off)), 1.f / static_cast<float>(p.cols(inside))));
  }
  if (search.critic_weight > 0)
    out.cost = p.sub(out.cost, p.scale(space.record_critic(p, picture), static_cast<float>(search.critic_weight)));
  if (search.l2_weight > 0) {
    const Var away = p.sub(code, p.spread_rows(p.constant(space.start()), rows));
    out.cost = p.add(out.cost, p.scale(p.sum_cols(p.mul(away, away)), static_cast<float>(search.l2_weight / 2)));
  }
  // Rows do not touch each other: the sum's gradient is each row's own.
  const std::vector<Var> of{code};
  Var g = p.gradient(p.sum(out.cost), of)[0];
  out.rate = p.input(1, 1);
  if (search.optimizer == "adam") {
    p.adam(code, g, out.rate);
  } else if (search.optimizer == "nesterov") {
    // Both updates see the values before the step, so both are written by the old velocity: v' = m v - rate g.
    const auto m = static_cast<float>(search.momentum);
    const Var before = p.parameter(velocity), one = p.full(1, 1, 1);
    const Var kept = p.scale(before, m), after = p.sub(kept, p.scale(g, static_cast<float>(search.learning_rate)));
    p.sgd(code, p.sub(kept, p.scale(after, 1 + m)), one);
    p.sgd(before, p.sub(before, after), one);
  } else {
    if (search.optimizer == "unit") {
      const Var sure = p.step(p.shift(p.exp(p.scale(out.surprise, -1)), -kHopeless), 0);
      const Var sure_wide = p.spread_cols(sure, p.cols(code));
      const Var of_log = p.gradient(p.sum(out.surprise), of)[0];
      g = unit(p, p.add(p.mul(sure_wide, g), p.mul(p.shift(p.scale(sure_wide, -1), 1), of_log)));
    }
    p.sgd(code, g, out.rate);
  }
  p.keep(out.cost), p.keep(out.surprise);
  out.executable = device.compile(std::move(p));
  return out;
}

/// What a save point keeps.
struct State {
  Parameter code, velocity;
  std::vector<StopRule> rules;
  ClassCodes found;
  void pack(Packer& out) const {
    out.add(code.value), out.add(code.first), out.add(code.second), out.add(code.steps), out.add(velocity.value);
    for (const StopRule& rule : rules) out.add(rule);
    out.add(found.code), out.add(found.cost), out.add(found.confidence), out.add(found.best_step), out.add(found.steps);
    out.add(found.path.step), out.add(found.path.code), out.add(found.path.confidence);
  }
  void unpack(Unpacker& in) {
    in.get_same(code.value), get_moments(in, code), in.get_same(velocity.value);
    for (StopRule& rule : rules) in.get(rule);
    in.get_same(found.code), in.get_same(found.cost), in.get_same(found.confidence), in.get_same(found.best_step),
        in.get_index(found.steps, 0, std::numeric_limits<int>::max());
    in.get(found.path.step), in.get(found.path.code), in.get(found.path.confidence);
    const auto frames = static_cast<Eigen::Index>(found.path.step.size());
    Unpacker::expect(found.path.code.rows() == frames * code.value.rows() && (frames == 0 || found.path.code.cols() == code.value.cols()));
    Unpacker::expect(found.path.confidence.rows() == frames && (frames == 0 || found.path.confidence.cols() == code.value.rows()));
    Unpacker::expect(found.best_step.size() == 0 || (found.best_step.minCoeff() >= 0 && found.best_step.maxCoeff() <= found.steps));
  }
  static auto members(State& s) { return std::tie(s); }
};

/// The steps that a path shows: 0, 1 and then ever further apart, because a search changes most at its beginning.
std::vector<int> path_steps(int steps) {
  std::vector<int> out{0};
  for (int i = 0; i < kPathSteps; ++i) {
    const int next = static_cast<int>(std::lround(std::pow(static_cast<double>(steps), i / (kPathSteps - 1.0))));
    if (next > out.back()) out.push_back(next);
  }
  return out;
}

/// Adds step `at`, whose pictures are `code`, to the path.
void add_to_path(int at, const Matrix& code, const Matrix& surprise, const std::vector<StopRule>& rules, ClassCodes& found) {
  SearchPath& path = found.path;
  const Eigen::Index rows = code.rows(), frames = static_cast<Eigen::Index>(path.step.size());
  path.step.push_back(at);
  path.code.conservativeResize((frames + 1) * rows, code.cols());
  path.confidence.conservativeResize(frames + 1, rows);
  for (Eigen::Index c = 0; c < rows; ++c) {
    const bool ended = rules[static_cast<std::size_t>(c)].ended();
    path.code.row(frames * rows + c) = (ended ? found.code : code).row(c);
    path.confidence(frames, c) = ended ? found.confidence[c] : std::exp(-double{surprise(c, 0)});
  }
}

}  // namespace

void ClassCodes::take(Eigen::Index c, const ClassCodes& from) {
  code.row(c) = from.code.row(c), cost[c] = from.cost[c], confidence[c] = from.confidence[c], best_step[c] = from.best_step[c];
  // Searches that a number that is none broke off are shorter: what they came to stands for the rest.
  const auto frames = static_cast<Eigen::Index>(path.step.size()), theirs = static_cast<Eigen::Index>(from.path.step.size());
  for (Eigen::Index k = 0; k < frames; ++k) {
    const Eigen::Index at = std::min(k, theirs - 1);
    path.code.row(k * code.rows() + c) = from.path.code.row(at * code.rows() + c), path.confidence(k, c) = from.path.confidence(at, c);
  }
}

bool StopRule::is_best(double cost) {
  if (ended_) return false;
  if (!std::isfinite(cost)) {
    ended_ = true;
    return false;
  }
  const bool better = cost < best_;
  if (better) best_ = cost;
  if (static_cast<int>(recent_.size()) == patience_) {
    ended_ = cost >= *std::max_element(recent_.begin(), recent_.end());
    recent_.erase(recent_.begin());
  }
  recent_.push_back(cost);
  ended_ = ended_ || cost <= cost_threshold_;
  return better;
}

void StopRule::unpack(Unpacker& in) {
  int ended = 0;
  in.get(recent_), in.get(best_), in.get_index(ended, 0, 2);
  Unpacker::expect(recent_.size() <= static_cast<std::size_t>(patience_));
  ended_ = ended != 0;
}

std::vector<std::string> adversaries(const Network& network, const std::string& chosen) {
  return network.stochastic ? std::vector<std::string>{"naive", "eot", "mean"} : std::vector<std::string>{chosen};
}

Var record_logit_cost(Program& p, Var logits, const VectorXi& target) {
  assert(p.rows(logits) == target.size());
  Matrix wanted = Matrix::Zero(target.size(), p.cols(logits));
  for (Eigen::Index i = 0; i < target.size(); ++i)
    if (wanted.cols() == 1)
      wanted(i, 0) = target[i] == 1 ? -1.f : 1.f;
    else
      wanted(i, target[i]) = -1;
  return p.sum_cols(p.mul(logits, p.constant(std::move(wanted))));
}

Var record_surprise(Program& p, Var logits, const VectorXi& target) {
  assert(p.rows(logits) == target.size());
  const int classes = p.cols(logits);
  Matrix wanted = Matrix::Zero(target.size(), classes);
  if (classes == 1) {  // p_1 = sigmoid(l): -ln p_t = softplus(-l) for class 1, softplus(l) for class 0
    for (Eigen::Index i = 0; i < target.size(); ++i) wanted(i, 0) = target[i] == 1 ? -1.f : 1.f;
    return p.softplus(p.mul(logits, p.constant(std::move(wanted))));
  }
  for (Eigen::Index i = 0; i < target.size(); ++i) wanted(i, target[i]) = -1;
  return p.sum_cols(p.mul(p.log_softmax(logits), p.constant(std::move(wanted))));
}

Task search_classes(Context& context, const Network& network, const PictureSpace& space, ClassSearch search, std::string name, Matrix start,
                    ClassCodes& out) {
  const int rows = network.classes;
  VectorXi target(rows);
  for (int i = 0; i < rows; ++i) target[i] = i;
  Network copy = network;  // a Program refers to weights that could change
  State state;
  assert(start.rows() == rows && start.cols() == space.numbers());
  state.code.value = std::move(start);
  state.velocity.value.setZero(rows, space.numbers());
  state.rules.assign(static_cast<std::size_t>(rows), StopRule(search.patience, search.cost_threshold));
  state.found.code = state.code.value;
  state.found.cost = VectorXd::Constant(rows, std::numeric_limits<double>::infinity());
  state.found.confidence = VectorXd::Zero(rows), state.found.best_step = VectorXi::Zero(rows);
  const Recorded recorded = record(context.device, copy, space, search, target, state.code, state.velocity);

  const Stream draw = context.random.sub(name);
  Matrix noise(rows, draws_of(copy, search) * copy.code_size()), rate(1, 1), cost, surprise, before;
  rate(0, 0) = static_cast<float>(search.learning_rate);
  const std::vector<int> shown = path_steps(search.steps);
  recorded.executable->write(recorded.rate, rate);
  // One turn more than steps: the last picture is judged, too.
  for (Loop turn(context, name, search.steps + 1, state); turn; co_await turn.next()) {
    if (noise.size() != 0) {
      fill_normal(draw, static_cast<std::uint64_t>(*turn) * static_cast<std::uint64_t>(noise.size()), noise);
      recorded.executable->write(recorded.noise, noise);
    }
    before = state.code.value;
    while (recorded.executable->run_part()) co_await Tick{};
    while (!recorded.executable->read(recorded.cost, cost)) co_await Tick{};
    while (!recorded.executable->read(recorded.surprise, surprise)) co_await Tick{};
    while (!recorded.executable->sync()) co_await Tick{};
    space.keep_inside(state.code.value);
    if (search.limit > 0) {
      const auto most = static_cast<float>(search.limit);
      state.code.value = state.code.value.cwiseMax(-most).cwiseMin(most);
    }
    bool all_ended = true;
    for (int i = 0; i < rows; ++i) {
      StopRule& rule = state.rules[static_cast<std::size_t>(i)];
      if (rule.is_best(cost(i, 0))) {
        state.found.code.row(i) = before.row(i);
        state.found.cost[i] = cost(i, 0);
        state.found.confidence[i] = std::exp(-double{surprise(i, 0)}), state.found.best_step[i] = *turn;
      }
      all_ended = all_ended && rule.ended();
    }
    state.found.steps = *turn;
    if (all_ended || std::binary_search(shown.begin(), shown.end(), *turn)) add_to_path(*turn, before, surprise, state.rules, state.found);
    context.progress.done = *turn;
    if (all_ended) {
      turn.stop();
      break;
    }
  }
  out = state.found;
}

Task draw_found(Context& context, const PictureSpace& space, ClassCodes found, std::string adversary, std::string chosen,
                AttackResult& out) {
  Matrix drawn;
  co_await space.draw(context, found.code, drawn);
  if (adversary != chosen) {
    out.more_pictures[adversary].push_back(std::move(drawn));
    co_return;
  }
  out.pictures.push_back(std::move(drawn));
  out.notes["target_confidence"] = found.confidence.mean();
  out.path = {found.path.step, {}, found.path.confidence, found.best_step};
  const Eigen::Index rows = found.code.rows();
  for (std::size_t k = 0; k < found.path.step.size(); ++k) {
    Matrix frame;
    co_await space.draw(context, found.path.code.middleRows(static_cast<Eigen::Index>(k) * rows, rows), frame);
    out.path.pictures.push_back(std::move(frame));
  }
}

}  // namespace mid
