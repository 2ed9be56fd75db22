// The attack step by step, and beside a model without defence, under one cursor.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

Json theatre(const Page& page) { return page.state()["theatre"]; }

}  // namespace

TEST_CASE("the attack is played from its first step to what was kept, and stops there") {
  Page page;
  page.tell("face-from-name");
  page.click("theatre");
  page.frames(2);
  CHECK(theatre(page)["open"] == true);
  CHECK(theatre(page)["step"] == -1);
  const auto steps = theatre(page)["steps"].get<std::vector<int>>();
  REQUIRE(steps.size() > 8);
  CHECK(steps.front() == 0);
  const int before = page.uploads;
  page.click("theatre.play");
  CHECK(theatre(page)["playing"] == true);
  CHECK(theatre(page)["step"] == 0);
  CHECK(page.paints("Step 0 of"));
  int seen = 0, last = 0;
  for (int i = 0; i < 2000 && theatre(page)["playing"] == true; ++i) {
    page.frames();
    const int step = theatre(page)["step"].get<int>();
    if (step != last && step >= 0) {
      CHECK(step > last);
      last = step, ++seen;
    }
  }
  CHECK(seen == static_cast<int>(steps.size()) - 1);
  CHECK(theatre(page)["step"] == -1);
  CHECK(page.uploads >= before + static_cast<int>(steps.size()));
  page.frames(30);
  CHECK(page.frames() < 0);  // nothing loops
}

TEST_CASE("the cursor obeys hand and arrow keys, one step is one picture, and what was kept comes last") {
  Page page;
  page.tell("face-from-name");
  page.click("theatre");
  page.frames(2);
  const auto steps = theatre(page)["steps"].get<std::vector<int>>();
  const Json box = page.state()["controls"]["theatre.cursor"];
  page.point(box[0].get<float>() + 12, box[1].get<float>() + 18);
  page.button(true);
  page.button(false);
  CHECK(theatre(page)["step"] == steps[0]);
  page.button(true);
  page.let_go_at(box[0].get<float>() + box[2].get<float>() / 2, box[1].get<float>() + 18);
  CHECK(theatre(page)["step"] == steps[steps.size() / 2]);
  page.point(box[0].get<float>() + 12, box[1].get<float>() + 18);
  page.button(true);
  page.button(false);
  page.click("theatre.next");
  CHECK(theatre(page)["step"] == steps[1]);
  page.tab_to("theatre.cursor");
  page.press(ImGuiKey_RightArrow);
  CHECK(theatre(page)["step"] == steps[2]);
  page.press(ImGuiKey_End);
  CHECK(theatre(page)["step"] == -1);
  page.press(ImGuiKey_LeftArrow);
  CHECK(theatre(page)["step"] == steps.back());
  page.press(ImGuiKey_Home);
  CHECK(theatre(page)["step"] == 0);
  CHECK(page.paints("detail"));
  page.click("theatre.close");
  CHECK(theatre(page)["open"] == false);
}

TEST_CASE("beside no defence stands the same attack on the same people, with the same seed, under the same cursor") {
  Page page;
  page.tell("face-from-name");
  page.app->command({{"do", "set"}, {"fields", {{"seed", 3}, {"defense.kind", "mid"}, {"defense.beta", .1}}}});
  page.rest();
  page.click("theatre");
  page.frames(2);
  page.rest();
  CHECK(theatre(page)["beside"] == true);
  CHECK(page.paints("No defence"));
  CHECK(page.paints("MID 0.1"));
  page.click("theatre.beside");
  page.frames(2);
  CHECK(theatre(page)["beside"] == false);
  page.click("theatre.beside");
  page.rest();
  page.app->command({{"do", "theatre"}, {"beside", true}, {"at", 0}});
  page.frames(2);
  CHECK(theatre(page)["step"] == 0);
  CHECK(page.paints("detail"));
  // Another seed: the other row follows.
  page.app->command({{"do", "set"}, {"fields", {{"seed", 4}}}});
  page.rest();
  CHECK(theatre(page)["beside"] == true);
  // A link opens it.
  page.frames(60);
  Page other(1280, 720, page.address);
  other.rest();
  CHECK(theatre(other)["beside"] == true);
}

TEST_CASE("a model without defence stands beside nobody, and an attack without steps says so") {
  Page page;
  page.tell("visitors");
  CHECK_FALSE(page.has("theatre"));  // a button that could show nothing
  page.app->command({{"do", "theatre"}});
  page.frames(2);
  CHECK(theatre(page)["steps"].empty());
  CHECK_FALSE(page.has("theatre.cursor"));
  CHECK(page.paints("takes no steps"));
  page.click("theatre.beside");
  page.rest();
  CHECK(theatre(page)["beside"] == false);
  page.app->command({{"do", "set"}, {"fields", {{"defense.kind", "mid"}, {"defense.beta", .1}}}});
  page.rest();
  CHECK(theatre(page)["beside"] == true);
  // Where no pictures are drawn there is nothing to watch.
  page.tell("confidence");
  CHECK(theatre(page)["open"] == false);
  CHECK_FALSE(page.has("theatre"));
}

TEST_CASE("when the control that has the focus disappears, its neighbour has it, and Tab goes on") {
  Page page;
  page.tell("face-from-name");
  page.tab_to("theatre");
  page.press(ImGuiKey_Space);
  page.frames(2);
  REQUIRE(theatre(page)["open"] == true);
  REQUIRE_FALSE(page.has("theatre"));
  CHECK(page.state()["focus"] == "theatre.beside");
  page.tab_to("strength");
  page.tab_to("theatre.close");
  page.press(ImGuiKey_Space);
  page.frames(2);
  CHECK(page.state()["focus"] != "");
  page.tab_to("theatre");
}
