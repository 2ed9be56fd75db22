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

/// What training pays for: the code of one record. The bound of a result counts every repeat and what the release leaves over.
std::optional<double> told_by_one_answer(const Json& result) {
  const Json spec = result.is_object() ? result.value("spec", Json()) : Json();
  if (release_of(spec) != "none") return measure_of(result, "information", "kl_train").value;
  auto told = measure_of(result, "information", "kl_bound").value;
  if (told) *told /= repeats_of(spec);
  return told;
}

/// total = mistakes + strength x told, in words, numbers now, and symbols.
void formula(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Lab& lab = f.lab;
  p.fill(box, t.surface, 12);
  p.stroke(box, t.line, 1, 12);
  const Json result = lab.has_result() ? lab.shown().result : Json();
  auto mistakes = measure_of(result, "utility", "nll").value, told = told_by_one_answer(result);
  const double strength = lab.has_result() ? lab.shown().strength : lab.strength();
  std::string total = "–";
  // Before the first result the training itself says what it has come to.
  if (const Json loss = field_of(lab.progress().live, "loss"); !lab.has_result() && loss.is_number()) {
    total = figure(loss.get<double>());
    if (lab.strength() == 0) mistakes = loss.get<double>();
  }
  if (mistakes && (strength == 0 || told)) total = figure(*mistakes + strength * told.value_or(0));
  const ImU32 grey = t.ink3;
  const bool old = lab.stale();
  const struct {
    std::string_view word;
    std::string number;
    std::string_view symbol;
    ImU32 colour;
  } terms[] = {{words("total"), total, "L", t.ink},
               {words("mistakes"), mistakes ? figure(*mistakes) : "–", "CE", t.model},
               {words("strength.word"), strength == 0 ? "0" : strength_text(strength), "β", t.defend},
               {words("told"), told ? figure(*told) : "–", "I (nats)", t.attack}};
  constexpr const char* kSigns[] = {"=", "+", "×"};
  float widths[4], sum = 0;
  for (int i = 0; i < 4; ++i) {
    widths[i] = std::max({p.width(kNoteMedium, terms[i].word), p.width(kFormula, terms[i].number), p.width(kNote, terms[i].symbol)});
    sum += widths[i];
  }
  const float gap = (box.w - 32 - sum) / 3;
  float x = box.x + 16;
  for (int i = 0; i < 4; ++i) {
    const float middle = x + widths[i] / 2;
    p.text(middle, box.y + 24, kNoteMedium, i == 0 ? t.ink : terms[i].colour, terms[i].word, Align::centre);
    p.text(middle, box.y + 50, kFormula, old ? grey : terms[i].colour, terms[i].number, Align::centre);
    p.text(middle, box.y + 74, kNote, t.ink3, terms[i].symbol, Align::centre);
    x += widths[i];
    if (i < 3) p.text(x + gap / 2, box.y + 50, kFormula, t.ink3, kSigns[i], Align::centre);
    x += gap;
  }
}

std::string repeats_note(const Lab& lab, const Json& result) {
  if (lab.shown().strength == 0) return std::string(words("honest.always"));
  if (release_of(result.value("spec", Json())) == "sticky") return std::string(words("honest.sticky"));
  const int n = repeats_of(result.value("spec", Json()));
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
  y = note(f, x, y, w, repeats_note(lab, result));
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
  p.text(box.x, y, kNote, t.ink2, words(lab.has_result() ? "explain.sum" : "explain.sum.live"));
  formula(f, {box.x, y + 11, box.w, 88});
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
