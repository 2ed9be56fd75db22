// The shelf of all stories: what its cards say, and where they lead.
#include <catch2/catch_test_macros.hpp>

#include "mid/experiment/spec.hpp"
#include "page.hpp"
#include "ui/expected.hpp"
#include "ui/figures.hpp"
#include "ui/story.hpp"
#include "ui/strings.hpp"

using namespace mid;
using test::Page;

TEST_CASE("the shelf has a card for every story, for a digit and for a table, each with its promise") {
  Page page;
  page.frames();
  page.click("stories");
  page.frames(2);
  CHECK(page.state()["shelf"] == true);
  int cards = 0;
  for (const ui::Story& s : ui::stories()) {
    if (s.own) continue;
    INFO(s.key);
    CHECK(page.has("story." + s.key));
    const std::string_view promise = ui::story_words(s.texts, "promise");
    CHECK(promise != "promise");
    CHECK(page.paints(std::string(promise.substr(promise.rfind(' ') + 1))));  // words are painted one by one
    ++cards;
  }
  CHECK(cards >= 6);
  CHECK(page.has("story.draw"));
  CHECK(page.has("story.table"));
  CHECK_FALSE(page.has("play"));  // the shelf stands over stage and controls
}

TEST_CASE("a card says what the attacker gets without a defence beside what guessing gets, as ten seeds gave it") {
  Page page;
  page.frames();
  page.click("stories");
  page.frames(2);
  const auto visitors = ui::stories()[0];
  REQUIRE(visitors.key == "visitors");
  const auto usual = ui::expected_of(ui::with_choice(visitors, preset("visitors"), preset("visitors"), 0, 1));
  REQUIRE(usual);
  CHECK(page.paints(ui::percent(*usual->privacy_mean)));
  CHECK(page.paints(ui::words("stories.guess", {{"guess", ui::percent(*usual->privacy_guess)}})));
  CHECK(usual->privacy_guess == .1);  // one of ten in a line-up
}

TEST_CASE("a click on a card shows that story and closes the shelf; the cross closes it and changes nothing") {
  Page page;
  page.frames();
  page.click("stories");
  page.frames(2);
  page.click("story.survey-tree");
  page.frames(2);
  CHECK(page.state()["story"] == "survey-tree");
  CHECK(page.state()["shelf"] == false);
  CHECK(page.has("play"));
  page.click("stories");
  page.frames(2);
  page.click("stories.close");
  page.frames(2);
  CHECK(page.state()["story"] == "survey-tree");
  CHECK(page.state()["shelf"] == false);
}

TEST_CASE("the cards of a digit and of a table open paper and wizard") {
  Page page;
  page.frames();
  page.click("stories");
  page.frames(2);
  page.click("story.draw");
  page.frames(2);
  CHECK(page.state()["drawing"] == true);
  page.app->command({{"do", "stories"}});
  page.frames(2);
  page.click("story.table");
  page.frames(2);
  CHECK(page.state()["shelf"] == false);
  CHECK(page.state()["drawing"] == false);
}
