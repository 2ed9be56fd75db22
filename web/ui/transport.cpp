#include <algorithm>
#include <cstdio>
#include <fonts.hpp>

#include "figures.hpp"
#include "frame.hpp"
#include "menu.hpp"
#include "strings.hpp"

namespace mid::ui {
namespace {

std::string seconds_text(double s) {
  char text[24];
  std::snprintf(text, sizeof text, s < 9.95 ? "%.1f" : "%.0f", s);
  return text;
}

std::string status(const Lab& lab) {
  const Progress& g = lab.progress();
  if (!lab.busy()) {
    if (!lab.error().empty()) return std::string(words("progress.failed"));
    if (lab.comparing()) return std::string(words("progress.compare"));
    const Json& spec = lab.shown().result.contains("spec") ? lab.shown().result["spec"] : lab.spec();
    const Json rounds = spec.contains("train") && spec["train"].is_object() ? spec["train"].value("epochs", Json()) : Json();
    return rounds.is_number_integer() ? words("progress.ready", {{"n", rounds.dump()}}) : std::string(words("progress.done"));
  }
  if (g.stage.empty()) return std::string(words("progress.wait"));
  if (g.total <= 1 || g.unit.empty()) return std::string(words("stage." + g.stage));
  const std::string key = lab.paused() ? "progress.paused" : g.stage == "training" || g.stage == "attacking" ? "progress." + g.stage : "progress.other";
  std::string stage = g.stage;
  if (!stage.empty() && stage[0] >= 'a' && stage[0] <= 'z') stage[0] = static_cast<char>(stage[0] - 32);
  return words(key, {{"stage", stage}, {"unit", g.unit}, {"done", std::to_string(g.done)}, {"total", std::to_string(g.total)}});
}

std::string aside(const Lab& lab) {
  if (lab.busy()) {
    if (lab.paused() || !lab.progress().seconds_left) return {};
    const double left = *lab.progress().seconds_left;
    return words("progress.left", {{"seconds", left < .95 ? seconds_text(left) : std::to_string(static_cast<int>(left + .5))}});
  }
  if (!lab.has_result()) return {};
  return words("progress.took", {{"seconds", seconds_text(seconds_of(lab.shown().result))}});
}

/// The round button: pause while something runs, go on while paused, again with the next seed when all is done.
void play(Frame& f, float x, float y, float radius) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  Lab& lab = f.lab;
  const bool running = lab.busy() && !lab.paused(), waiting = lab.busy() && lab.paused();
  const std::string tip = running ? std::string(words("pause"))
                          : waiting ? std::string(words("play"))
                                    : words("again", {{"seed", std::to_string(lab.seed() + 1)}});
  const Touch touch = f.controls.button("play", {x - radius, y - radius, 2 * radius, 2 * radius}, tip, radius);
  p.circle(x, y, radius, touched(p, t.ink, touch) == t.ink ? t.ink : mixed(t.ink, t.surface, touch.held ? .28f : .14f));
  if (running) {
    p.fill({x - 5, y - 6, 4, 12}, t.surface, 1);
    p.fill({x + 2, y - 6, 4, 12}, t.surface, 1);
  } else if (waiting || !lab.has_result()) {
    p.triangle_right(x, y, 12, t.surface);
  } else {
    p.icon(x, y, icon::kRotateCcw, t.surface);
  }
  if (!touch.clicked) return;
  if (running) lab.pause();
  else if (waiting) lab.resume();
  else lab.set_seed(lab.seed() + 1);
}

void progress(Frame& f, float x, float y, float w) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Lab& lab = f.lab;
  const std::string after = aside(lab);
  p.text(x, y + 16, {Type::regular, 14, true}, t.ink2, status(lab));
  const float room = after.empty() ? 0 : p.width(kNoteDigits, after) + 12;
  const float share = lab.busy() ? static_cast<float>(lab.progress().fraction) : lab.has_result() ? 1.f : 0.f;
  p.bar({x, y + 28, w - room, 6}, share, t.model);
  if (!after.empty()) p.text(x + w - room + 12, y + 36, kNoteDigits, t.ink2, after);
}

}  // namespace

void transport(Frame& f, Box box) {
  Paint& p = f.paint;
  Lab& lab = f.lab;
  const bool small = f.layout.transport_in_stage;
  const float radius = small ? 18 : 22;
  play(f, box.x + radius, box.middle_y(), radius);

  std::vector<MenuItem> data, seeds;
  std::vector<int> of;
  for (std::size_t i = 0; i < stories().size(); ++i) {
    const Story& s = stories()[i];
    if (s.track != lab.story().track) continue;
    data.push_back({std::string(story_words(s.key, "menu")), std::string(story_words(s.key, "credit")), static_cast<int>(i) == lab.story_index()});
    of.push_back(static_cast<int>(i));
  }
  const int first_seed = std::max(1, lab.seed() - 3);
  for (int i = 0; i < 6; ++i) seeds.push_back({std::to_string(first_seed + i), "", first_seed + i == lab.seed()});

  const bool phone = f.layout.kind == Layout::Kind::phone;
  const std::string seed_word(words("seed")), data_word(phone || small ? "" : words("data"));
  const std::string name(story_words(lab.story().key, "name")), seed = std::to_string(lab.seed());
  float x = box.right();
  float seed_w = 0;
  if (!phone) {
    seed_w = menu_width(f, seed_word, seed);
    x -= seed_w;
  }
  const float seed_x = x;
  const float data_w = menu_width(f, data_word, name);
  x -= data_w + (phone ? 0 : 24);
  const float left = box.x + 2 * radius + (small ? 14 : 24);
  progress(f, left, box.y + (small ? -4 : 0), std::min(x - left - 24, 290.f));
  const int picked = menu(f, "data", {x, box.y + (box.h - 36) / 2, data_w, 36}, data_word, name, data);
  if (picked >= 0 && of[static_cast<std::size_t>(picked)] != lab.story_index()) lab.choose_story(of[static_cast<std::size_t>(picked)]);
  if (phone) return;
  const int chosen = menu(f, "seed", {seed_x, box.y + (box.h - 36) / 2, seed_w, 36}, seed_word, seed, seeds);
  if (chosen >= 0 && first_seed + chosen != lab.seed()) lab.set_seed(first_seed + chosen);
  (void)p;
}

}  // namespace mid::ui
