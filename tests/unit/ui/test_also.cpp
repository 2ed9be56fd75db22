// A second defence beside the first (defense.also) in the sheet of all settings.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>

#include "mid/teach/treatment.hpp"
#include "page.hpp"

using namespace mid;
using test::Page;

namespace {

Json defense_of(const Page& page) { return page.state()["spec"]["defense"]; }

/// The page with that defence, its settings open at the section of defences.
std::unique_ptr<Page> opened(const Json& fields, int width = 1280, int height = 720) {
  auto page = std::make_unique<Page>(width, height, std::string(), true);
  page->app->command({{"do", "run"}, {"preset", "confidence"}});
  page->rest();
  page->app->command({{"do", "set"}, {"fields", fields}});
  page->rest();
  page->click("advanced");
  page->click("section.defense");
  page->frames(2);
  return page;
}

/// The place of a defence in the list of those that may stand beside `first`: before them stands "none".
std::string item(const std::string& first, const std::string& second) {
  const std::vector<std::string> all = allowed_beside(first);
  return "defense.also.kind." + std::to_string(1 + (std::find(all.begin(), all.end(), second) - all.begin()));
}

}  // namespace

TEST_CASE("a second defence is chosen from those that the first allows, has its own settings, and can be taken away") {
  const auto page = opened({{"defense.kind", "mid"}, {"defense.beta", .003}});
  REQUIRE(page->has("defense.also.kind"));
  CHECK_FALSE(page->has("defense.also.rate.more"));
  page->click("defense.also.kind");
  page->frames(2);
  page->click(item("mid", "dropout"));
  page->rest();
  CHECK(defense_of(*page)["also"] == Json{{"kind", "dropout"}, {"rate", .5}});
  REQUIRE(page->has("defense.also.rate.less"));
  page->click("defense.also.rate.less");
  page->rest();
  CHECK(defense_of(*page)["also"]["rate"] == .2);
  CHECK(defense_of(*page)["beta"] == .003);
  page->click("defense.also.kind");
  page->frames(2);
  page->click("defense.also.kind.0");
  page->rest();
  CHECK_FALSE(defense_of(*page).contains("also"));
}

TEST_CASE("where nothing may stand beside a defence, or the model is no network, no second one is offered") {
  CHECK_FALSE(opened({{"defense.kind", "none"}})->has("defense.also.kind"));
  CHECK(allowed_beside("none").empty());
  const auto page = std::make_unique<Page>(1280, 720, std::string(), true);
  page->app->command({{"do", "run"}, {"preset", "survey-tree"}});
  page->rest();
  page->click("advanced");
  page->click("section.defense");
  page->frames(2);
  CHECK(page->has("defense.kind"));
  CHECK_FALSE(page->has("defense.also.kind"));
}

TEST_CASE("another first defence keeps the second one, and is refused in the core's words where it does not allow it") {
  const auto page = opened({{"defense.kind", "mid"}, {"defense.also.kind", "bido"}});
  REQUIRE(defense_of(*page)["also"]["kind"] == "bido");
  const auto choose = [&](const std::string& kind) {
    page->click("defense.kind");
    page->frames(2);
    int at = -1, n = 0;
    const Json catalogue = Session::catalogue();
    for (const Json& section : catalogue["sections"])
      if (section["name"] == "defense")
        for (const Json& entry : section["entries"]) {
          const Json& models = entry["models"];
          if (!models.empty() && std::find(models.begin(), models.end(), "network") == models.end()) continue;
          if (entry["name"] == kind) at = n;
          ++n;
        }
    page->click("defense.kind." + std::to_string(at));
    page->rest();
  };
  choose("dropout");
  CHECK(defense_of(*page)["kind"] == "dropout");
  CHECK(defense_of(*page)["also"]["kind"] == "bido");
  choose("adversarial");  // in the loss, as BiDO is
  CHECK(defense_of(*page)["kind"] == "dropout");
  INFO(page->state()["notice"]);
  CHECK(page->state()["notice"].get<std::string>().find("cannot stand beside") != std::string::npos);
}

TEST_CASE("a second defence stays beside a rival while the slider moves its strength") {
  const Rival rival{"defense.dropout", "rate", {0, .2, .5}};
  const Json base{{"model", {{"kind", "network"}}},
                  {"defense", {{"kind", "dropout"}, {"rate", .2}, {"also", {{"kind", "label_smoothing"}}}}}};
  CHECK(with_rival(rival, base, Json::object(), Json::object(), .5)["defense"] ==
        Json{{"kind", "dropout"}, {"rate", .5}, {"also", {{"kind", "label_smoothing"}}}});
  CHECK(with_rival(rival, base, Json::object(), Json::object(), 0)["defense"] == Json{{"kind", "none"}});
  const Rival other{"defense.bido", "input", {0, .05}};
  CHECK_FALSE(with_rival(other, base, Json::object(), Json::object(), .05)["defense"].contains("also"));
}

TEST_CASE("the row of a second defence lies inside its sheet, on small pages, too") {
  for (const auto& [width, height] : {std::pair{1280, 720}, std::pair{800, 600}}) {
    const auto page = opened({{"defense.kind", "mid"}, {"defense.also.kind", "label_smoothing"}}, width, height);
    INFO(width);
    REQUIRE(page->has("defense.also.kind"));
    page->click("defense.also.kind");
    page->frames(3);
    const Json places = page->state()["controls"];
    for (std::size_t i = 0; i <= allowed_beside("mid").size(); ++i) {
      const Json& line = places["defense.also.kind." + std::to_string(i)];
      CHECK(line[1] >= 0.f);
      CHECK(line[1].get<float>() + line[3].get<float>() <= static_cast<float>(height));
    }
    page->click("defense.also.kind." + std::to_string(0));
    page->rest();
    CHECK_FALSE(defense_of(*page).contains("also"));
    page->app->command({{"do", "set"}, {"fields", {{"defense.also.kind", "label_smoothing"}}}});
    page->frames(3);
    CHECK(page->has("defense.also.alpha.more"));
  }
}
