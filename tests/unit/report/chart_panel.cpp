// A chart that names its series directly: whatever the runs are, words, marks and the inset keep clear of one another.
#include "mid/report/chart_panel.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "mid/base/philox.hpp"
#include "mid/report/svg.hpp"

using namespace mid;

namespace {

using Area = LabelRoom::Area;

constexpr Mark kMarks[] = {Mark::ring,        Mark::disc,          Mark::square, Mark::diamond, Mark::plus,
                           Mark::triangle_up, Mark::triangle_down, Mark::cross,  Mark::pentagon};
const char* const kNames[] = {"No defence", "MID", "Noise", "Rounding", "Label only", "DP", "BiDO", "CEM", "Trained noise"};

/// Runs as they may come: curves that fall together, some within a point of one another, some near guessing.
Chart random_chart(std::uint64_t seed, int defences) {
  Chart c;
  c.named_directly = true;
  c.corner = Chart::Corner{"useful and private", "attacker at chance"};
  c.x = {.title = "Strangers found", .role = Chart::Role::attack, .percent = true};
  c.y = {.title = "Camera is right", .role = Chart::Role::model, .percent = true};
  Random random(Stream{seed}.sub("chart"));
  const auto draw = [&] { return random.uniform(); };
  for (int d = 0; d < defences; ++d) {
    Chart::Series s{.name = kNames[d], .points = {}};
    give_mark(s, kMarks[d], c.series);
    double x = .5 + .5 * draw(), y = .9 + .1 * draw();
    for (int i = 0; i < (d == 0 ? 1 : 4); ++i) {
      Chart::Point p{.x = x, .y = y};
      const double wide = .05 * draw(), high = .03 * draw();
      p.x_low = x - wide, p.x_high = x + wide, p.low = y - high, p.high = y + high;
      p.label = "0.1", p.ring = d == 1 && i == 2;
      s.points.push_back(p);
      x = .1 + (x - .1) * (.4 + .6 * draw()), y -= .1 * draw() * draw();
    }
    c.series.push_back(std::move(s));
  }
  c.x.start = "chance 10 %";
  c.floor = Chart::Floor{.93, "at least 93 % (drag)"};
  zoom_to_data(c, .1, .025);
  return c;
}

ChartStyle small() {
  ChartStyle s;
  s.note = s.axis = 14, s.left = 50, s.top = 35, s.bottom = 54, s.clear = 6, s.inset_width = 62, s.inset_height = 50, s.list_lines = 1;
  return s;
}
ChartStyle large() {
  ChartStyle s;
  s.note = s.axis = 14;
  return s;
}

/// A sentence for everything that lies on something else.
std::vector<std::string> collisions(const Chart& chart, const PlacedChart& placed) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < placed.labels.size(); ++i) {
    const auto& [words, area] = placed.labels[i];
    if (area.left < placed.plot.left || area.right > placed.plot.right + 1 || area.top < placed.plot.top ||
        area.bottom > placed.plot.bottom)
      out.push_back("\"" + words + "\" leaves the axes");
    for (std::size_t j = 0; j < i; ++j)
      if (area.meets(placed.labels[j].area)) out.push_back("\"" + words + "\" lies on \"" + placed.labels[j].words + "\"");
    for (const PlacedChart::Dot& d : placed.dots) {
      const double r = chart.series[d.series].points[d.point].ring ? kRingRadius : kMarkerRadius;
      if (area.meets({d.x - r, d.y - r, d.x + r, d.y + r}))
        out.push_back("\"" + words + "\" lies on a mark of " + chart.series[d.series].name);
    }
    for (const Area& w : placed.whiskers)
      if (area.meets(w)) out.push_back("\"" + words + "\" lies on an interval");
    if (placed.inset && area.meets(*placed.inset)) out.push_back("\"" + words + "\" lies on the inset");
  }
  if (placed.inset)
    for (const PlacedChart::Dot& d : placed.dots)
      if (placed.inset->meets({d.x - kMarkerRadius, d.y - kMarkerRadius, d.x + kMarkerRadius, d.y + kMarkerRadius}))
        out.push_back("the inset hides a mark of " + chart.series[d.series].name);
  return out;
}

}  // namespace

