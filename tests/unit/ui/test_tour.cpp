// The guided tour: four stops on the stage by themselves, one guess, the visitor's own drag, and what came of it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "mid/teach/lesson.hpp"
#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

Json tour(const Page& page) { return page.state()["tour"]; }

bool says(const Page& page, const std::string& part) { return tour(page)["said"].get<std::string>().find(part) != std::string::npos; }

/// Until it stands at its first stop.
void begin(Page& page) {
  for (int i = 0; i < 4000 && page.state()["walk"]["station"] != 1; ++i) page.frames();
  page.frames(2);
}

/// Until the tour has come to its question.
void to_the_question(Page& page) {
  for (int i = 0; i < 4000 && tour(page)["at"].get<int>() < 5; ++i) page.frames();
  REQUIRE(tour(page)["at"] == 5);
  page.frames(2);
}

}  // namespace

TEST_CASE("a tour stops in the first step, asks in its last, and says at most twelve words at a stop") {
  REQUIRE_FALSE(tours().empty());
  for (const Lesson& t : tours()) {
    CHECK(find_lesson(t.key) == &t);
    CHECK(std::ranges::none_of(lessons(), [&](const Lesson& l) { return l.key == t.key; }));
    CHECK_FALSE(t.steps.front().stops.empty());
    CHECK(t.steps.back().question);
    for (const LessonStep& step : t.steps)
      for (const TourStop& stop : step.stops) {
        const std::string words = stop.say.in("en");
        INFO(words);
        CHECK(std::count(words.begin(), words.end(), ' ') < 12);
        for (const char* language : {"de", "fr"}) CHECK(stop.say.in(language) != words);
      }
  }
}

TEST_CASE("the tour goes by itself from the picture to the drawing, and waits for a guess and for the visitor's own drag") {
  std::vector<std::string> heard;
  Page page;
  page.announce = [&](const std::string& sentence) { heard.push_back(sentence); };
  page.tell("visitors");
  CHECK(tour(page)["open"] == false);  // it starts only when asked
  page.click("tour");
  begin(page);
  REQUIRE(tour(page)["open"] == true);
  CHECK(tour(page)["of"] == 6);
  CHECK(page.state()["walk"]["station"] == 1);
  CHECK(page.paints("stranger"));
  to_the_question(page);
  CHECK(page.state()["walk"]["station"] == 0);
  CHECK(heard.size() >= 5);
  page.frames(600);
  CHECK(tour(page)["at"] == 5);
  const Json before = page.state()["spec"];
  page.click("lesson.option.1");
  page.frames(60);
  CHECK(page.state()["spec"] == before);  // the hand is the visitor's
  CHECK(says(page, "drag the slider to 0.1"));
  const ui::Box to = page.stop(4, 6);
  page.point(to.x, to.y);
  page.button(true);
  page.button(false);
  page.rest();
  CHECK(tour(page)["home"] == true);
  CHECK(says(page, "You said"));  // wrong, in words
  page.click("tour.again");
  to_the_question(page);
  page.click("lesson.option.2");
  page.frames(3);
  page.click("tour.set");
  page.rest();
  CHECK(tour(page)["home"] == true);
  CHECK(says(page, "As you predicted"));
  page.click("tour.line-up");
  page.frames(3);
  CHECK(page.state()["line_up"]["open"] == true);
}

TEST_CASE("a click elsewhere takes over, and Go on resumes the tour") {
  Page page;
  page.tell("visitors");
  page.app->command({{"do", "tour"}});
  begin(page);
  page.point(640, 8);
  page.button(true);
  page.button(false);
  CHECK(tour(page)["playing"] == false);
  page.frames(600);
  CHECK(tour(page)["at"] == 1);
  page.click("tour.next");
  CHECK(tour(page)["at"] == 2);
  CHECK(page.state()["walk"]["station"] == 2);
  page.click("tour.back");
  CHECK(tour(page)["at"] == 1);
  page.click("tour.play");
  to_the_question(page);
  page.click("tour.close");
  CHECK(tour(page)["open"] == false);
  page.click("lessons");
  page.frames(2);
  CHECK(page.has("lesson.visitor"));  // the list: a tour is no lesson
}

TEST_CASE("a key takes over, but not those that press the tour's own buttons") {
  Page page;
  page.tell("visitors");
  page.app->command({{"do", "tour"}});
  begin(page);
  page.press(ImGuiKey_LeftShift);
  CHECK(tour(page)["playing"] == true);
  page.press(ImGuiKey_RightArrow);
  CHECK(tour(page)["playing"] == false);
  for (int i = 0; i < 200 && page.state()["focus"] != "tour.play"; ++i) page.press(ImGuiKey_Tab);
  REQUIRE(page.state()["focus"] == "tour.play");
  page.press(ImGuiKey_Space);
  CHECK(tour(page)["playing"] == true);
}

TEST_CASE("where the tour stands in a strip under the stage, the guess itself sets the defence") {
  Page page(800, 600);
  page.tell("visitors");
  page.app->command({{"do", "tour"}});
  to_the_question(page);
  page.click("lesson.option.2");
  page.rest();
  CHECK(tour(page)["home"] == true);
  CHECK(page.state()["spec"]["defense"]["kind"] == "mid");
}
