// The codes of a class: one run's, many runs', and texts that are none.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/experiment/spec.hpp"
#include "page.hpp"
#include "ui/classroom.hpp"
#include "ui/expected.hpp"

using namespace mid;
using Catch::Approx;
using test::Page;

TEST_CASE("thirty codes make a histogram with mean and interval; a seed counts once, other settings and rubbish are left out") {
  std::string text = "Hello, here are ours:\n";
  double sum = 0;
  for (int seed = 1; seed <= 30; ++seed) {
    const double value = 30 + seed * .5;
    sum += value;
    text += "visitors:0.1:" + std::to_string(seed) + ":92.5:" + std::to_string(value).substr(0, 4) + ":abc123" + (seed % 2 ? ",\n" : "; ");
  }
  text +=
      "visitors:0.1:7:92.5:33.5:abc123 visitors:0.2:7:92.5:33.5:ffffff visitors:0.1:8:192.5:33.5:abc123 visitors:0.1:eight:9:9:abc123 "
      "https://example.org:80/x";
  const ui::ClassRuns runs = ui::read_codes(text);
  CHECK(runs.story == "visitors");
  CHECK(runs.strength == Approx(.1));
  REQUIRE(runs.privacy.size() == 30);
  CHECK(runs.again == 1);
  CHECK(runs.others == 1);
  CHECK(runs.unreadable == 2);
  const Measure mean = runs.mean(runs.privacy);
  CHECK(mean.value.value() == Approx(sum / 30 / 100).margin(1e-9));
  CHECK(mean.low.value() < mean.value.value());
  CHECK(mean.high.value() > mean.value.value());
  CHECK(mean.high.value() - mean.low.value() == Approx(2 * 1.96 * .0433 / std::sqrt(30.)).epsilon(.15));
  const auto bins = runs.bins(runs.privacy);
  CHECK(bins[6] == 9);   // 30.5 to 34.5
  CHECK(bins[7] == 10);  // 35 to 39.5
  CHECK(bins[8] == 10);
  CHECK(bins[9] == 1);  // 45 itself
  CHECK_FALSE(ui::read_codes("").any());
  CHECK_FALSE(ui::read_codes("nothing of ours : at all :::").any());
}

TEST_CASE("the code of a run is read back as that run, differs by seed alone between seeds, and by its mark between settings") {
  Page page;
  page.rest();
  const std::string first = page.state()["class"]["code"].get<std::string>();
  const ui::ClassRuns read = ui::read_codes(first);
  REQUIRE(read.privacy.size() == 1);
  CHECK(read.story == "visitors");
  page.app->command({{"do", "set"}, {"fields", {{"seed", 2}}}});
  page.rest();
  const std::string second = page.state()["class"]["code"].get<std::string>();
  CHECK(second != first);
  CHECK(ui::read_codes(first + "\n" + second).privacy.size() == 2);
  page.app->command({{"do", "set"}, {"fields", {{"seed", 3}, {"release.kind", "label_only"}}}});
  page.rest();
  CHECK(ui::read_codes(first + " " + second + " " + page.state()["class"]["code"].get<std::string>()).others == 1);
}

TEST_CASE("codes are pasted where they are wanted, travel in the link, and nowhere else do they open anything") {
  Page page;
  page.rest();
  CHECK(page.state()["takes_codes"] == false);
  page.click("share");
  page.frames(2);
  page.click("share.class");
  page.frames(2);
  CHECK(page.state()["takes_codes"] == true);
  page.click("class.paste");
  CHECK(page.asked_to_paste == 1);
  page.app->command({{"do", "class"}, {"text", "visitors:0.1:1:92.5:33.5:abc123 visitors:0.1:2:92.5:43.5:abc123"}});
  page.frames(2);
  CHECK(page.state()["class"]["n"] == 2);
  page.click("class.copy");
  CHECK(page.copied_text == page.state()["class"]["code"].get<std::string>());
  page.frames(60);
  Page other(1280, 720, page.address);
  other.frames(2);
  CHECK(other.state()["class"]["n"] == 2);
}

TEST_CASE("every stop of every story has what ten seeds gave, and a run says whether it is as expected") {
  for (const ui::Story& story : ui::stories()) {
    if (story.own) continue;
    Json base = preset(story.key);
    if (!story.changes.empty()) base = with_fields(base, story.changes);
    for (const double stop : story.stops) {
      INFO(story.key << " at " << stop);
      const Json spec = ui::with_choice(story, base, base, stop, 5);
      const auto expected = ui::expected_of(check_spec(spec).json());
      REQUIRE(expected.has_value());
      CHECK(expected->seeds == 10);
      CHECK(expected->utility.first <= expected->utility.second);
    }
  }
  CHECK_FALSE(ui::expected_of(with_fields(preset("visitors"), {{"defense.beta", .123}})).has_value());
  CHECK_FALSE(ui::expected_of(Json()).has_value());
  Page page(1920, 1080);
  page.rest();
  const ui::Seen seen = page.look();
  CHECK(std::any_of(seen.texts.begin(), seen.texts.end(), [](const auto& t) { return t.text.find("xpected") != std::string::npos; }));
}
