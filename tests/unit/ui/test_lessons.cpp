// The lessons' panel: predict, then run; what came of it; the place travels in the link.
#include <catch2/catch_test_macros.hpp>

#include "mid/teach/lesson.hpp"
#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

/// A lesson that is quick even under sanitizers.
constexpr const char* kQuick = "trees";

Json here(const Page& page) { return page.state()["lesson"]; }

/// Presses Next through all that the step has to say, to the next step.
void next_step(Page& page) {
  const Json before = here(page)["step"];
  for (int i = 0; i < 6 && here(page).value("step", Json()) == before; ++i) {
    page.click("lesson.next");
    page.frames();
  }
}

void begin_lesson(Page& page) {
  page.frames();
  page.app->command({{"do", "lesson"}, {"key", kQuick}});
  page.rest();
}

}  // namespace

TEST_CASE("a lesson's first step runs at once and says what came of it") {
  Page page;
  page.frames();
  page.click("lessons");
  page.frames(2);
  page.click("lesson." + std::string(kQuick));
  CHECK(page.state()["busy"] == true);
  page.rest();
  CHECK(page.state()["story"] == "survey-tree");
  CHECK(page.state()["strength"] == 0);
  const Json l = here(page);
  CHECK(l["step"] == 1);
  CHECK(l["at"] == "seen");
  REQUIRE(l["lines"].size() == lesson(kQuick).steps[0].expect.size());
  for (const Json& line : l["lines"]) CHECK(line["good"] == true);
}

TEST_CASE("a question is answered before its step runs") {
  Page page;
  begin_lesson(page);
  const Json before = page.state()["spec"];
  next_step(page);
  CHECK(here(page)["at"] == "asking");
  page.frames(5);
  CHECK(page.state()["busy"] == false);
  CHECK(page.state()["spec"] == before);
  page.click("lesson.next");  // there is no way round it
  CHECK(here(page)["step"] == 2);
  page.click("lesson.option.2");
  page.rest();
  CHECK(here(page)["at"] == "seen");
  CHECK(here(page)["answer"] == 2);
  CHECK(page.state()["spec"] != before);
  const Json told = here(page);
  for (const Json& line : told.at("lines")) CHECK(line["good"] == true);  // also those against step 1
}

TEST_CASE("a lesson's place travels in the link, and its figures are compared again") {
  Page page;
  begin_lesson(page);
  next_step(page);
  page.click("lesson.option.1");
  page.rest();
  page.click("share");
  page.frames(2);
  page.click("share.link");
  Page other(1280, 720, page.copied);
  other.rest();
  CHECK(here(other)["key"] == kQuick);
  CHECK(here(other)["step"] == 2);
  CHECK(here(other)["answer"] == 1);
  CHECK(here(other)["at"] == "seen");
  // Step 1 never ran there, but the page has measured the same without a defence.
  const Json told = here(other);
  for (const Json& line : told.at("lines")) CHECK(line["good"] == true);
}

TEST_CASE("a link that names no lesson of ours shows their list, and nothing breaks") {
  for (const Json& lesson :
       {Json{{"key", "no such"}, {"step", 3}}, Json{{"key", kQuick}, {"step", 99}, {"answer", 7}}, Json{{"step", -1}}, Json{{"key", 5}}}) {
    Page page;
    page.frames();
    page.app->command({{"do", "lesson"},
                       {"key", lesson.value("key", Json())},
                       {"step", lesson.value("step", Json())},
                       {"answer", lesson.value("answer", Json())}});
    page.frames(3);
    CHECK(page.state()["lesson"]["open"].is_boolean());
  }
}

TEST_CASE("whoever changes a setting within a lesson is led back") {
  Page page;
  begin_lesson(page);
  page.app->command({{"do", "set"}, {"fields", {{"defense.kind", "mid"}, {"defense.lambda", .1}}}});
  page.rest();
  CHECK(here(page)["at"] == "elsewhere");
  page.click("lesson.return");
  page.rest();
  CHECK(here(page)["at"] == "seen");
  page.app->command({{"do", "set"}, {"fields", {{"seed", 2}}}});  // another draw of the same step
  page.rest();
  CHECK(here(page)["at"] == "seen");
}

TEST_CASE("a lesson is played by keyboard alone") {
  Page page;
  begin_lesson(page);
  page.tab_to("lesson.next");
  page.press(ImGuiKey_Enter);
  page.frames(2);
  CHECK(here(page)["step"] == 2);
  page.tab_to("lesson.option.3");
  page.press(ImGuiKey_Enter);
  page.rest();
  CHECK(here(page)["answer"] == 3);
}
