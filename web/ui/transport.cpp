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
      return words("progress.grown", {{"n", count(TreeView(model.runs().shown()).leaves())}});
    if (model.choice().story().of_a_number()) return std::string(words("progress.fitted"));
    const Json rounds = field_of(model.runs().shown().spec(), "train.epochs");
    return rounds.is_number_integer() ? words("progress.ready", {{"n", count(rounds.get<std::int64_t>())}})
                                      : std::string(words("progress.done"));
  }
  if (g.stage.empty()) return std::string(words("progress.wait"));
  if (g.total <= 1 || g.unit.empty()) return std::string(words("stage." + g.stage));
  const std::string key = model.queue().paused()                            ? "progress.paused"
                          : g.stage == "training" || g.stage == "attacking" ? "progress." + g.stage
                                                                            : "progress.other";
  const std::string stage(words("stage." + g.stage)), unit_key = "unit." + g.unit;
  const std::string unit(words(unit_key) == unit_key ? g.unit : words(unit_key));
  return words(key, {{"stage", stage}, {"unit", unit}, {"done", count(g.done)}, {"total", count(g.total)}});
}

/// The same where there is no room for words.
std::string short_status(const PageModel& model) {
  if (model.queue().busy())
    return model.queue().progress().total > 1 ? count(model.queue().progress().done) + " / " + count(model.queue().progress().total) : "…";
  const Json rounds = field_of(model.runs().shown().spec(), "train.epochs");
  if (!model.runs().has_result()) return "–";
  return rounds.is_number_integer() ? count(rounds.get<std::int64_t>()) + " / " + count(rounds.get<std::int64_t>())
                                    : std::string(words("stage.done"));
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

/// What the list of stories offers, and where in it stands what is no story of the track.
struct StoryList {
  std::vector<MenuItem> items;
  std::vector<int> of;  ///< stories, by place
  int drawn = -1, own = 0, all = 0;
};

StoryList story_list(const Frame& f) {
  const PageModel& model = f.model;
  StoryList out;
  for (std::size_t i = 0; i < stories().size(); ++i) {
    const Story& s = stories()[i];
    if (s.track != model.choice().story().track || s.own) continue;
    out.items.push_back({std::string(story_words(s.texts, "menu")), std::string(story_words(s.texts, "credit")),
                         static_cast<int>(i) == model.choice().story_index()});
    out.of.push_back(static_cast<int>(i));
  }
  const bool draws = drawing_story() >= 0 && stories()[static_cast<std::size_t>(drawing_story())].track == model.choice().story().track;
  if (draws) {
    out.drawn = static_cast<int>(out.items.size());
    out.items.push_back({std::string(words("pad.menu")), std::string(words("pad.credit")), f.view.pad.open});
  }
  out.own = static_cast<int>(out.items.size());
  out.items.push_back({std::string(words("own.menu")), std::string(words("own.credit")), model.choice().story().own});
  out.all = static_cast<int>(out.items.size());
  out.items.push_back({std::string(words("stories.all")), std::string(words("stories.all.credit")), f.view.is_open("stories")});
  return out;
}

void follow(Frame& f, const StoryList& list, int picked) {
  PageModel& model = f.model;
  if (picked < 0) return;
  if (picked == list.drawn) {
    open_pad(model, f.view);
  } else if (picked == list.own) {
    model.own.open = true;
  } else if (picked == list.all) {
    f.view.open("stories");
  } else if (list.of[static_cast<std::size_t>(picked)] != model.choice().story_index()) {
    model.choose_story(list.of[static_cast<std::size_t>(picked)]);
  }
}

/// On small pages the question takes the place of most of it: play, what the stage asks, the stories under an icon.
void brief_transport(Frame& f, Box box) {
  const Theme& t = f.theme();
  const float radius = f.layout.transport_in_stage ? 18 : 22;
  play(f, box.x + radius, box.middle_y(), radius);
  const Box list{box.right() - 40, box.y + (box.h - 36) / 2, 40, 36};
  const float left = box.x + 2 * radius + 10;
  small_question(f, {left, box.y, list.x - 8 - left, box.h});
  const Touch touch = f.controls.button("data", list, words("data"));
  if (touch.hovered || touch.held) f.paint.fill(list, t.sunken, 8);
  f.paint.icon(list.middle_x(), list.middle_y(), icon::kLayoutGrid, t.ink2);
  const StoryList stories = story_list(f);
  follow(f, stories, menu_list(f, "data", list, stories.items, touch.clicked));
}

}  // namespace

