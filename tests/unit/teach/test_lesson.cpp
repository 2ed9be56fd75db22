// Lessons: what their reader refuses, what their sentences and ranges say (teach/lesson.hpp).
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "mid/base/error.hpp"
#include "mid/base/language.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/teach/lesson.hpp"

using namespace mid;

namespace {

Json words(const std::string& en, const std::string& de = "") {
  Json j = {{"en", en}};
  if (!de.empty()) j["de"] = de;
  return j;
}

Json small() {
  const Json level = {{"measure", "accuracy"}, {"group", "utility"}, {"mean", .8428}, {"sd", .01}, {"low", .8}, {"high", .9},
                      {"unit", "proportion"}};
  const Json less = {{"measure", "attack_accuracy"}, {"group", "privacy"}, {"than", 1}, {"high", -.1}, {"mean", -.2},
                     {"unit", "proportion"}};
  const Json question = {{"ask", words("Less?")}, {"options", {words("Yes"), words("No")}}, {"answer", 0}};
  return {{"version", 1},
          {"key", "small"},
          {"title", words("Small", "Klein")},
          {"goal", words("Goal")},
          {"minutes", 10},
          {"preset", "confidence"},
          {"steps",
           {{{"say", words("Look.")},
             {"see", words("{accuracy} right.", "{accuracy} richtig.")},
             {"set", {{"defense.kind", "none"}}},
             {"expect", {level}}},
            {{"say", words("Now β = 0.003.")}, {"see", words("Before: {accuracy:1}.")}, {"expect", {less}}, {"question", question}}}},
          {"teacher", {words("Note {accuracy:1}.")}}};
}

std::string refusal(const Json& j) {
  try {
    read_lesson(j.dump(), "small.json");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a lesson is read whole") {
  const Lesson l = read_lesson(small().dump(), "small.json");
  CHECK(l.key == "small");
  REQUIRE(l.steps.size() == 2);
  CHECK(l.steps[1].question->options.size() == 2);
  CHECK(l.steps[1].expect[0].than == std::size_t{0});
  CHECK(step_spec(l.steps[0], 3)["seed"] == 3);
  CHECK(step_spec(l.steps[0], 3)["defense"]["kind"] == "none");
  CHECK(step_spec(l.steps[1], 1) == check_spec(preset("confidence")).json());
}

TEST_CASE("what is wrong with a lesson is said with file and field") {
  CHECK(refusal(small()).empty());
  CHECK(has(refusal("no object"), "small.json"));
  const auto with = [](auto&& change) {
    Json j = small();
    change(j);
    return refusal(j);
  };
  CHECK(has(with([](Json& j) { j.erase("goal"); }), "small.json: goal is missing"));
  CHECK(has(with([](Json& j) { j["more"] = 1; }), "small.json: more is unknown"));
  CHECK(has(with([](Json& j) { j["version"] = 2; }), "small.json: version must be"));
  CHECK(has(with([](Json& j) { j["minutes"] = 0; }), "small.json: minutes must be"));
  CHECK(has(with([](Json& j) { j["title"] = "Small"; }), "small.json: title must be an object"));
  CHECK(has(with([](Json& j) { j["preset"] = "none"; }), "small.json: preset must be one of visitors"));
  CHECK(has(with([](Json& j) { j["steps"].erase(1); }), "small.json: steps must be a list of 2 to 8 entries, found 1"));
  CHECK(has(with([](Json& j) { j["steps"][0]["set"]["defense.beta"] = -1; }), "small.json: steps.1.set is no specification: defense"));
  CHECK(has(with([](Json& j) { j["steps"][0]["expect"][0]["measure"] = "line_up"; }),
            "small.json: steps.1.expect.1.measure must be a figure that the step's run gives"));
  CHECK(has(with([](Json& j) { j["steps"][0]["expect"][0]["measure"] = "detail_back"; }),
            "small.json: steps.1.expect.1.measure names the figure detail_back, which is called r_squared since version 0.1.0"));
  CHECK(has(with([](Json& j) { j["steps"][0]["expect"][0]["group"] = "other"; }), "small.json: steps.1.expect.1.group must be utility"));
  CHECK(has(with([](Json& j) { j["steps"][0]["expect"][0]["low"] = 1; }), "small.json: steps.1.expect.1.low must not lie above high"));
  CHECK(
      has(with([](Json& j) { j["steps"][1]["expect"][0].erase("high"); }), "small.json: steps.2.expect.1.low is missing, and so is high"));
  CHECK(has(with([](Json& j) { j["steps"][1]["expect"][0]["than"] = 2; }),
            "small.json: steps.2.expect.1.than must be a whole number from 1 to 1"));
  CHECK(has(with([](Json& j) { j["steps"][0]["expect"][0]["than"] = 1; }),
            "small.json: steps.1.expect.1.than must not stand on the first step"));
  CHECK(has(with([](Json& j) { j["steps"][1]["question"]["answer"] = 2; }),
            "small.json: steps.2.question.answer must be a whole number from 0 to 1"));
  CHECK(has(with([](Json& j) { j["steps"][1]["question"]["options"].erase(1); }),
            "small.json: steps.2.question.options must be a list of 2 to 4"));
  CHECK(has(with([](Json& j) { j["steps"][0]["question"] = j["steps"][1]["question"]; }),
            "small.json: steps.1.question must not stand on the first step"));
  CHECK(has(with([](Json& j) { j["steps"][0]["see"]["en"] = "{nll} right"; }), "small.json {nll} stands for no figure"));
  CHECK(has(with([](Json& j) { j["teacher"][0]["en"] = "{accuracy}"; }), "{accuracy} stands for no figure"));
}

TEST_CASE("figures in sentences are those that were measured, in the reader's language") {
  const Lesson l = read_lesson(small().dump(), "small.json");
  CHECK(lesson_text(l, 0, l.steps[0].see, "en") == "84\u00a0% right.");
  CHECK(lesson_text(l, 0, l.steps[0].see, "de") == "84\u00a0% richtig.");
  CHECK(lesson_text(l, 1, l.steps[1].see, "de") == "Before: 84\u00a0%.");  // no German: English
  Expectation e;
  e.measure = "leaf_information", e.unit = "bits", e.low = 2.43, e.high = 2.91;
  CHECK(expectation_range(e, "en") == "2.43 to 2.91\u00a0bits");
  CHECK(expectation_range(e, "de") == "2,43 bis 2,91\u00a0Bit");
  e = l.steps[1].expect[0];
  CHECK(expectation_name(e, "en") == "secrets named right, against step 1");
  CHECK(expectation_name(e, "de") == "Geheimnisse richtig genannt, gegen Schritt 1");
  CHECK(expectation_range(e, "en") == "at most \u221210\u00a0points");
  CHECK(expectation_value(e, -.207, "de") == "\u221221\u00a0Punkte");
  CHECK(expectation_value(e, .041, "en") == "+4.1\u00a0points");
}

TEST_CASE("an expectation holds within its range, ends included") {
  Expectation e;
  e.low = .2, e.high = .4;
  CHECK(found(e, .2, {}).as_expected);
  CHECK(found(e, .4, {}).as_expected);
  CHECK_FALSE(found(e, .41, {}).as_expected);
  CHECK_FALSE(found(e, .19, {}).as_expected);
  CHECK_FALSE(found(e, {}, {}).seen);
  e.than = 0, e.low.reset(), e.high = -.1;
  CHECK(found(e, .5, .7).as_expected);
  CHECK_FALSE(found(e, .65, .7).as_expected);
  CHECK_FALSE(found(e, .5, {}).as_expected);
}

TEST_CASE("twelve lessons come along, each with two questions and all languages") {
  std::set<std::string> keys, texts;
  for (const Lesson& l : lessons()) {
    INFO(l.key);
    keys.insert(l.key);
    int questions = 0;
    const auto both = [&](const Words& w) {
      INFO(w.key);
      texts.insert(w.key);
      CHECK(w.own.size() == 1);  // English; the others are in core/teach/texts
      for (const Language& other : languages().subspan(1)) CHECK((!w.in(other.code).empty() && w.in(other.code) != w.in("en")));
    };
    both(l.title), both(l.goal);
    for (const Words& note : l.teacher) both(note);
    CHECK((l.steps.size() >= 3 && l.steps.size() <= 6));
    for (const LessonStep& s : l.steps) {
      both(s.say), both(s.see);
      if (!s.question) continue;
      ++questions;
      both(s.question->ask);
      for (const Words& o : s.question->options) both(o);
    }
    CHECK(questions == 2);
  }
  CHECK(keys.size() == 12);
  for (const std::string_view key : text_keys()) {  // none is left over from a step that is gone
    INFO(key);
    CHECK((own_text(key, "en").has_value() || texts.contains(std::string(key))));
  }
  CHECK_THROWS_AS(lesson("none"), Error);
}
