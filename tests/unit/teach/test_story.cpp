// Stories: what their files give, what their reader refuses, which one shows a specification (teach/story.hpp).
#include <catch2/catch_test_macros.hpp>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/teach/story.hpp"

using namespace mid;

namespace {

Json small_story() {
  return Json::parse(R"({
    "version": 1, "order": 5,
    "specification": {"data": {"name": "adult", "sensitive": "sex", "private": 300, "auxiliary": 400, "held_out": 400},
                      "model": {"kind": "network", "hidden": [8], "bottleneck": 4}, "defense": {"kind": "mid", "beta": 0.01},
                      "attack": {"kind": "likelihood_inference"}},
    "texts": {"own": ["confidence"]},
    "page": {"track": "survey", "stage": "beliefs", "figures": {"utility": "accuracy", "privacy": "attack_accuracy"},
             "slider": {"parameter": "beta", "symbol": "β", "stops": [0, 0.01], "defences": ["mid"], "off": {"model.bottleneck": 0}},
             "recognises": []}
  })");
}

std::string story_refusal(const Json& j) {
  try {
    read_story(j.dump(), "small.json", "small");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

/// What is said when the value at `path` is another, or (null) is not there.
std::string story_with(const char* path, Json value) {
  Json j = small_story();
  const Json::json_pointer at(path);
  if (value.is_null())
    j[at.parent_pointer()].erase(at.back());
  else
    j[at] = std::move(value);
  return story_refusal(j);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

std::string shown_by(const Json& spec) { return stories()[static_cast<std::size_t>(story_of(spec))].key; }

}  // namespace

TEST_CASE("a story is read whole") {
  const Story s = read_story(small_story().dump(), "small.json", "small");
  CHECK(s.key == "small");
  CHECK(s.specification["seed"] == 1);
  CHECK(s.specification["version"] == 1);
  CHECK(s.stage == Stage::beliefs);
  CHECK(s.stops == std::vector<double>{0, .01});
  CHECK(s.off == Json{{"model.bottleneck", 0}});
  CHECK(s.repeats);
  CHECK(s.opens_with.empty());
  CHECK(stories()[static_cast<std::size_t>(find_story("which-seven"))].opens_with == "7");
  CHECK_FALSE(s.own);
  Json own = small_story();
  own.erase("specification");
  CHECK(read_story(own.dump(), "own.json", "own").own);
  Json preset = small_story();
  preset.erase("page"), preset.erase("texts");
  CHECK_FALSE(read_story(preset.dump(), "preset.json", "preset").on_page);
}

TEST_CASE("a slider may fall from weak to strong, as an epsilon does") {
  Json j = small_story();
  j["page"]["slider"]["stops"] = {0, .3, .1, .01};
  CHECK(read_story(j.dump(), "small.json", "small").stops == std::vector<double>{0, .3, .1, .01});
}

TEST_CASE("what is wrong with a story is said with file and field") {
  CHECK(story_refusal(small_story()).empty());
  CHECK(contains(story_refusal("no object"), "small.json"));
  CHECK(contains(story_with("/colour", "red"), "small.json: colour is unknown"));
  CHECK(contains(story_with("/version", 2), "version must be a whole number from 1 to 1, found 2"));
  CHECK(contains(story_with("/order", nullptr), "order is missing"));
  CHECK(contains(story_with("/order", "first"), "order must be a whole number"));
  CHECK(contains(story_with("/specification/model/kind", "forest"), "specification is none: model.kind"));
  CHECK(contains(story_with("/specification/data/colour", 1), "specification is none: data.colour"));
  CHECK(contains(story_with("/page/track", "film"), "page.track must be one of pictures, survey or dose, found \"film\""));
  CHECK(contains(story_with("/page/stage", nullptr), "page.stage is missing"));
  CHECK(contains(story_with("/page/figures/utility", "rmse"), "page.figures.utility must be a figure that the story's runs give"));
  CHECK(contains(story_with("/page/figures/third", "rmse"), "page.figures.third is unknown"));
  CHECK(contains(story_with("/page/slider/stops", {0}), "page.slider.stops must be a list of 2 to 20"));
  CHECK(contains(story_with("/page/slider/stops", {.1, .2}), "must begin with 0"));
  CHECK(contains(story_with("/page/slider/stops", {0, .1, .2, .1}),
                 "must begin with 0, which is Off, and rise, or fall from the second on, found 0.1 behind 0.2"));
  CHECK(contains(story_with("/page/slider/stops", {0, .2, .1, .15}), "found 0.15 behind 0.1"));
  CHECK(contains(story_with("/page/slider/stops", {0, .2, .2}), "found 0.2 behind 0.2"));
  CHECK(contains(story_with("/page/slider/stops", {0, .2, 0}), "found 0 behind 0.2"));
  CHECK(contains(story_with("/page/slider/stops", {0, -1, 1}), "and rise"));
  CHECK(contains(story_with("/page/slider/stops", {0, 1e9}), "page.slider.stops"));
  CHECK(contains(story_with("/page/slider/parameter", "lambda"), "page.slider.parameter must be a field of each"));
  CHECK(contains(story_with("/page/slider/defences", {"wall"}), "page.slider.defences must be defences"));
  CHECK(contains(story_with("/page/slider/off", {{"model.colour", 1}}), "page sets"));
  CHECK(contains(story_with("/page/changes", {{"attack.judge", "yes"}}), "page sets"));
  CHECK(contains(story_with("/page/companions", {{"other", 1}}), "page.companions.other must be an object of fields and values, found 1"));
  CHECK(contains(story_with("/page/companions", {{"other", {{"attack.kind", "nobody"}}}}), "page sets"));
  CHECK(contains(story_with("/page/repeats", 1), "page.repeats must be true or false, found 1"));
  CHECK(contains(story_with("/page/recognises", {1}), "page.recognises must be a list of objects"));
  CHECK(contains(story_with("/page/recognises", {{{"model.kind", "tree"}}}), "page.recognises must give a list of values for model.kind"));
  CHECK(contains(story_with("/texts/own", {"nobody"}), "texts.own leads to no text for 'menu'; write one under nobody.menu"));
  CHECK(contains(story_with("/texts/data", {"adult"}), "texts.of_others is missing"));
  CHECK(contains(story_with("/texts", nullptr), "texts is missing"));
  Json nothing = small_story();
  nothing.erase("specification"), nothing.erase("page");
  CHECK(contains(story_refusal(nothing), "specification is missing, and so is page"));
}

TEST_CASE("every story that comes along can be told at every stop") {
  REQUIRE(stories().size() >= 6);
  for (const Story& s : stories())
    if (!s.own)
      for (const double stop : s.stops) {
        INFO(s.key << " at " << stop);
        Json fields = s.changes.is_object() ? s.changes : Json::object();
        if (stop == 0)
          fields.update(s.off), fields["defense.kind"] = "none";
        else
          fields["defense." + s.parameter] = stop;
        CHECK_NOTHROW(with_fields(preset(s.key), fields));
      }
}

TEST_CASE("a specification is shown by the story that is about it") {
  for (const Story& s : stories())
    if (!s.own) CHECK(shown_by(check_spec(preset(s.key)).json()) == s.key);
  CHECK(shown_by(check_spec(preset("steak-tree")).json()) == "survey-tree");
  CHECK(shown_by(check_spec(preset("dp-large-n")).json()) == "dose");
  CHECK(shown_by(check_spec(preset("label-from-update")).json()) == "which-seven");
  CHECK(shown_by(with_fields(preset("visitors"), {{"release.of", "embedding"}})) == "numbers-inside");
  CHECK(shown_by(with_fields(preset("private-training"), {{"attack.kind", "map_inference"}})) == "private-training");
  const auto faces = [](const char* attack) { return shown_by(with_fields(preset("visitors"), {{"attack.kind", attack}})); };
  CHECK(faces("gmi") == "face-from-name");
  CHECK(faces("none") == "visitors");
  CHECK(shown_by(with_fields(preset("confidence"), {{"attack.kind", "none"}})) == "confidence");
  for (const auto& [model, story] : {std::pair{"network", "own-network"}, {"tree", "own-tree"}, {"linear", "own-number"}})
    CHECK(shown_by({{"data", {{"name", "csv"}}}, {"model", {{"kind", model}}}}) == story);
  CHECK(shown_by({{"data", {{"name", "csv"}}}, {"attack", {{"kind", "mi_face"}}}}) == "own-network");
  CHECK(shown_by(Json()) == "visitors");
}

TEST_CASE("presets keep their order and their identity") {
  // The ids under which results, links and docs/expected.json know them.
  const std::vector<std::pair<std::string, std::string>> known{
      {"visitors", "34cff5a21b411c20"},
      {"visitors-conv", "f03d722bb3e98b68"},
      {"confidence", "82afb6ebc63ecdcb"},
      {"which-seven", "8be010590b116633"},
      {"digits-conv", "2d2a834c2248b808"},
      {"face-from-name", "4787d1b74dcc39f8"},
      {"survey-tree", "0c15d195e9f71c0e"},
      {"steak-tree", "d9b10e4e75df925b"},
      {"dose", "9085a2b83650e2f4"},
      {"private-training", "d378b6fc62d502f2"},
      {"numbers-inside", "a0a25304bffc82a8"},
      {"dp-fixed-model", "d3bdd7390493d4c4"},
      {"dp-large-n", "9bf71fbc9793b94d"},
      {"dp-weights", "98bbbe221c02d160"},
      {"label-from-update", "4205219b326c4d66"},
      {"tiny", "fb47b5c4ba7bca86"},
  };
  std::vector<std::string> names;
  for (const auto& [name, id] : known) {
    names.push_back(name);
    INFO(name);
    CHECK(check_spec(preset(name)).id() == id);
  }
  CHECK(preset_names() == names);
}
