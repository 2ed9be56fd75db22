// Long work in slices: depth, errors, save points.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <stdexcept>
#include <vector>

#include "mid/base/context.hpp"
#include "mid/nn/device.hpp"

using namespace mid;

namespace {

struct Bench {
  std::unique_ptr<Device> device = cpu_device();
  Context context{*device, Stream{1, 0}};
};

Task count(int ticks, int& done) {
  for (int i = 0; i < ticks; ++i) {
    ++done;
    co_await Tick{};
  }
}

Task nested(int depth, int& deepest) {
  if (depth > deepest) deepest = depth;
  if (depth == 200000) {
    co_await Tick{};
  } else {
    co_await nested(depth + 1, deepest);
  }
}

Task nothing() { co_return; }

Task many(int children, int& done) {
  for (int i = 0; i < children; ++i) {
    co_await nothing();
    ++done;
  }
}

Task fails(int depth) {
  co_await Tick{};
  if (depth == 0) throw std::runtime_error("at the bottom");
  co_await fails(depth - 1);
}

Task catches(std::string& said) {
  try {
    co_await fails(3);
  } catch (const std::runtime_error& e) {
    said = e.what();
  }
  co_await Tick{};
  said += ", caught";
}

struct Sums {
  double total = 0;
  std::vector<int> seen;
  Matrix square = Matrix::Zero(2, 2);
  std::string word;
  static auto members(Sums& s) { return std::tie(s.total, s.seen, s.square, s.word); }
};

Task add_up(Context& context, int turns, Sums& sums) {
  for (Loop turn(context, "inner", turns, sums); turn; co_await turn.next()) {
    sums.total = sums.total * 1.1 + *turn;
    sums.seen.push_back(*turn);
    sums.square(*turn % 2, 1) += 1;
    sums.word += static_cast<char>('a' + *turn % 26);
  }
}

struct Outer {
  std::vector<double> totals;
  static auto members(Outer& o) { return std::tie(o.totals); }
};

/// A loop of loops, as sweeps and attacks have.
Task two_levels(Context& context, Outer& outer) {
  for (Loop turn(context, "outer", 3, outer); turn; co_await turn.next()) {
    Sums sums;
    for (Loop step(context, "inner-" + std::to_string(*turn), 5, sums); step; co_await step.next()) sums.total += *turn * 10 + *step;
    outer.totals.push_back(sums.total);
  }
}

Task stops(Context& context, Sums& sums) {
  for (Loop turn(context, "early", 100, sums); turn; co_await turn.next()) {
    sums.total += 1;
    if (*turn == 4) {
      turn.stop();
      break;
    }
  }
}

}  // namespace

TEST_CASE("a task runs from tick to tick", "[task]") {
  int done = 0;
  Task task = count(3, done);
  CHECK(done == 0);  // nothing before the first advance
  CHECK(task.advance());
  CHECK(done == 1);
  CHECK(task.advance());
  CHECK(task.advance());
  CHECK(done == 3);
  CHECK(!task.advance());
  int all = 0;
  finish(count(10, all));
  CHECK(all == 10);
}

TEST_CASE("tasks nest 200000 deep", "[task]") {
  int deepest = 0, ticks = 0;
  Task task = nested(0, deepest);
  while (task.advance()) ++ticks;
  CHECK(deepest == 200000);
  CHECK(ticks == 1);
}

TEST_CASE("three million children need no tick", "[task]") {
  int done = 0;
  Task task = many(3000000, done);
  CHECK(!task.advance());
  CHECK(done == 3000000);
}

TEST_CASE("what the work throws comes out of advance, or is caught by the task above", "[task]") {
  int ticks = 0;
  const auto run = [&] {
    Task task = fails(3);
    while (task.advance()) ++ticks;
  };
  CHECK_THROWS_MATCHES(run(), std::runtime_error, Catch::Matchers::Message("at the bottom"));
  CHECK(ticks == 4);
  std::string said;
  finish(catches(said));
  CHECK(said == "at the bottom, caught");
}

TEST_CASE("a task dropped in the middle frees what it held", "[task]") {
  int deepest = 0, done = 0;
  {
    Task task = nested(199990, deepest);
    task.advance();
    Task other = count(5, done);
    other.advance();
    other = std::move(task);
  }
  CHECK(done == 1);
}

TEST_CASE("a loop killed at any tick and resumed equals a whole one", "[task]") {
  Bench bench;
  Sums whole;
  finish(add_up(bench.context, 30, whole));
  for (int kill = 0; kill <= 31; ++kill) {
    std::string saved;
    {
      Bench before;
      Sums part;
      Task task = add_up(before.context, 30, part);
      for (int i = 0; i < kill; ++i) task.advance();
      saved = before.context.saves.pack();
    }
    Bench after;
    after.context.saves.unpack(saved);
    Sums rest;
    finish(add_up(after.context, 30, rest));
    INFO("killed after tick " << kill);
    CHECK(rest.total == whole.total);
    CHECK(rest.seen == whole.seen);
    CHECK(rest.square == whole.square);
    CHECK(rest.word == whole.word);
  }
}

TEST_CASE("nested loops resume where they stood", "[task]") {
  Bench bench;
  Outer whole;
  int ticks = 0;
  {
    Task task = two_levels(bench.context, whole);
    while (task.advance()) ++ticks;
  }
  CHECK(ticks == 3 * 5 + 3);
  for (int kill = 0; kill <= ticks; ++kill) {
    Bench before, after;
    Outer part, rest;
    Task task = two_levels(before.context, part);
    for (int i = 0; i < kill; ++i) task.advance();
    after.context.saves.unpack(before.context.saves.pack());
    int left = 0;
    Task again = two_levels(after.context, rest);
    while (again.advance()) ++left;
    INFO("killed after tick " << kill);
    CHECK(rest.totals == whole.totals);
    CHECK(left <= ticks - kill);
  }
}

TEST_CASE("a loop that stops early keeps its result and is not run again", "[task]") {
  Bench bench;
  Sums sums;
  finish(stops(bench.context, sums));
  CHECK(sums.total == 5);
  Bench later;
  later.context.saves.unpack(bench.context.saves.pack());
  Sums again;
  finish(stops(later.context, again));
  CHECK(again.total == 5);
}

TEST_CASE("a damaged or foreign save point is refused", "[task]") {
  Bench bench;
  Sums sums;
  finish(add_up(bench.context, 30, sums));
  const std::string saved = bench.context.saves.pack();
  Bench after;
  CHECK_THROWS_AS(after.context.saves.unpack(std::string_view(saved).substr(0, saved.size() / 2)), Failure);
  after.context.saves.unpack(saved);
  Sums shorter;
  CHECK_THROWS_AS(finish(add_up(after.context, 3, shorter)), Damaged);
}

namespace {

Task work(int pieces) {
  for (int i = 1; i <= pieces; ++i) {
    count_work(100 * i);
    co_await Tick{};
  }
}

Task outer_work() {
  count_work(5);
  Task inner = work(3);
  while (inner.advance()) {
  }
  co_await Tick{};
}

}  // namespace

TEST_CASE("work is counted between ticks, and what an inner task did belongs to who advances it") {
  Task task = work(3);
  work_done.largest = 0;
  CHECK(task.advance());
  CHECK(work_done.largest == 100);
  while (task.advance()) {
  }
  CHECK(work_done.largest == 300);
  Task outer = outer_work();
  work_done.largest = 0;
  CHECK(outer.advance());
  CHECK(work_done.largest == 605);
  CHECK(tick_due(kWorkOfTick));
}
