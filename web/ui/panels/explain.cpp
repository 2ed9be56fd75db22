#include <algorithm>
#include <fonts.hpp>
#include <string>
#include <vector>

#include "mid/measure/figure.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/lessons.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {
namespace {

/// Which sentence is true of the run on the stage: by what its picture shows, and otherwise by how much the attacker keeps of what
/// it had without defence (or could have).
std::string_view level(const PageModel& model, const Measure& attack) {
  if (!attack.value) return "explain.wait";
  if (model.runs().shown().tree) {
    const TreeView tree(model.runs().shown());
    return !tree.leaf_gives_away() ? "low" : tree.has_cuts() ? "middle" : "high";
  }
  const double floor = attack.baseline.value_or(0), value = *attack.value;
  const Run* without = model.runs().undefended();
  const double most = std::max(without && without->privacy ? *without->privacy : 1., floor + .01);
  const double kept = (value - floor) / (most - floor);
  // Where the attacker takes what the model is for, a defence that leaves the model changes nothing: that is to be said.
  const bool in_vain = model.choice().story().white_box && defence_of(model.runs().shown().spec()) != "none" &&
                       field_of(model.choice().spec(), "attack.prior") != "pixels";
  if (kept > .8) return in_vain ? "high.defended" : "high";
  if (kept > .45) return "middle";
  // A dose that follows the patient as before is covered by noise, and not flat.
  const std::string_view weighed = picked_figure(FigureKind::Group::utility, &FigureKind::weighed, FigureKind::linear);
  const Measure error = model.runs().figure("utility", weighed);
  if (model.choice().story().of_a_number() && error.value && error.baseline && *error.value < .9 * *error.baseline) return "middle";
  return "low";
}

/// Of a regression "much of the defence is the noise" is said where there is any.
const char* honest_key(const PageModel& model) {
  return model.choice().story().of_a_number() && !model.choice().story().own && !is_noisy(model.runs().shown().spec()) ? "honest.exact"
                                                                                                                       : "honest";
}

std::string repeats_note(const Json& spec) {
  const bool noisy = is_noisy(spec);
  if (stories()[static_cast<std::size_t>(story_of(spec))].white_box)
    return std::string(words(noisy ? "honest.white" : "honest.white.plain"));
  if (!noisy) return std::string(words("honest.always"));
  if (const ReleaseKind* release = release_kind_of(spec); release && *release->noise == ReleaseKind::Noise::once_a_record)
    return std::string(words("honest.sticky"));
  const int n = repeats_of(spec);
  const std::string asked = n == 1 ? std::string(words("once")) : words("times", {{"n", count(n)}});
  return words("honest.noise", {{"asked", asked}});
}

/// Sentences with a stroke at their left, as many as there is room for down to `bottom`, closer together where it is tight.
/// Returns where the next thing may stand.
float notes(Frame& f, float x, float y, float w, float bottom, const std::vector<std::string>& texts) {
  Paint& p = f.paint;
  float line = 21, gap = 10;
  const auto height = [&] {
    float h = -gap;
    for (const std::string& t : texts) h += line * static_cast<float>(p.paragraph(0, 0, w - 15, kNote, 0, t, line, false)) + gap;
    return h;
  };
  if (y + height() > bottom) line = 18, gap = 6;
  for (const std::string& text : texts) {
    const float h = line * static_cast<float>(p.paragraph(0, 0, w - 15, kNote, 0, text, line, false));
    if (&text != &texts.front() && y + h - 4 > bottom) break;  // half a sentence says less than none
    p.paragraph(x + 15, y + 15, w - 15, kNote, f.theme().ink2, text, line);
    p.fill({x, y - 1, 3, h}, f.theme().edge, 1.5f);
    y += h + gap;
  }
  return y;
}

/// Two facts of the run on the stage.
std::vector<std::string> honest(const Frame& f) {
  const PageModel& model = f.model;
  const Measure attack = model.runs().privacy();
  if (!attack.value) {
    return {model.choice().says("honest.here"), std::string(words("honest.wait"))};
  }
  std::string first = repeats_note(model.runs().shown().spec());
  if (model.choice().story().stage == Stage::tree) {
    const std::string_view information = picked_figure(FigureKind::Group::information, &FigureKind::estimate, FigureKind::tree);
    const std::string bits = figure(model.runs().figure("information", information).value.value_or(0));
    first = model.choice().says("honest.total", {{"bits", bits}});
  }
  std::vector<std::string> out{first, model.choice().says(honest_key(model), {{"n", count(attack.n)},
                                                                              {"low", percent(attack.low)},
                                                                              {"high", percent(attack.high)},
                                                                              {"base", percent(attack.baseline)}})};
  if (names_model(model.runs().shown().spec())) out.insert(out.begin(), std::string(words("honest.file")));
  if (const auto& expected = model.runs().expected(); expected && !model.runs().stale()) {
    const auto [low, high] = expected->privacy;
    const bool within = *attack.value >= low - 1e-9 && *attack.value <= high + 1e-9;
    std::string sentence = words(within ? "honest.expected" : "honest.unexpected",
                                 {{"seeds", std::to_string(expected->seeds)}, {"low", percent(low)}, {"high", percent(high)}});
    if (within)
      out.push_back(std::move(sentence));
    else
      out.insert(out.begin(), std::move(sentence));  // that comes first
  }
  return out;
}

void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const Measure attack = model.runs().privacy();

  p.icon(box.x + 8, box.y + 22, icon::kLightbulb, t.ink);
  const float head_w = p.text(box.x + 25, box.y + 28, kBodyStrong, t.ink, words("explain.head"));
  if (const float w = p.width(kBodyMedium, words("tour.short")) + 44; !tours().empty() && 25 + head_w + 8 + w <= box.w)
    if (icon_button(f, "tour", {box.right() - w, box.y + 5, w, 36}, icon::kPlay, words("tour.short"), t.ink2, t.line, words("tour")))
      return open_tour(f.model, f.view);
  const std::string sentence = model.choice().says(level(model, attack));
  const float line = p.paragraph(0, 0, box.w, kBody, t.ink, sentence, 25, false) > 2 ? 22.f : 25.f;
  const int lines = p.paragraph(box.x, box.y + 64, box.w, kBody, t.ink, sentence, line);
  float y = box.y + 64 + line * static_cast<float>(lines - 1) + 36;
  formula(f, {box.x, y - 14, box.w, 113});
  y += 11 + 88 + 34;
  // Where both have room they stand one under the other, otherwise under two tabs.
  const float left = box.bottom() - y;
  const bool both = left > 236;
  if (both) {
    p.text(box.x, y, kBodyStrong, t.ink, words("honest"));
    y = notes(f, box.x, y + 12, box.w, box.bottom() - 80, honest(f)) + 22;
    p.text(box.x, y, kBodyStrong, t.ink, words("try"));
    notes(f, box.x, y + 12, box.w, box.bottom(), {model.choice().says("try")});
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
  notes(f, box.x, y + 12, box.w, box.bottom(), f.view.trying ? std::vector{model.choice().says("try")} : honest(f));
}

}  // namespace

namespace panel {
extern const Panel explain;
const Panel explain{.name = "explain", .draw = &draw, .place = &Layout::explain, .hidden = Panel::Hidden::explanation};
}  // namespace panel

}  // namespace mid::ui
