#include <algorithm>
#include <cstdio>
#include <fonts.hpp>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"
#include "ui/tree_view.hpp"

namespace mid::ui {
namespace {

std::string seconds_text(double s) {
  char text[24];
  std::snprintf(text, sizeof text, s < 9.95 ? "%.1f" : "%.0f", s);
  return localised(text);
}

std::string status(const PageModel& model) {
  const RunProgress& g = model.queue().progress();
  if (!model.queue().busy()) {
    if (!model.error().empty()) return std::string(words("progress.failed"));
    if (model.queue().comparing()) return std::string(words("progress.compare"));
    if (!model.runs().has_result()) return std::string(words("progress.empty"));
    if (model.choice().story().stage == Stage::tree && model.runs().shown().tree)
      return words("progress.grown", {{"n", std::to_string(TreeView(*model.runs().shown().tree).leaves())}});
    if (model.choice().story().stage == Stage::dose) return std::string(words("progress.fitted"));
    const Json rounds = field_of(model.runs().shown().spec(), "train.epochs");
    return rounds.is_number_integer() ? words("progress.ready", {{"n", rounds.dump()}}) : std::string(words("progress.done"));
  }
  if (g.stage.empty()) return std::string(words("progress.wait"));
  if (g.total <= 1 || g.unit.empty()) return std::string(words("stage." + g.stage));
  const std::string key = model.queue().paused()                            ? "progress.paused"
                          : g.stage == "training" || g.stage == "attacking" ? "progress." + g.stage
                                                                            : "progress.other";
  const std::string stage(words("stage." + g.stage)), unit_key = "unit." + g.unit;
  const std::string unit(words(unit_key) == unit_key ? g.unit : words(unit_key));
  return words(key, {{"stage", stage}, {"unit", unit}, {"done", std::to_string(g.done)}, {"total", std::to_string(g.total)}});
}

/// The same where there is no room for words.
std::string short_status(const PageModel& model) {
  if (model.queue().busy())
    return model.queue().progress().total > 1
               ? std::to_string(model.queue().progress().done) + " / " + std::to_string(model.queue().progress().total)
               : "…";
  const Json rounds = field_of(model.runs().shown().spec(), "train.epochs");
  if (!model.runs().has_result()) return "–";
  return rounds.is_number_integer() ? rounds.dump() + " / " + rounds.dump() : std::string(words("stage.done"));
}

std::string aside(const PageModel& model) {
  if (model.queue().busy()) {
    if (model.queue().paused() || model.queue().speed() > 0 || !model.queue().progress().seconds_left) return {};
    const double left = *model.queue().progress().seconds_left;
    return words("progress.left", {{"seconds", left < .95 ? seconds_text(left) : std::to_string(static_cast<int>(left + .5))}});
  }
  if (!model.runs().has_result()) return {};
  return words("progress.took", {{"seconds", seconds_text(model.runs().shown().seconds())}});
}

/// The round button: pause while something runs, go on while paused, train again when all is done.
void play(Frame& f, float x, float y, float radius) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const Touch touch = f.controls.button("play", {x - radius, y - radius, 2 * radius, 2 * radius}, play_words(model), radius);
  p.circle(x, y, radius, touch.held || touch.hovered ? mixed(t.ink, t.surface, touch.held ? .28f : .14f) : t.ink);
  if (model.queue().busy() && !model.queue().paused()) {
    p.fill({x - 6, y - 7, 4, 14}, t.surface, 1);
    p.fill({x + 2, y - 7, 4, 14}, t.surface, 1);
  } else {
    p.triangle_right(x, y, 12, t.surface);
  }
  if (touch.clicked) press_play(model);
}

void progress(Frame& f, float x, float y, float w) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const std::string after = aside(model);
  const std::string text = status(model);
  const Type type{Type::regular, 14, true};
  p.text(x, y + 16, type, t.ink2, p.width(type, text) <= w ? text : short_status(model));
  const float room = after.empty() ? 0 : p.width(kNoteDigits, after) + 12;
  const float share = model.queue().busy() ? static_cast<float>(model.queue().progress().fraction) : model.runs().has_result() ? 1.f : 0.f;
  p.bar({x, y + 28, w - room, 6}, share, t.model);
  if (!after.empty()) p.text(x + w - room + 12, y + 36, kNoteDigits, t.ink2, after);
}

/// Rounds a second that the speed menu offers; 0: as fast as it goes.
constexpr double kSpeeds[] = {0, 10, 2};

float speed(Frame& f, float x, Box box) {
  PageModel& model = f.model;
  std::vector<MenuItem> items;
  std::string now;
  for (const double v : kSpeeds) {
    const std::string key = "speed." + std::to_string(static_cast<int>(v));
    items.push_back({std::string(words(key)), "", model.queue().speed() == v});
    if (model.queue().speed() == v) now = words(key + ".short");
  }
  const float w = menu_width(f, std::string(words("speed")), now);
  const int picked = menu(f, "speed", {x, box.y, w, 36}, std::string(words("speed")), now, items);
  if (picked >= 0) model.set_speed(kSpeeds[picked]);
  return w;
}

struct Option {
  std::string word, value;
  float w = 0;
};

}  // namespace

std::string_view play_words(const PageModel& model) {
  if (model.queue().busy()) return words(model.queue().paused() ? "play" : "pause");
  return words(model.runs().has_result() ? "again" : "train");
}

