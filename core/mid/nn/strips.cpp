#include "mid/nn/strips.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace mid {
namespace {

/// Less than this many floats (4 MB) is not worth strips.
constexpr std::size_t kSmall = std::size_t{1} << 20;

std::size_t at(int id) { return static_cast<std::size_t>(id); }
std::array<int, 3> operands_of(const Node& n) { return {n.a, n.b, n.c}; }
bool has_value(const Node& n) { return info(n.op).family != OpFamily::update && n.op != Op::parameter && n.op != Op::constant; }
std::size_t size_of(const Node& n) { return at(n.rows) * at(n.cols); }

/// How far a node is while the nodes are put into stretches.
enum class State : char {
  done,   // computed before the open strips begin, or filled from outside
  strip,  // in the open strips, record by record
  sum,    // in the open strips, whole at their end only
  after   // computed whole after the open strips
};

class Planner {
 public:
  Planner(const std::vector<Node>& nodes, int records) : nodes_(nodes), records_(records), states_(nodes.size()) {}

  std::vector<Stretch> stretches() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const OpFamily family = info(nodes_[i].op).family;
      if (family != OpFamily::source && family != OpFamily::update) put(i);
    }
    close();
    return std::move(stretches_);
  }

 private:
  bool is(int id, State state) const { return id >= 0 && states_[at(id)] == state; }
  bool any(const Node& n, State state) const {
    return std::ranges::any_of(operands_of(n), [&](int id) { return is(id, state); });
  }

  /// Whether a record of the result depends on the same record of the operands (and on whole values) alone.
  bool by_record(const Node& n) const {
    if (records_ == 0 || n.rows == 0 || n.rows % records_ != 0) return false;
    switch (info(n.op).family) {
      case OpFamily::product: return !n.transpose_a;
      case OpFamily::parts: return n.parts % records_ == 0;
      case OpFamily::shape: return nodes_[at(n.a)].rows % records_ == 0;
      case OpFamily::whole: return false;
      case OpFamily::reduce: return n.op == Op::sum_cols;
      default: return true;
    }
  }
  /// The operands that must be whole before a strip of the result can be computed.
  bool lacks_whole(const Node& n) const {
    const auto is_open = [&](int id) { return id >= 0 && states_[at(id)] != State::done; };
    if (info(n.op).family == OpFamily::product) return is_open(n.b) || is_open(n.c);
    return n.op == Op::spread_rows && is_open(n.a);
  }
  bool is_sum(const Node& n) const {
    if (records_ == 0 || !is_sum_over_records(n) || nodes_[at(n.a)].rows % records_ != 0) return false;
    return is(n.a, State::strip) || is(n.b, State::strip);
  }

  void put(std::size_t i) {
    const Node& n = nodes_[i];
    if (by_record(n)) {
      // What needs a sum over all records begins new strips, after those that make the sum.
      if (any(n, State::sum) || any(n, State::after) || lacks_whole(n)) close();
      states_[i] = State::strip;
      open_.push_back(i);
    } else if (any(n, State::sum) || any(n, State::after)) {
      states_[i] = State::after;
      after_.push_back(i);
    } else if (is_sum(n)) {
      states_[i] = State::sum;
      open_.push_back(i);
    } else if (any(n, State::strip)) {
      states_[i] = State::after;
      after_.push_back(i);
    } else {
      before_.push_back(i);
    }
  }

  void close() {
    std::size_t numbers = 0;
    bool table = false;
    for (std::size_t i : open_) {
      numbers += size_of(nodes_[i]);
      table = table || info(nodes_[i].op).family == OpFamily::table;
      states_[i] = State::done;
    }
    for (std::size_t i : after_) states_[i] = State::done;
    append(before_, false), append(open_, table && numbers > kSmall), append(after_, false);
  }
  void append(std::vector<std::size_t>& nodes, bool in_strips) {
    if (!nodes.empty()) stretches_.push_back({std::move(nodes), in_strips});
    nodes.clear();
  }

  const std::vector<Node>& nodes_;
  int records_;  // 0: no strips
  std::vector<State> states_;
  std::vector<std::size_t> before_, open_, after_;  // the stretches being filled
  std::vector<Stretch> stretches_;
};

/// Where values lie. Some share their place: a reshaped value and its original, or the result of an elementwise operation and an operand
/// that nothing else needs any more.
class Layout {
 public:
  Layout(const Program& program, Schedule& schedule) : program_(program), nodes_(program.nodes()), schedule_(schedule) {}

