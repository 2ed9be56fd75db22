#include <catch2/catch_test_macros.hpp>

#include "example.hpp"
#include "fonts.hpp"
#include "mid/base/error.hpp"
#include "mid/report/chart_png.hpp"
#include "mid/report/contact_sheet.hpp"
#include "mid/report/svg.hpp"

using namespace mid;

namespace {

Fonts inter() { return {ui::font::inter_regular, ui::font::inter_medium, ui::font::inter_semibold}; }

/// A number of a PNG's header: its width at 16, its height at 20.
int header_number(const std::string& png, std::size_t at) {
  int n = 0;
  for (std::size_t i = at; i < at + 4; ++i) n = n << 8 | static_cast<unsigned char>(png.at(i));
  return n;
}

bool is_png(const std::string& bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }

PictureSheet pictures(int rows, int side) {
  PictureSheet s;
  s.height = s.width = side;
  s.rows = rows;
  const std::size_t size = s.pixels() * static_cast<std::size_t>(rows);
  s.truth.assign(size, 76), s.guess.assign(size, 153), s.average.assign(size, 38);
  for (int i = 0; i < rows; ++i) s.line_up.push_back(i % 2), s.names.push_back(std::to_string(i / 2) + "_smiling");
  s.credit = "Whose data this is";
  return s;
}

BeliefSheet beliefs(int rows, double sd) {
  BeliefSheet s;
  s.values = {"female", "male"};
  s.before.resize(rows, 2), s.after.resize(rows, 2), s.conditional_mean.resize(rows, 2);
  s.truth.resize(rows), s.answer = VectorXd::Constant(rows, -1);
  s.conditional_sd = MatrixD::Constant(rows, 2, sd);
  for (int i = 0; i < rows; ++i) {
    s.truth[i] = i % 3 == 0;
    s.before.row(i) << .4, .6;
    s.after.row(i) << .9, .1;
    s.conditional_mean.row(i) << -1, -.5;
  }
  return s;
}

}  // namespace

TEST_CASE("shapes and text land where they should") {
  Painter p(40, 20, Colour::hex(0xFFFFFF), inter());
  const std::string blank = p.png();
  CHECK(is_png(blank));
  CHECK(header_number(blank, 16) == 40);
  CHECK(header_number(blank, 20) == 20);
  p.box(-10, -10, 5, 5, Colour::hex(0));  // beside the picture: nothing happens
  p.line(50, 0, 60, 30, Colour::hex(0), 3);
  CHECK(p.png() == blank);
  const double end = p.text(2, 15, "0.5 %", 12, Weight::semibold, Colour::hex(0));
  CHECK(end > 2 + 12);
  CHECK(p.png() != blank);
  CHECK(p.text_width("00", 12, Weight::regular) > p.text_width("0", 12, Weight::regular));
  CHECK(p.text_width("β–é", 12, Weight::regular) > 0);
  p.text(0, 10, "\xff\xc3", 12, Weight::regular, Colour::hex(0));  // broken UTF-8 is drawn, not read past its end
}

TEST_CASE("a font that is none is refused") {
  const unsigned char junk[64] = {1, 2, 3};
  CHECK_THROWS_AS(Painter(4, 4, Colour{}, Fonts{junk, junk, junk}), Failure);
  CHECK_THROWS_AS(Painter(4, 4, Colour{}, Fonts{}), Failure);
}

TEST_CASE("the contact sheet is a PNG that grows with what it shows") {
  const Result result = example_result();
  // The same slide at other sizes.
  const std::string usual = contact_sheet_png(pictures(3, 28), result, inter()),
                    twice = contact_sheet_png(pictures(3, 28), result, inter(), 12, 2),
                    less = contact_sheet_png(pictures(3, 28), result, inter(), 12, 2 / 3.);
  CHECK(header_number(twice, 16) == 2 * header_number(usual, 16));
  CHECK(header_number(twice, 20) == 2 * header_number(usual, 20));
  CHECK(std::abs(header_number(less, 16) - header_number(usual, 16) * 2 / 3) <= 1);
  const std::string many = contact_sheet_png(pictures(40, 64), result, inter());
  const std::string few = contact_sheet_png(pictures(3, 28), result, inter());
  CHECK(is_png(many));
  CHECK(header_number(many, 16) > header_number(few, 16));
  CHECK(many == contact_sheet_png(pictures(40, 64), result, inter()));
  Result other = result;
  other.privacy["line_up"].value = .86;
  CHECK(many != contact_sheet_png(pictures(40, 64), other, inter()));
}