void press_play(PageModel& model) {
  if (!model.queue().busy())
    model.restart();
  else if (model.queue().paused())
    model.resume();
  else
    model.pause();
}

void transport(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const Layout& l = f.layout;
  const bool small = l.transport_in_stage, phone = l.kind == Layout::Kind::phone, wide = l.kind == Layout::Kind::wide;
  const float radius = small ? 18 : 22, row_y = box.y + (box.h - 36) / 2;
  play(f, box.x + radius, box.middle_y(), radius);
  float left = box.x + 2 * radius + (wide ? 12 : small ? 6 : 8);
  if (!phone) {
    if (icon_button(f, "step", {left, row_y, 35, 36}, icon::kStepForward, "", t.ink2, 0, words("step"))) model.step();
    if (icon_button(f, "restart", {left + 35, row_y, 35, 36}, icon::kRotateCcw, "", t.ink2, 0, words("restart"))) model.restart();
    left += 78;
  }

  std::vector<MenuItem> data, seeds;
  std::vector<int> of;
  for (std::size_t i = 0; i < stories().size(); ++i) {
    const Story& s = stories()[i];
    if (s.track != model.choice().story().track || s.own) continue;
    data.push_back({std::string(story_words(s.texts, "menu")), std::string(story_words(s.texts, "credit")),
                    static_cast<int>(i) == model.choice().story_index()});
    of.push_back(static_cast<int>(i));
  }
  const bool draws = drawing_story() >= 0 && stories()[static_cast<std::size_t>(drawing_story())].track == model.choice().story().track;
  const int drawn = draws ? static_cast<int>(data.size()) : -1;
  if (drawn >= 0) data.push_back({std::string(words("pad.menu")), std::string(words("pad.credit")), f.view.pad.open});
  const std::string own_file = model.choice().story().own ? file_name(field_of(model.choice().spec(), "data.csv").is_string()
                                                                          ? field_of(model.choice().spec(), "data.csv").get<std::string>()
                                                                          : "")
                                                          : "";
  const int own = static_cast<int>(data.size());
  data.push_back({std::string(words("own.menu")), std::string(words("own.credit")), model.choice().story().own});
  const int all = static_cast<int>(data.size());
  data.push_back({std::string(words("stories.all")), std::string(words("stories.all.credit")), f.view.is_open("stories")});
  const int first_seed = std::max(1, model.choice().seed() - 3);
  for (int i = 0; i < 6; ++i) seeds.push_back({std::to_string(first_seed + i), "", first_seed + i == model.choice().seed()});

  const bool made = model.choice().story().without_data.contains("data.name") &&
                    model.choice().story().without_data["data.name"] == field_of(model.choice().spec(), "data.name");
  // From the right: Advanced, seed, data; what is left goes to the speed and the progress.
  Option what{std::string(phone || small ? "" : words("data")),
              model.choice().story().own ? shortened(own_file, 16) : model.choice().says(made ? "name.made" : "name")};
  Option seed{std::string(words("seed")), std::to_string(model.choice().seed())};
  what.w = menu_width(f, what.word, what.value), seed.w = phone ? 0 : menu_width(f, seed.word, seed.value);
  const float advanced_w = wide ? p.width(kNoteMedium, words("advanced")) + 58 : 0;
  const float gap = small ? 12 : wide ? 20 : 16;
  const float advanced_x = box.right() - advanced_w, seed_x = advanced_x - (wide ? 14 : 0) - seed.w;
  const float data_x = seed_x - (phone ? 0 : gap) - what.w;
  if (wide) {
    left += 8 + speed(f, left, {left, row_y, 0, 36});
    p.line(left + 4, box.y + 9, left + 4, box.bottom() - 9, t.line);
    left += 16;
  }
  progress(f, left, box.y + (small ? -4 : 0), std::min(data_x - left - gap, wide ? 262.f : 290.f));

  const int picked = menu(f, "data", {data_x, row_y, what.w, 36}, what.word, what.value, data);
  if (picked >= 0 && picked == drawn) {
    if (!model.choice().story().ink) model.choose_story(drawing_story());
    f.view.pad.open = true;
  } else if (picked == own) {
    model.own.open = true;
  } else if (picked == all) {
    f.view.open("stories");
  } else if (picked >= 0 && of[static_cast<std::size_t>(picked)] != model.choice().story_index()) {
    model.choose_story(of[static_cast<std::size_t>(picked)]);
  }
  if (phone) return;
  const int chosen = menu(f, "seed", {seed_x, row_y, seed.w, 36}, seed.word, seed.value, seeds);
  if (chosen >= 0 && first_seed + chosen != model.choice().seed()) model.set_seed(first_seed + chosen);
  if (!wide) return;
  const bool open = f.view.is_open("advanced");
  const Box button{advanced_x, box.y + 4, advanced_w, 36};
  const Touch touch = f.controls.button("advanced", button, words("advanced.tip"));
  p.fill(button, touched(p, open ? t.sunken : t.surface, touch), 8);
  p.stroke(button, open ? t.edge : t.line, 1, 8);
  p.icon(button.x + 22, button.middle_y(), icon::kSlidersHorizontal, t.ink2);
  p.text(button.x + 39, button.middle_y() + 5, kNoteMedium, t.ink2, words("advanced"));
  if (touch.clicked) f.view.toggle("advanced");
}

}  // namespace mid::ui
