#include <imgui.h>
#include <algorithm>
#include <cmath>
#include <fonts.hpp>
#include <map>
#include <optional>

#include "mid/measure/figure.hpp"
#include "ui/draw/theme.hpp"
#include "ui/expected.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/lessons.hpp"
#include "ui/menu.hpp"
#include "ui/panel.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// A story of the shelf, or one of the two doors to what a visitor brings.
struct Card {
  enum Of { story, drawing, table } of = story;
  int index = 0;  ///< among stories()
};

std::vector<Card> cards() {
  std::vector<Card> out;
  if (drawing_story() >= 0) out.push_back({Card::drawing, drawing_story()});
  for (std::size_t i = 0; i < stories().size(); ++i)
    if (!stories()[i].own) out.push_back({Card::story, static_cast<int>(i)});
  out.push_back({Card::table});
  return out;
}

const Story& story_of(const Card& card) { return stories()[static_cast<std::size_t>(card.index)]; }

std::string_view title_of(const Card& card) {
  if (card.of == Card::drawing) return words("pad.menu");
  return card.of == Card::table ? words("own.menu") : story_words(story_of(card).texts, "menu");
}

std::string_view promise_of(const Card& card) {
  if (card.of == Card::drawing) return words("pad.promise");
  if (card.of == Card::table) return words("own.promise");
  const auto promise = story_text(story_of(card).texts, "promise");
  return promise ? *promise : story_words(story_of(card).texts, "credit");
}

bool is_chosen(const Frame& f, const Card& card) {
  const bool story = card.index == f.model.choice().story_index() && !f.model.choice().story().own;
  switch (card.of) {
    case Card::drawing: return f.view.pad.open;
    case Card::table: return f.model.choice().story().own;
    case Card::story: break;
  }
  return story && !f.view.pad.open;
}

bool is_visited(const Frame& f, const Card& card) {
  const auto& runs = f.model.runs().list();
  return card.of == Card::story && std::any_of(runs.begin(), runs.end(), [&](const Run& r) { return r.story == card.index && r.privacy; });
}

/// What the attacker gets without a defence, and what guessing would: of ten seeds (docs/expected.json).
const Expected* usual_gain(const Frame& f, const Card& card) {
  static std::map<int, std::optional<Expected>> known;
  if (card.of != Card::story) return nullptr;
  const auto [at, is_new] = known.emplace(card.index, std::nullopt);
  if (is_new) {
    const Json preset = f.model.choice().preset(story_of(card));
    at->second = expected_of(with_choice(story_of(card), preset, preset, 0, 1));
  }
  return at->second ? &*at->second : nullptr;
}

/// A few strokes that say what stands on the stage.
void sketch(Paint& p, Card card, float x, float bottom) {
  const Theme& t = p.theme;
  if (card.of == Card::table) {
    for (int row = 0; row < 3; ++row)
      for (int column = 0; column < 3; ++column)
        p.fill({x + static_cast<float>(column) * 14, bottom - 30 + static_cast<float>(row) * 11, 12, 9}, row == 0 ? t.ink3 : t.track, 2);
    return;
  }
  if (card.of == Card::drawing) return p.polyline({x, bottom - 26, x + 22, bottom - 28, x + 12, bottom}, t.ink, 5);
  switch (story_of(card).stage) {
    case Stage::pictures:
      for (int i = 0; i < 2; ++i) {
        const Box frame{x + static_cast<float>(i) * 34, bottom - 30, 30, 30};
        p.fill(frame, i ? t.attack_soft : t.model_soft, 4);
        p.stroke(frame, i ? t.attack : t.model, 1.5f, 4);
      }
      break;
    case Stage::beliefs:
      p.line(x, bottom, x + 64, bottom, t.edge);
      p.fill({x + 18, bottom - 28, 4, 28}, t.attack), p.fill({x + 36, bottom - 28, 4, 28}, t.model);
      break;
    case Stage::tree:
      p.polyline({x + 8, bottom - 4, x + 26, bottom - 24, x + 44, bottom - 4}, t.edge, 2);
      p.circle(x + 26, bottom - 24, 5, t.attack), p.ring(x + 8, bottom - 4, 4, t.ink2), p.circle(x + 44, bottom - 4, 5, t.attack);
      break;
    case Stage::dose:
    case Stage::members:
      for (int i = 0; i < 9; ++i)
        p.circle(x + 4 + static_cast<float>(i) * 8, bottom - 4 - 2.2f * static_cast<float>(i) - (i % 3 == 1 ? 5.f : 0.f), 3,
                 i == 5 ? t.attack : t.model);
      break;
  }
}

void open(Frame& f, const Card& card) {
  f.view.close();
  if (card.of == Card::drawing) return open_pad(f.model, f.view);
  f.view.pad.open = false;
  f.model.own.open = card.of == Card::table;
  if (card.of == Card::story && card.index != f.model.choice().story_index()) f.model.choose_story(card.index);
}

