#include "mid/report/chart.hpp"

#include <catch2/catch_test_macros.hpp>

#include "mid/report/drawing.hpp"
#include "mid/report/svg.hpp"

using namespace mid;

namespace {

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Figure figure(Chart chart) { return {"Useful & private?", "", {std::move(chart)}, 1, ""}; }

Chart example() {
  Chart c;
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
  const std::string svg = chart_svg(figure(example()));
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "<text") == count(svg, "</text>"));
  CHECK(svg.find("Useful &amp; private?") != std::string::npos);
  CHECK(count(svg, "<circle") == 3 + 1 + 1);                          // three dots, a ring, the legend
  CHECK(count(svg, "fill=\"#ffffff\" stroke=\"#454c59\"") == 2 + 1);  // hollow squares
  CHECK(count(svg, "stroke-width=\"2.0\"") == 1 + 2);                 // only MID's points are joined; the legend's two of joined series
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("an empty chart is still a document") {
  const std::string svg = chart_svg(figure(Chart{}));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("the second series of a role is hollow and dashed; an outlined region and a legend that names each once") {
  Chart c = example();
  c.series.push_back({"MID, sticky", Chart::Role::defend, {{.3, .5}, {.2, .4}}, true, true});
  c.region = {0, .2, .8, 1};
  Figure two{"Two panels", "what was run", {c, c}, 2, "what bars mean"};
  const std::string svg = chart_svg(two);
  CHECK(count(svg, ">MID, sticky</text>") == 1);
  CHECK(count(svg, "<rect") == 1 + 2);  // ground, in each panel a region
  CHECK(svg.find("what bars mean") != std::string::npos);
}

TEST_CASE("labels stand inside the chart and not on one another") {
  LabelRoom room({0, 0, 200, 100});
  std::vector<Drawing::Text> placed(3, {195, 5, "β = 0.1", 13, Weight::medium, token::kInk, Align::left});
  room.place(placed);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const double w = rough_text_width(placed[i].words, 13);
    const double left = placed[i].x - (placed[i].align == Align::left ? 0 : placed[i].align == Align::right ? w : w / 2);
    CHECK(left + w <= 200);
    CHECK(placed[i].y >= 9);
    for (std::size_t j = 0; j < i; ++j) CHECK((placed[i].x != placed[j].x || placed[i].y != placed[j].y));
  }
}
