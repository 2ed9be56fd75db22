// A digit of one's own: the paper, and the run that it leads to.
#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/data/labelled_pictures.hpp"
#include "page.hpp"
#include "ui/pad.hpp"

using namespace mid;
using Catch::Approx;
using test::Page;

TEST_CASE("a drawing is made like the digits that the model knows: 20 of 28 pixels, its mass in the middle") {
  ui::Pad pad;
  CHECK(pad.picture().isZero());
  // A small seven in a corner.
  pad.draw({.1f, .1f}), pad.draw({.2f, .1f}), pad.draw({.15f, .25f});
  pad.lift();
  pad.draw({.13f, .17f}), pad.draw({.19f, .17f});
  CHECK(pad.strokes().size() == 2);
  const Matrix picture = pad.picture();
  REQUIRE(picture.size() == 28 * 28);
  float mass = 0, x = 0, y = 0;
  int top = 28, bottom = -1;
  for (int i = 0; i < 28 * 28; ++i) {
    const float ink = picture(0, i);
    CHECK((ink >= 0 && ink <= 1));
    mass += ink, x += ink * (static_cast<float>(i % 28) + .5f), y += ink * (static_cast<float>(i / 28) + .5f);
    if (ink > .5f) top = std::min(top, i / 28), bottom = std::max(bottom, i / 28);
  }
  CHECK(x / mass == Approx(14).margin(.35));
  CHECK(y / mass == Approx(14).margin(.35));
  CHECK(bottom - top + 1 == Approx(20).margin(1));
  const Matrix back = drawn_picture(drawn_text(picture), 28);
  CHECK((back - picture).cwiseAbs().maxCoeff() <= 1.f / 6 + 1e-5f);
}

TEST_CASE("a visitor draws a digit and sees first what the attacker makes of it; another run forgets it") {
  Page page;
  page.rest();
  page.app->command({{"do", "draw"}});
  page.rest();
  REQUIRE(page.state()["story"] == "which-seven");
  REQUIRE(page.state()["drawing"] == true);
  CHECK_FALSE(page.has("pad.go"));
  const Json box = page.state()["controls"]["pad"];
  const auto at = [&](float x, float y) {
    page.point(box[0].get<float>() + x * box[2].get<float>(), box[1].get<float>() + y * box[3].get<float>());
  };
  at(.3f, .3f);
  page.button(true);
  at(.7f, .3f), at(.6f, .5f), at(.45f, .8f);
  page.button(false);
  CHECK_FALSE(page.has("pad.go"));
  // Strokes are taken back one by one; what the model sees stands beside them.
  at(.2f, .5f);
  page.button(true);
  at(.8f, .5f);
  page.button(false);
  CHECK(page.paints("points"));
  page.click("pad.digit.7");
  page.click("pad.undo");
  CHECK(page.has("pad.go"));
  page.click("pad.undo");
  CHECK_FALSE(page.has("pad.go"));
  CHECK_FALSE(page.has("pad.undo"));
  at(.3f, .3f);
  page.button(true);
  at(.7f, .3f), at(.6f, .5f), at(.45f, .8f);
  page.button(false);
  page.click("pad.go");
  CHECK(page.state()["drawing"] == false);
  page.rest();
  const Json spec = page.state()["spec"];
  CHECK(spec["data"]["drawn"].is_string());
  CHECK(spec["data"]["drawn_label"] == 7);
  CHECK(page.state()["error"] == "");
  // One digit is no measurement: its place in its own line-up is said, in place of a rate.
  CHECK(page.paints("found."));
  CHECK(page.state()["answers"]["caption"].get<std::string>().find("Your digit") != std::string::npos);
  const Json session = page.app->state();
  page.app->command({{"do", "run"}, {"preset", "which-seven"}});
  page.rest();
  CHECK(page.state()["spec"]["data"]["drawn"].is_null());
}

TEST_CASE("a digit is drawn by keyboard alone: Space puts the pen down and lifts it, arrow keys move it") {
  Page page;
  page.rest();
  page.app->command({{"do", "draw"}});
  page.rest();
  page.tab_to("pad");
  REQUIRE(page.paints("Arrow"));
  page.press(ImGuiKey_LeftArrow);  // the pen is not on the paper yet
  page.click("pad.digit.7");
  CHECK_FALSE(page.has("pad.go"));
  page.tab_to("pad");
  page.press(ImGuiKey_Space);
  for (int i = 0; i < 6; ++i) page.press(ImGuiKey_RightArrow);
  for (int i = 0; i < 12; ++i) page.press(ImGuiKey_DownArrow);
  page.press(ImGuiKey_Space);
  page.press(ImGuiKey_LeftArrow);
  page.tab_to("pad.go");
  page.press(ImGuiKey_Space);
  CHECK(page.state()["drawing"] == false);
  page.rest();
  // 6 steps to the right and 12 down: twice as high as wide, the corner at the upper right.
  const Matrix drawn = drawn_picture(page.state()["spec"]["data"]["drawn"].get<std::string>(), 28);
  int left = 28, right = -1, top = 28, bottom = -1;
  for (int i = 0; i < 28 * 28; ++i)
    if (drawn(0, i) > .5f)
      left = std::min(left, i % 28), right = std::max(right, i % 28), top = std::min(top, i / 28), bottom = std::max(bottom, i / 28);
  CHECK(bottom - top + 1 == Approx(20).margin(1));
  CHECK(right - left + 1 == Approx(11.5).margin(1.5));
  CHECK(drawn.row(0).reshaped<Eigen::RowMajor>(28, 28)(top + 1, right - 1) > .5f);
  CHECK(drawn.row(0).reshaped<Eigen::RowMajor>(28, 28)(bottom - 1, left + 1) < .1f);
}

TEST_CASE("the first tab is a digit of one's own, from wherever one is; the tab of the pictures goes back to theirs") {
  for (const auto& [width, height] : {std::pair{1280, 720}, {800, 600}}) {
    Page page(width, height);
    page.tell("confidence");
    page.click("track.digit");
    CHECK(page.state()["drawing"] == true);
    CHECK(page.state()["story"] == "which-seven");
    page.click("track.pictures");
    CHECK(page.state()["drawing"] == false);
    CHECK(page.state()["story"] == "which-seven");
    page.click("track.digit");
    page.click("track.survey");
    CHECK(page.state()["drawing"] == false);
    CHECK(page.state()["story"] == "confidence");
  }
  // On a phone it stands in the menu.
  Page phone(390, 844);
  phone.tell("confidence");
  phone.click("track");
  phone.frames(2);
  phone.click("track.0");
  CHECK(phone.state()["drawing"] == true);
}
