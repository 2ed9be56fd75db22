#include "mid/report/chart.hpp"

#include <catch2/catch_test_macros.hpp>

#include "mid/report/svg.hpp"

using namespace mid;

namespace {

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Chart trade_off() {
  Chart c;
  c.title = "Useful & private?";
  c.x = {"Attacker gets back", Chart::Role::attack, 0, 1, true};
  c.y = {"Model is right", Chart::Role::model, 0, 1, true};
  c.series = {{"MID", Chart::Role::defend, {{.86, .98, .9, 1.0, "Off"}, {.65, .98, {}, {}, {}, true}, {.47, .955}}},
              {"noise", Chart::Role::noise, {{.6, .9}, {.5, .8}}, false},
              {"rounding", Chart::Role::rounding, {{.55, .98}}}};
  c.marks = {{.025, "guessing"}, {.1, "by chance", true}};
  return c;
}

}  // namespace

TEST_CASE("ticks are round numbers inside the axis") {
  CHECK(nice_ticks(-2.3, 1.1, 4) == std::vector<double>{-2, -1, 0, 1});
  CHECK(nice_ticks(0, 1, 5) == std::vector<double>{0, .2, .4, 3 * .2, .8, 1});
  CHECK(nice_ticks(1, 1, 5).empty());
  CHECK(tick_words(-.5) == "−0.5");
  CHECK(tick_words(0) == "0");
  CHECK(tick_words(20) == "20");
  CHECK(tick_words(.5, {"", Chart::Role::ink, 0, 1, true}) == "50\u202f%");
}

TEST_CASE("a chart becomes an SVG with a mark for each point") {
  const std::string svg = chart_svg(trade_off());
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "<text") == count(svg, "</text>"));
  CHECK(svg.find("Useful &amp; private?") != std::string::npos);
  CHECK(count(svg, "<circle") == 3 + 1 + 1);          // three dots, a ring, the legend
  CHECK(count(svg, "width=\"9\" height=\"9\"") == 2 + 1);  // hollow squares
  CHECK(count(svg, "fill=\"none\"") == 1);             // only MID's points are joined
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("an empty chart is still a document") {
  const std::string svg = chart_svg(Chart{});
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("nan") == std::string::npos);
}