  void place() {
    find_users();
    owner_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) owner_[i] = i;
    for (const Stretch& s : schedule_.stretches)
      for (std::size_t i : s.nodes) share(i);
    schedule_.places.resize(nodes_.size());
    place_in_strip();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!has_value(nodes_[i]) || owner_[i] != i || local_[i]) continue;
      schedule_.places[i] = {schedule_.whole_numbers, false};
      schedule_.whole_numbers += padded(size_of(nodes_[i]));
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) schedule_.places[i] = schedule_.places[owner_[i]];
  }

 private:
  /// When each node is computed and last needed, and whether only one strip of it is needed at a time.
  void find_users() {
    const std::size_t count = nodes_.size();
    stretch_.assign(count, 0), step_.assign(count, 0), last_.assign(count, 0), local_.assign(count, 0);
    std::size_t step = 0, stretch = 0;
    for (const Stretch& s : schedule_.stretches) {
      ++stretch;
      for (std::size_t i : s.nodes) {
        step_[i] = last_[i] = ++step, stretch_[i] = stretch;
        local_[i] = s.in_strips && !program_.is_kept({static_cast<int>(i)}) && !is_sum_over_records(nodes_[i]);
      }
    }
    for (std::size_t i = 0; i < count; ++i)
      for (int id : operands_of(nodes_[i]))
        if (id >= 0) {
          last_[at(id)] = std::max(last_[at(id)], step_[i]);
          if (stretch_[i] != stretch_[at(id)]) local_[at(id)] = 0;  // updates are in none, so they need whole values
        }
  }

  /// Whether the result may be written over an operand: log_softplus reads its operand again, and compilers do not vectorise the loop of
  /// step where they cannot tell the two apart.
  static bool writes_over(const Node& n) { return info(n.op).family == OpFamily::element && n.op != Op::log_softplus && n.op != Op::step; }

  /// Gives node i the place of an operand where it can have it.
  void share(std::size_t i) {
    const Node& n = nodes_[i];
    if (n.op == Op::reshape && has_value(nodes_[at(n.a)])) {
      const std::size_t to = owner_[at(n.a)];
      // What is only read otherwise stays where it is; one strip of it is enough only if it is enough for both.
      if (local_[to] && !local_[i]) local_[to] = 0;
      join(i, to);
    } else if (local_[i] && writes_over(n)) {
      for (int id : operands_of(n))
        if (id >= 0 && has_value(nodes_[at(id)])) {
          const std::size_t to = owner_[at(id)];
          if (local_[to] && last_[to] == step_[i] && owner_[i] == i && size_of(nodes_[to]) == size_of(n)) join(i, to);
        }
    }
  }
  void join(std::size_t i, std::size_t to) {
    owner_[i] = to;
    last_[to] = std::max(last_[to], last_[i]);
  }

  /// Largest first, each at the lowest place that is free for as long as it is needed.
  void place_in_strip() {
    if (schedule_.strips.empty()) return;
    int most = 0;
    for (std::size_t s = 0; s < schedule_.strip_count(); ++s) most = std::max(most, schedule_.strips[s + 1] - schedule_.strips[s]);
    const auto numbers = [&](std::size_t i) { return padded(size_of(nodes_[i]) / at(schedule_.records()) * at(most)); };
    std::vector<std::size_t> order, placed;  // the second one by place
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (local_[i] && owner_[i] == i) order.push_back(i);
    std::ranges::stable_sort(order, std::greater(), numbers);
    for (std::size_t i : order) {
      std::size_t first = 0;
      for (std::size_t other : placed) {
        const std::size_t begin = schedule_.places[other].first;
        const bool together = step_[i] <= last_[other] && step_[other] <= last_[i];
        if (together && begin < first + numbers(i)) first = std::max(first, begin + numbers(other));
      }
      schedule_.places[i] = {first, true};
      schedule_.strip_numbers = std::max(schedule_.strip_numbers, first + numbers(i));
      placed.insert(std::ranges::upper_bound(placed, first, {}, [&](std::size_t x) { return schedule_.places[x].first; }), i);
    }
  }

  const Program& program_;
  const std::vector<Node>& nodes_;
  Schedule& schedule_;
  std::vector<std::size_t> stretch_, step_, last_;  // a node
  std::vector<char> local_;                         // whether one strip of it is enough
  std::vector<std::size_t> owner_;                  // whose place it shares
};

}  // namespace

bool is_sum_over_records(const Node& n) { return n.op == Op::sum_rows || (n.op == Op::matmul && n.transpose_a && !n.transpose_b); }

Schedule schedule_of(const Program& program, int strip_records) {
  // Convolutions and pooling are tables, and their rows are the records.
  std::size_t most = 0;
  int records = 0;
  for (const Node& n : program.nodes())
    if (info(n.op).family == OpFamily::table && size_of(n) > most) most = size_of(n), records = n.rows;
  const bool can = strip_records > 0 && records >= 2 * strip_records;
  Schedule schedule;
  schedule.stretches = Planner(program.nodes(), can ? records : 0).stretches();
  if (std::ranges::any_of(schedule.stretches, &Stretch::in_strips)) {
    for (int first = 0; first + strip_records <= records; first += strip_records) schedule.strips.push_back(first);
    schedule.strips.push_back(records);
  }
  Layout(program, schedule).place();
  return schedule;
}

}  // namespace mid