TEST_CASE("no two labels and no label and mark of a chart lie on one another, small and enlarged") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed)
    for (const int defences : {1, 3, 6, 9}) {
      const Chart chart = random_chart(seed, defences);
      for (const bool enlarged : {false, true}) {
        INFO("seed " << seed << ", " << defences << " defences, " << (enlarged ? "enlarged" : "small"));
        const PlacedChart placed =
            enlarged ? place_chart(chart, {48, 130, 888, 650}, large()) : place_chart(chart, {956, 486, 1236, 696}, small());
        for (const std::string& sentence : collisions(chart, placed)) UNSCOPED_INFO(sentence);
        CHECK(collisions(chart, placed).empty());
        // Nobody is without a name.
        for (std::size_t s = 0; s < chart.series.size(); ++s) {
          const std::string& name = chart.series[s].name;
          const bool named =
              std::any_of(placed.labels.begin(), placed.labels.end(), [&](const auto& l) { return l.words.starts_with(name); }) ||
              std::find(placed.listed.begin(), placed.listed.end(), s) != placed.listed.end();
          CHECK(named);
        }
      }
    }
}

TEST_CASE("the attacker's axis begins at guessing, the model's is cut with a zigzag, and the whole range stands in an inset") {
  const Chart chart = random_chart(3, 3);
  CHECK(chart.x.low <= .1);
  CHECK(chart.x.high == 1);
  CHECK(chart.y.cut);
  REQUIRE(chart.inset);
  CHECK(chart.inset->low == 0);
  CHECK(chart.inset->guesses.size() == 2);
  const PlacedChart placed = place_chart(chart, {48, 130, 888, 650}, large());
  CHECK(placed.inset);
  for (const PlacedChart::Dot& d : placed.dots)
    CHECK((d.x >= placed.plot.left - .5 && d.x <= placed.plot.right + .5 && d.y >= placed.plot.top && d.y <= placed.plot.bottom));
  CHECK(std::abs(placed.value_at(placed.height_of(.95)) - .95) < 1e-9);
}

TEST_CASE("the upright axis grows until no mark lies under the words of the corner") {
  Chart chart = random_chart(4, 2);
  chart.series[1].points[3].x = .12, chart.series[1].points[3].x_low = .11, chart.series[1].points[3].x_high = .2;
  chart.series[1].points[3].y = .99, chart.series[1].points[3].low = .98, chart.series[1].points[3].high = 1;
  for (const bool enlarged : {false, true}) {
    const PlacedChart placed =
        enlarged ? place_chart(chart, {48, 130, 888, 650}, large()) : place_chart(chart, {956, 486, 1236, 696}, small());
    CHECK(placed.high > chart.y.high);
    CHECK(collisions(chart, placed).empty());
  }
}

TEST_CASE("each mark has its own shape, and the second series of one differs in its filling") {
  Chart chart = random_chart(5, 9);
  for (std::size_t i = 0; i < chart.series.size(); ++i) CHECK_FALSE(chart.series[i].second);
  Chart::Series again{.name = "MID, same each time", .points = {{.3, .95}}};
  give_mark(again, Mark::disc, chart.series);
  CHECK(again.second);
  CHECK(is_hollow(Mark::disc, again.second) != is_hollow(Mark::disc, false));
  CHECK(mark_of_run("mid", "none") == Mark::disc);
  CHECK(mark_of_run("none", "label_only") == Mark::plus);
  CHECK(mark_of_run("bido", "none") == Mark::triangle_down);
  CHECK(mark_of_run("cem", "none") == Mark::cross);
  CHECK(mark_of_run("dp_sgd", "none") == Mark::triangle_up);
  CHECK(mark_of_run("mid", "round") == Mark::diamond);
  CHECK(mark_of_run("none", "none") == Mark::ring);
  Figure figure{"title", "", {chart}, 1, "foot"};
  const std::string svg = chart_svg(figure);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("useful and private") != std::string::npos);
  Chart nothing;
  nothing.named_directly = true, nothing.corner = Chart::Corner{"useful", "chance"};
  zoom_to_data(nothing, .1, .02);
  CHECK(place_chart(nothing, {0, 0, 280, 200}, small()).dots.empty());
}

TEST_CASE("where guessing is always right the chart still has a width, and every number of it is finite") {
  Chart c;
  c.named_directly = true;
  c.x = {.title = "Secrets named", .role = Chart::Role::attack, .percent = true};
  c.y = {.title = "Right answers", .role = Chart::Role::model, .percent = true};
  c.series.push_back({.name = "No defence", .points = {{.x = 1, .y = 1}}});
  zoom_to_data(c, 1, 1);
  CHECK(c.x.high - c.x.low > .05);
  CHECK(c.y.high - c.y.low > .05);
  const PlacedChart placed = place_chart(c, {0, 0, 300, 220}, small());
  REQUIRE(placed.dots.size() == 1);
  CHECK(std::isfinite(placed.dots[0].x));
  CHECK(std::isfinite(placed.dots[0].y));
}