void small_question(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const PageModel& model = f.model;
  const std::string wait(model.runs().has_result() ? "" : ".wait");
  std::string title = model.choice().says("title" + wait);
  const bool busy = model.queue().busy();
  const auto lines = [&] { return p.paragraph(0, 0, box.w, kNoteStrong, 0, title, 18, false); };
  if (p.width(kBodyStrong, title) <= box.w) {
    const std::string note = busy || !model.error().empty() ? status(model) : model.choice().says("caption" + wait);
    const bool noted = p.width(kNote, note) <= box.w;
    p.text(box.x, box.middle_y() + (noted ? -3.f : 6.f), kBodyStrong, t.ink, title);
    if (noted) p.text(box.x, box.middle_y() + 15, kNote, t.ink2, note);
  } else {
    if (lines() > 2) title = model.choice().story().own ? std::string(words("own.head")) : model.choice().says("menu");
    p.paragraph(box.x, box.middle_y() + 5 - 9 * static_cast<float>(lines() - 1), box.w, kNoteStrong, t.ink, title, 18);
  }
  if (busy) p.bar({box.x, box.bottom() - 1, box.w, 4}, static_cast<float>(model.queue().progress().fraction), t.model);
}

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
  const bool wide = f.layout.kind == Layout::Kind::wide;
  if (f.layout.transport_in_stage || f.layout.kind == Layout::Kind::phone) return brief_transport(f, box);
  const float radius = 22, row_y = box.y + (box.h - 36) / 2;
  play(f, box.x + radius, box.middle_y(), radius);
  float left = box.x + 2 * radius + (wide ? 12 : 8);
  if (icon_button(f, "step", {left, row_y, 35, 36}, icon::kStepForward, "", t.ink2, 0, words("step"))) model.step();
  if (icon_button(f, "restart", {left + 35, row_y, 35, 36}, icon::kRotateCcw, "", t.ink2, 0, words("restart"))) model.restart();
  left += 78;

  const StoryList list = story_list(f);
  std::vector<MenuItem> seeds;
  const std::string own_file = model.choice().story().own ? file_name(field_of(model.choice().spec(), "data.csv").is_string()
                                                                          ? field_of(model.choice().spec(), "data.csv").get<std::string>()
                                                                          : "")
                                                          : "";
  const int first_seed = std::max(1, model.choice().seed() - 3);
  for (int i = 0; i < 6; ++i) seeds.push_back({std::to_string(first_seed + i), "", first_seed + i == model.choice().seed()});

  const bool made = model.choice().story().without_data.contains("data.name") &&
                    model.choice().story().without_data["data.name"] == field_of(model.choice().spec(), "data.name");
  // From the right: Advanced, seed, data; what is left goes to the speed and the progress.
  Option what{std::string(words("data")),
              model.choice().story().own ? shortened(own_file, 16) : model.choice().says(made ? "name.made" : "name")};
  Option seed{std::string(words("seed")), std::to_string(model.choice().seed())};
  what.w = menu_width(f, what.word, what.value), seed.w = menu_width(f, seed.word, seed.value);
  const float advanced_w = wide ? p.width(kNoteMedium, words("advanced")) + 58 : 0;
  const float gap = wide ? 20 : 16;
  const float advanced_x = box.right() - advanced_w, seed_x = advanced_x - (wide ? 14 : 0) - seed.w;
  const float data_x = seed_x - gap - what.w;
  if (wide) {
    left += 8 + speed(f, left, {left, row_y, 0, 36});
    p.line(left + 4, box.y + 9, left + 4, box.bottom() - 9, t.line);
    left += 16;
  }
  progress(f, left, box.y, std::min(data_x - left - gap, wide ? 262.f : 290.f));

  follow(f, list, menu(f, "data", {data_x, row_y, what.w, 36}, what.word, what.value, list.items));
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