void draw_card(Frame& f, const Card& card, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const std::string id = "story." + (card.of == Card::story ? story_of(card).key : card.of == Card::drawing ? "draw" : "table");
  const Touch touch = f.controls.button(id.c_str(), box, {}, 10);
  p.fill(box, touched(p, t.surface, touch), 10);
  p.stroke(box, is_chosen(f, card) ? t.ink : t.line, is_chosen(f, card) ? 2.f : 1.f, 10);
  const float x = box.x + 14, w = box.w - 28;
  const bool visited = is_visited(f, card);
  float y = box.y + 25;
  y += 20 * static_cast<float>(p.paragraph(x, y, w - (visited ? 22.f : 0.f), kBodyStrong, t.ink, title_of(card), 20));
  if (visited) p.icon(box.right() - 20, box.y + 19, icon::kCheck, t.ink2);
  p.paragraph(x, y, w, kNote, t.ink2, promise_of(card), 18);
  if (touch.clicked) open(f, card);
  // A low card has room for title and promise, and for the number beside the title.
  const bool low = box.h < 104;
  const float bottom = low ? box.y + 29 : box.bottom() - 16, right = box.right() - (low && visited ? 38.f : 14.f);
  if (!low) sketch(p, card, x, bottom);
  const Expected* usual = usual_gain(f, card);
  if (!usual || !usual->privacy_mean) return;
  const bool share = figure_kind(story_of(card).privacy)->unit == "proportion";
  const auto number = [&](double value) { return share ? percent(value) : localised(mid::ui::figure(value)); };
  const std::string gain = number(*usual->privacy_mean);
  const std::string guess = usual->privacy_guess ? words("stories.guess", {{"guess", number(*usual->privacy_guess)}}) : "";
  const float guess_w = p.width(kNote, guess);
  if (low && p.width(kBodyStrong, title_of(card)) + p.width(kBodyStrong, gain) + guess_w + 20 > right - x) return;
  p.text(right, bottom - 4, kNote, t.ink3, guess, Align::right);
  p.text(right - guess_w - 8, bottom - 4, kBodyStrong, t.attack, gain, Align::right);
}

void draw_whole(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const bool narrow = box.w < 560;
  p.text(box.x, box.y + 28, kTitle, t.ink, words("stories"));
  const float after = box.x + p.width(kTitle, words("stories")) + 16;
  if (!narrow) p.text(after, box.y + 28, kNote, t.ink2, p.fitting(kNote, words("stories.note"), box.right() - 44 - after));
  if (icon_button(f, "stories.close", {box.right() - 36, box.y + 4, 36, 36}, icon::kX, "", t.ink2, 0, words("close")))
    return f.view.close();
  const std::vector<Card> all = cards();
  const int columns = narrow ? 1 : 3, rows = (static_cast<int>(all.size()) + columns - 1) / columns;
  constexpr float kGap = 12, kHead = 50;
  const float w = (box.w - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h = std::min((box.h - kHead - kGap * static_cast<float>(rows - 1)) / static_cast<float>(rows), 190.f);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = static_cast<float>(static_cast<int>(i) / columns), column = static_cast<float>(static_cast<int>(i) % columns);
    draw_card(f, all[i], {box.x + column * (w + kGap), box.y + kHead + row * (h + kGap), w, h});
  }
}

/// In the column: what the story on the stage asks, until another one is chosen.
void draw(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.card(box);
  const float x = box.x + 20, w = box.w - 40;
  float y = box.y + 36;
  p.text(x, y, kNoteStrong, t.ink3, words("stories.now"));
  y += 32;
  y += 26 * static_cast<float>(p.paragraph(x, y, w, kTitle, t.ink, f.model.choice().says("title"), 26)) + 8;
  y += 22 * static_cast<float>(p.paragraph(x, y, w, kBody, t.ink2, f.model.choice().says("caption"), 22)) + 20;
  y += 20 * static_cast<float>(p.paragraph(x, y, w, kNote, t.ink2, words("stories.seeds"), 20)) + 12;
  if (!tours().empty() && icon_button(f, "stories.tour", {x, y, w, 40}, icon::kPlay, words("tour"), t.ink, t.edge))
    open_tour(f.model, f.view);
}

bool is_whole(const View& view, const Layout& layout) { return view.is_open("stories") && layout.strip.w <= 0; }

void obey(PageModel&, View& view, const Json& command) {
  if (command.value("open", Json(true)) == true)
    view.open("stories");
  else if (view.is_open("stories"))
    view.close();
}

/// The shelf as a list, for who cannot see it.
void tell(const PageModel&, const View& view, Json& state) { state["shelf"] = view.is_open("stories"); }

}  // namespace

namespace panel {
extern const Panel stories;
/// All stories as cards.
const Panel stories{.name = "stories",
                    .draw = &draw,
                    .own_card = true,
                    .is_whole = &is_whole,
                    .draw_whole = &draw_whole,
                    .command = "stories",
                    .obey = &obey,
                    .tell = &tell};
}  // namespace panel

}  // namespace mid::ui
