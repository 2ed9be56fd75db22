#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "page.hpp"
#include "ui/queue.hpp"

using namespace mid;
using mid::ui::Queue;

namespace {

/// A queue between two Sessions that only note what they are told; `has_help`: whether there is a second one now.
struct Noted {
  std::vector<Json> first, second;
  bool has_help = true;
  double now = 0;
  Queue queue{[this](const Json& c) { first.push_back(c); },
              [this](const Json& c) {
                if (has_help) second.push_back(c);
                return has_help;
              }};
  explicit Noted(int stops) {
    std::vector<Json> specs;
    for (int i = 1; i <= stops; ++i) specs.push_back({{"seed", i}});
    queue.fill(specs);
  }
  void advance() {
    queue.advance(now += 1, [] { return std::optional<Queue::Job>(); });
  }
  static int seed(const Json& command) { return command["spec"]["seed"].get<int>(); }
  static Snapshot ended(const Json& command, RunState state = RunState::done) {
    Snapshot s;
    s.tag = command["tag"], s.state = state;
    return s;
  }
  /// The first Session's run ends.
  void end_first() {
    REQUIRE(queue.receive(ended(first.back())));
    queue.end(false);
    advance();
  }
  /// The second's; returns what it ran.
  int end_second() {
    const auto job = queue.receive_help(ended(second.back()));
    REQUIRE(job);
    advance();
    return job->spec["seed"].get<int>();
  }
};

}  // namespace

TEST_CASE("two Sessions fill the chart, each with the next stop, and the second is let go when nothing is left") {
  Noted n(4);
  n.advance();
  REQUIRE(n.first.size() == 1);
  REQUIRE(n.second.size() == 1);
  CHECK(Noted::seed(n.first[0]) == 1);
  CHECK(Noted::seed(n.second[0]) == 2);
  CHECK(n.second[0]["hand"] == true);
  CHECK(n.second[0]["aside"] == true);
  CHECK_FALSE(n.first[0].contains("hand"));
  CHECK(n.first[0]["tag"] != n.second[0]["tag"]);
  CHECK(n.queue.left_to_fill() == 4);
  CHECK(n.end_second() == 2);
  CHECK(Noted::seed(n.second.back()) == 3);
  n.end_first();
  CHECK(Noted::seed(n.first.back()) == 4);
  n.end_first();
  CHECK(n.queue.filling());  // the second still runs
  CHECK(n.queue.left_to_fill() == 1);
  CHECK(n.end_second() == 3);
  CHECK_FALSE(n.queue.filling());
  CHECK(n.second.back().is_null());
  const std::size_t said = n.second.size();
  n.advance();
  CHECK(n.second.size() == said);  // once
}

TEST_CASE("what the visitor wants goes first: the first Session runs it, the second goes on") {
  Noted n(3);
  n.advance();
  Queue::Job wish;
  wish.spec = {{"seed", 9}};
  n.queue.want(wish);
  n.advance();
  CHECK(Noted::seed(n.first.back()) == 9);
  CHECK(n.queue.busy());
  CHECK(n.queue.helped());
  CHECK(n.queue.left_to_fill() == 3);  // the first one's stop comes again
  CHECK(n.end_second() == 2);
  CHECK(Noted::seed(n.second.back()) == 1);
}

TEST_CASE("a stop that the visitor has run meanwhile is not run again to fill the chart") {
  Noted n(4);
  n.advance();
  Queue::Job wish;
  wish.spec = {{"seed", 4}};
  n.queue.want(wish);
  n.advance();
  n.end_first();
  CHECK(Noted::seed(n.first.back()) == 1);
  CHECK(n.end_second() == 2);
  CHECK(Noted::seed(n.second.back()) == 3);
  CHECK(n.queue.left_to_fill() == 2);
}

TEST_CASE("news of another run, and of one under way, are no end of the second Session's run") {
  Noted n(3);
  n.advance();
  CHECK_FALSE(n.queue.receive_help(Noted::ended(n.first.back())));
  CHECK_FALSE(n.queue.receive_help(Noted::ended(n.second.back(), RunState::running)));
  CHECK(n.queue.receive_help(Noted::ended(n.second.back(), RunState::failed)));
  CHECK_FALSE(n.queue.receive_help(Noted::ended(n.second.back())));  // it has ended already
}

TEST_CASE("stopping lets go of the second Session, and what it still says is not heard") {
  Noted n(3);
  n.advance();
  const Json run = n.second.back();
  n.queue.stop_filling();
  CHECK(n.second.back().is_null());
  CHECK(n.first.back()["do"] == "cancel");
  CHECK_FALSE(n.queue.helped());
  CHECK(n.queue.left_to_fill() == 0);
  CHECK_FALSE(n.queue.receive_help(Noted::ended(run)));
}

TEST_CASE("without a second Session, or when it is lost, the first one runs all") {
  Noted none(2);
  none.has_help = false;
  none.advance();
  CHECK(none.second.empty());
  none.end_first();
  CHECK(Noted::seed(none.first.back()) == 2);

  Noted lost(2);
  lost.advance();
  lost.queue.lose_help();
  CHECK(lost.queue.left_to_fill() == 2);
  lost.end_first();
  CHECK(Noted::seed(lost.first.back()) == 2);
  lost.end_first();
  CHECK_FALSE(lost.queue.filling());
  CHECK(lost.second.size() == 1);  // nobody speaks to it any more
}

TEST_CASE("the chart that two Sessions filled has the runs of one, to the bit, and what either ran is there at once") {
  const auto filled = [](bool helped) {
    test::Page page(1280, 720, {}, false, helped);
    page.tell("survey-tree");
    page.click("fill");
    bool both = false;
    for (int i = 0; i < 60000 && page.state()["filling"].get<bool>(); ++i) page.frames(), both = both || page.state()["helped"] == true;
    CHECK(both == helped);
    page.rest();
    Json runs = Json::object();
    const Json kept = Json::parse(page.kept);
    for (const Json& run : kept["session"]["runs"]) runs[run["id"].get<std::string>()] = run;
    return runs;
  };
  const Json one = filled(false), two = filled(true);
  CHECK(one.size() == 60);
  CHECK(one == two);
}
