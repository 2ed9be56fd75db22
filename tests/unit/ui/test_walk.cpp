// The walk of one picture: picture, network, numbers, attacker, picture.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

Json walk(const Page& page) { return page.state()["walk"]; }

/// The stations that it comes by until it rests.
std::vector<int> stations(Page& page) {
  std::vector<int> out;
  for (int i = 0; i < 2000 && walk(page)["station"] != 0; ++i) {
    const int station = walk(page)["station"].get<int>();
    if (out.empty() || out.back() != station) out.push_back(station);
    page.frames();
  }
  return out;
}

}  // namespace

TEST_CASE("the walk comes by its five stations, each said in words, and rests") {
  std::vector<std::string> heard;
  Page page;
  page.announce = [&](const std::string& sentence) { heard.push_back(sentence); };
  page.tell("visitors");
  CHECK(walk(page)["station"] == 0);
  REQUIRE(walk(page)["list"].size() == 5);
  page.click("walk.play");
  CHECK(page.paints("alone"));  // "the model alone sees this picture"
  CHECK(stations(page) == std::vector{1, 2, 3, 4, 5});
  REQUIRE(heard.size() == 5);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    CHECK(heard[i].starts_with(std::to_string(i + 1) + " of 5. "));
    CHECK(heard[i].ends_with(walk(page)["list"][i].get<std::string>()));
  }
  CHECK(heard[2].find("names") != std::string::npos);
  CHECK(heard[4].find("10\u00a0%") != std::string::npos);  // by chance
  page.rest();
  CHECK(page.frames(30) < 0);  // nothing loops
}

TEST_CASE("the keyboard goes from station to station, and a button does, too") {
  Page page;
  page.tell("visitors");
  page.tab_to("walk.play");
  page.press(ImGuiKey_RightArrow);
  page.press(ImGuiKey_RightArrow);
  CHECK(walk(page)["station"] == 2);
  CHECK(walk(page)["playing"] == false);
  page.frames(300);
  CHECK(walk(page)["station"] == 2);
  page.press(ImGuiKey_LeftArrow);
  CHECK(walk(page)["station"] == 1);
  page.click("walk.next");
  CHECK(walk(page)["station"] == 2);
  page.click("walk.play");  // goes on from here
  CHECK(stations(page) == std::vector{2, 3, 4, 5});
  page.click("walk.play");
  page.click("walk.play");  // pauses
  CHECK(walk(page)["playing"] == false);
  page.press(ImGuiKey_Escape);
  CHECK(walk(page)["station"] == 0);
}

TEST_CASE("with less motion the walk is five stills: between them no frame is wanted") {
  Page page(1280, 720, {}, true);
  page.tell("visitors");
  page.point(640, 8);
  page.rest();
  page.app->command({{"do", "walk"}});
  page.frames(2);
  for (int station = 1; station <= 5; ++station) {
    CHECK(walk(page)["station"] == station);
    int moving = 0;
    for (int i = 0; i < 400 && walk(page)["station"] == station; ++i) moving += page.frames() == 0 ? 1 : 0;
    CHECK(moving <= 1);
  }
  CHECK(walk(page)["station"] == 0);
}

TEST_CASE("a run that comes to the stage ends the walk, and where the attacker is told nothing there is none") {
  Page page;
  page.tell("visitors");
  page.app->command({{"do", "walk"}, {"station", 3}});
  page.frames(2);
  CHECK(walk(page)["station"] == 3);
  page.app->command({{"do", "set"}, {"fields", {{"defense.kind", "mid"}, {"defense.beta", .1}}}});
  page.rest();
  CHECK(walk(page)["station"] == 0);
  page.app->command({{"do", "walk"}, {"station", 3}});
  page.frames(2);
  CHECK(walk(page)["said"].get<std::string>().find("Without defence:") != std::string::npos);
  page.tell("confidence");
  CHECK_FALSE(page.has("walk.play"));
  CHECK(walk(page)["list"].empty());
  page.tell("face-from-name");  // it has the model itself, and steps that can be watched
  CHECK_FALSE(page.has("walk.play"));
  CHECK(page.has("theatre"));
}

TEST_CASE("a presenter's keys play the walk and choose its station") {
  Page page;
  page.tell("visitors");
  page.app->command({{"do", "present"}});
  page.frames(5);
  page.press(ImGuiKey_4);
  CHECK(walk(page)["station"] == 4);
  page.press(ImGuiKey_S);
  CHECK(walk(page)["playing"] == true);
  page.press(ImGuiKey_S);
  CHECK(walk(page)["playing"] == false);
}