TEST_CASE("the contact sheet bears what may be missing") {
  Result bare;
  PictureSheet sheet = pictures(1, 8);
  sheet.names.clear(), sheet.line_up.clear(), sheet.credit = std::string(400, 'x');
  CHECK(is_png(contact_sheet_png(sheet, bare, inter())));
  CHECK(is_png(contact_sheet_png(pictures(2, 200), bare, inter())));
  Result nothing = example_result();
  nothing.utility["accuracy"].value.reset(), nothing.privacy["line_up"] = {};
  CHECK(is_png(contact_sheet_png(pictures(2, 28), nothing, inter())));
}

TEST_CASE("the beliefs: bells, spikes, one person, more than two values") {
  Result result = example_result();
  result.privacy["attack_accuracy"] = {.843, .787, .836, .85, 5000, "proportion"};
  CHECK(is_png(belief_sheet_png(beliefs(1000, .3), result, inter())));
  CHECK(is_png(belief_sheet_png(beliefs(1000, 0), result, inter())));
  CHECK(is_png(belief_sheet_png(beliefs(1, .3), result, inter())));
  BeliefSheet equal = beliefs(2, 0);
  equal.conditional_mean.setZero(), equal.answer.setZero();
  CHECK(is_png(belief_sheet_png(equal, result, inter())));
  BeliefSheet three = beliefs(30, .3);
  three.values.push_back("unknown");
  three.before = MatrixD::Constant(30, 3, 1.0 / 3), three.after = three.before;
  CHECK(is_png(belief_sheet_png(three, result, inter())));
}

TEST_CASE("a chart's PNG shows what it says, at the size of its SVG times the scale") {
  Chart c;
  c.x = {"leaks", Chart::Role::attack, 0, 1, true}, c.y = {"right", Chart::Role::model, 0, 1, true};
  for (const auto role : {Chart::Role::defend, Chart::Role::noise, Chart::Role::privacy, Chart::Role::rounding, Chart::Role::ink})
    c.series.push_back({"series", role, {{.1, .2, .1, .3, "first"}, {.5, .6}, {.9, .4, {}, {}, "last", true}}});
  c.marks = {{.5, "chance"}, {.1, "guess", true}};
  Figure figure{"Title", "beneath", {c}, 1, "foot"};
  const std::string png = chart_png(figure, inter(), 2), svg = chart_svg(figure);
  CHECK(is_png(png));
  CHECK(svg.find("width=\"" + std::to_string(header_number(png, 16) / 2) + "\"") != std::string::npos);
  CHECK(png == chart_png(figure, inter(), 2));
  figure.panels[0].series[1].points[1].y = .61;
  CHECK(png != chart_png(figure, inter(), 2));
}

TEST_CASE("polygons and dashes land where they should") {
  Painter p(20, 20, Colour::hex(0xFFFFFF), inter());
  const std::string blank = p.png();
  const std::pair<double, double> none[] = {{1, 1}, {5, 5}}, away[] = {{30, 30}, {40, 30}, {35, 40}}, here[] = {{5, 5}, {15, 5}, {10, 15}};
  p.polygon(none, Colour::hex(0));
  p.polygon(away, Colour::hex(0));
  p.line(2, 2, 18, 18, Colour::hex(0), 2, 0);
  CHECK(p.png() == blank);
  p.polygon(here, Colour::hex(0));
  CHECK(p.png() != blank);
}
