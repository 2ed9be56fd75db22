#include <algorithm>
#include <fonts.hpp>

#include "figures.hpp"
#include "frame.hpp"
#include "mid/version.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

/// How much the attacker keeps of what it had without defence (or could have): picks the sentence.
std::string_view level(const Lab& lab, const Measure& attack) {
  if (!attack.value) return "explain.wait";
  const double floor = attack.baseline.value_or(0), value = *attack.value;
  const Run* without = lab.undefended();
  const double most = std::max(without && without->privacy ? *without->privacy : 1., floor + .01);
  const double kept = (value - floor) / (most - floor);
  return kept > .8 ? "high" : kept > .45 ? "middle" : "low";
}

std::string repeats_note(const Json& result) {
  const Json spec = result.value("spec", Json());
  const bool noisy = (defence_of(spec) == "mid" && model_of(spec) != "tree") || release_of(spec) == "noise";
  if (!noisy) return std::string(words("honest.always"));
  if (release_of(spec) == "sticky") return std::string(words("honest.sticky"));
  const int n = repeats_of(spec);
  const std::string asked = n == 1 ? std::string(words("once")) : words("times", {{"n", std::to_string(n)}});
  return words("honest.noise", {{"asked", asked}});
}

float note(Frame& f, float x, float y, float w, std::string_view text) {
  Paint& p = f.paint;
  const int lines = p.paragraph(x + 15, y + 15, w - 15, kNote, f.theme().ink2, text, 21);
  const float h = 21 * static_cast<float>(lines);
  p.fill({x, y - 1, 3, h}, f.theme().edge, 1.5f);
  return y + h + 10;
}

/// Two facts of the run on the stage; returns where the next thing may stand.
float honest(Frame& f, float x, float y, float w) {
  const Lab& lab = f.lab;
  const Json result = lab.has_result() ? lab.shown().result : Json();
  const Measure attack = measure_of(result, "privacy", lab.story().privacy);
  if (!attack.value) {
    y = note(f, x, y, w, story_words(lab.story().key, "honest.here"));
    return note(f, x, y, w, words("honest.wait"));
  }
  std::string first = repeats_note(result);
  if (lab.story().stage == Stage::tree) {
    const std::string bits = figure(measure_of(result, "information", "leaf_information").value.value_or(0));
    first = words("survey-tree.honest.total", {{"bits", bits}});
  }
  y = note(f, x, y, w, first);
  return note(f, x, y, w, story_words(lab.story().key, "honest", {{"n", std::to_string(attack.n)}, {"low", percent(attack.low)},
                                                                  {"high", percent(attack.high)}, {"base", percent(attack.baseline)}}));
}

}  // namespace

void explain(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Lab& lab = f.lab;
  const Json result = lab.has_result() ? lab.shown().result : Json();
  const Measure attack = measure_of(result, "privacy", lab.story().privacy);

  p.icon(box.x + 8, box.y + 22, icon::kLightbulb, t.ink);
  p.text(box.x + 25, box.y + 28, kBodyStrong, t.ink, words("explain.head"));
  const std::string_view sentence = story_words(lab.story().key, level(lab, attack));
  const int lines = p.paragraph(box.x, box.y + 64, box.w, kBody, t.ink, sentence, 25);
  float y = box.y + 64 + 25 * static_cast<float>(lines - 1) + 36;
  formula(f, {box.x, y - 14, box.w, 113});
  y += 11 + 88 + 34;
  // Where both have room they stand one under the other, otherwise under two tabs.
  const float left = box.bottom() - y;
  const bool both = left > 236;
  if (both) {
    p.text(box.x, y, kBodyStrong, t.ink, words("honest"));
    y = honest(f, box.x, y + 12, box.w) + 22;
    p.text(box.x, y, kBodyStrong, t.ink, words("try"));
    note(f, box.x, y + 12, box.w, story_words(lab.story().key, "try"));
    return;
  }
  float x = box.x;
  for (const bool trying : {false, true}) {
    const std::string_view word = words(trying ? "try" : "honest");
    const bool open = f.view.trying == trying;
    const float w = p.width(kBodyStrong, word);
    const Touch touch = f.controls.button(trying ? "tab.try" : "tab.honest", {x - 6, y - 20, w + 12, 30});
    p.text(x, y, open ? kBodyStrong : kBody, open ? t.ink : touch.hovered ? t.ink2 : t.ink3, word);
    if (touch.clicked) f.view.trying = trying;
    x += w + 22;
  }
  if (f.view.trying) note(f, box.x, y + 12, box.w, story_words(lab.story().key, "try"));
  else honest(f, box.x, y + 12, box.w);
}

void help(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.icon(box.x + 10, box.y + 22, icon::kCircleHelp, t.ink);
  p.text(box.x + 30, box.y + 28, kBodyStrong, t.ink, words("help"));
  float y = box.y + 62;
  for (const char* key : {"help.text", "help.colours", "help.keys", "help.credits"})
    y += 22 * static_cast<float>(p.paragraph(box.x, y, box.w, kNote, t.ink2, words(key), 22)) + 12;
  p.text(box.x, y, kNote, t.ink3, words("help.version", {{"version", std::string(kVersion)}}));
}

}  // namespace mid::ui
