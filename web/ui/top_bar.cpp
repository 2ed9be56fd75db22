#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr struct {
  Track track;
  const char* word;
  bool own = false;  ///< a digit of the visitor's own
} kTracks[] = {{Track::pictures, "track.digit", true},
               {Track::pictures, "track.pictures"},
               {Track::survey, "track.survey"},
               {Track::dose, "track.dose"}};
constexpr float kPencil = 26;  // room for the pencil before its name

void logo(Paint& p, float x, float y) {
  const Theme& t = p.theme;
  // Nine dots that fade: a picture that is told less and less.
  constexpr float kOpacity[3][3] = {{1, .62f, .2f}, {1, .62f, .2f}, {1, .62f, .2f}};
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) {
      const ImU32 colour = c == 2 ? t.track : mixed(t.surface, t.attack, kOpacity[r][c]);
      p.fill({x + static_cast<float>(c) * 8, y + static_cast<float>(r) * 8, 6, 6}, colour, 2);
    }
}

bool is_drawn(const Frame& f) { return f.view.pad.open || field_of(f.model.choice().spec(), "data.drawn").is_string(); }

std::size_t current(const Frame& f) {
  if (is_drawn(f)) return 0;
  std::size_t tab = 1;
  while (kTracks[tab].track != f.model.choice().story().track) ++tab;
  return tab;
}

void choose(Frame& f, std::size_t tab) {
  const auto& [track, word, own] = kTracks[tab];
  if (own) return open_pad(f.model, f.view);
  f.view.pad.open = false;
  if (tab == current(f)) return;
  for (std::size_t i = 0; i < stories().size(); ++i)
    if (stories()[i].track == track) return f.model.choose_story(static_cast<int>(i));
}

float tab_width(const Paint& p, std::size_t tab, float pencil) {
  return p.width(kBodyMedium, words(kTracks[tab].word)) + (kTracks[tab].own ? pencil : 0) + 32;
}

float tabs_width(const Paint& p, float pencil) {
  float all = 0;
  for (std::size_t i = 0; i < std::size(kTracks); ++i) all += tab_width(p, i, pencil) + 4;
  return all;
}

void track_tabs(Frame& f, float x, float pencil) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  for (std::size_t i = 0; i < std::size(kTracks); ++i) {
    const float w = tab_width(p, i, pencil);
    const Box tab{x, 9, w, 38};
    const Touch touch = f.controls.button(kTracks[i].word, tab);
    const bool chosen = current(f) == i;
    if (chosen || touch.hovered || touch.held) p.fill(tab, chosen ? t.sunken : faded(t.sunken, .7f), 8);
    if (chosen) p.fill({tab.x + 14, 53, tab.w - 28, 3}, t.ink, 1.5f);
    if (kTracks[i].own && pencil > 0) p.icon(x + 25, 28, icon::kPencil, chosen ? t.ink : t.ink2, kIconSmall);
    p.text(x + 16 + (kTracks[i].own ? pencil : 0), 34, chosen ? kBodyStrong : kBodyMedium, chosen ? t.ink : t.ink2, words(kTracks[i].word));
    if (touch.clicked) choose(f, i);
    x += w + 4;
  }
}

/// The list of languages under the globe.
void language_menu(Frame& f, Box globe, bool opens) {
  std::vector<MenuItem> items;
  for (const Language& l : languages())
    items.push_back(
        {std::string(l.name), l.unreviewed ? std::string(text_of("language.unreviewed", l.code)) : "", l.code == text_language()});
  const int picked = menu_list(f, "language", globe, items, opens);
  if (picked < 0) return;
  f.view.language = languages()[static_cast<std::size_t>(picked)].code;
  set_language(f.view.language);
}

}  // namespace

void top_bar(Frame& f) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const Layout& l = f.layout;
  p.fill(l.top, t.surface);
  p.line(0, 55, l.width, 55, t.line);
  const bool phone = l.kind == Layout::Kind::phone;
  const float left = phone ? 16 : l.transport.w > 0 ? l.transport.x : l.stage.x;
  float x = (phone ? l.width - 16 : l.kind == Layout::Kind::wide ? l.chart.right() : l.stage.right()) + 6;
  const auto icon_at_right = [&](const char* id, const char* name, std::string_view tip, bool on = false) {
    x -= 40;
    const Box box{x, 10, 36, 36};
    const Touch touch = f.controls.button(id, box, tip);
    if (touch.hovered || touch.held || on) p.fill(box, t.sunken, 8);
    p.icon(box.middle_x(), box.middle_y(), name, t.ink2);
    return touch.clicked;
  };
  // Tab goes from left to right, but the row is built from its right end: where an icon stands is known only then.
  const bool with_word = l.kind == Layout::Kind::wide;
  const bool extra_panes = l.kind == Layout::Kind::medium && l.one_pane, sheet = l.kind != Layout::Kind::wide;
  const int icons = (phone ? 2 : 3) + (extra_panes ? 2 : 0) + (sheet ? 1 : 0);
  const float share_w = with_word ? p.width(kBodyMedium, words("share")) + 44 : 36;
  const float present_w = phone ? 0 : with_word ? p.width(kBodyMedium, words("present")) + 44 : 36;
  const float start = x - 40 * static_cast<float>(icons) - present_w - share_w - (with_word ? 8 : 4);
  // Elsewhere the way to the lessons is Help.
  const float lessons_w = p.width(kBodyMedium, words("lessons")) + 44;
  const float stories_w = p.width(kBodyMedium, words("stories")) + 44;
  logo(p, left, 17);
  if (phone) {
    std::vector<MenuItem> items;
    for (std::size_t i = 0; i < std::size(kTracks); ++i) items.push_back({std::string(words(kTracks[i].word)), "", current(f) == i});
    const std::string name(words(kTracks[current(f)].word));
    const int picked = menu(f, "track", {left + 34, 9, menu_width(f, "", name), 38}, "", name, items);
    if (picked >= 0) choose(f, static_cast<std::size_t>(picked));
  } else {
    // Where it is narrow the page's own name goes first, then the pencil.
    const float from = left + (with_word ? 144.f : 118.f), end = start - (with_word ? lessons_w + stories_w : 0);
    const bool named = from + tabs_width(p, kPencil) <= end;
    if (named) p.text(left + 32, 35, kTitle, t.ink, words("name"));
    track_tabs(f, named ? from : left + 36, named || left + 36 + tabs_width(p, kPencil) <= end ? kPencil : 0);
  }
  if (with_word && icon_button(f, "stories", {start - lessons_w - stories_w, 10, stories_w, 36}, icon::kLayoutGrid, words("stories"),
                               t.ink2, 0, words("stories.tip")))
    f.view.toggle("stories");
  if (with_word &&
      icon_button(f, "lessons", {start - lessons_w, 10, lessons_w, 36}, icon::kBookOpen, words("lessons"), t.ink2, 0, words("lessons.tip")))
    f.view.toggle("lesson");
  if (with_word ? icon_button(f, "share", {start, 10, share_w, 36}, icon::kLink, words("share"), t.ink2, 0, words("share.tip"))
                : (x = start + 40, icon_at_right("share", icon::kLink, words("share.tip")))) {
    f.view.toggle("share");
  }
  float at = start + share_w;
  if (with_word ? icon_button(f, "present", {at, 10, present_w, 36}, icon::kPresentation, words("present"), t.ink2, 0, words("present.tip"))
                : !phone && (x = at + 4 + 40, icon_at_right("present", icon::kPresentation, words("present.tip"))))
    f.present(true);
  at += present_w + (with_word ? 8 : 4);
  const auto pane = [&](const char* id, const char* name, std::string_view tip, const char* which) {
    x = at + 40;
    at += 40;
    if (icon_at_right(id, name, tip, f.view.is_open(which))) f.view.toggle(which);
  };
  if (extra_panes) {
    pane("pane.trade", icon::kChartScatter, words("pane.trade_off"), "trade-off");
    pane("pane.explain", icon::kLightbulb, words("pane.explain"), "explain");
  }
  if (sheet) pane("advanced", icon::kSlidersHorizontal, words("advanced"), "advanced");
  x = at + 40, at += 40;
  language_menu(f, {x - 40, 10, 36, 36}, icon_at_right("language", icon::kGlobe, words("language.choose")));
  x = at + 40, at += 40;
  constexpr struct {
    Look next;
    const char *icon, *word;
  } kNext[] = {{Look::dark, icon::kMoon, "theme.dark"},
               {Look::contrast, icon::kContrast, "theme.contrast"},
               {Look::light, icon::kSun, "theme.light"}};
  const auto& next = kNext[static_cast<std::size_t>(f.view.look)];
  if (icon_at_right("theme", next.icon, words(next.word))) f.view.look = next.next;
  if (!phone) pane("help", icon::kCircleHelp, words("help"), "help");
}

void tabs(Frame& f) {
  const Layout& l = f.layout;
  if (l.tabs.w <= 0) return;
  Paint& p = f.paint;
  const Theme& t = f.theme();
  p.fill(l.tabs, t.surface);
  p.line(0, l.tabs.y, l.width, l.tabs.y, t.line);
  constexpr struct {
    const char *pane, *icon, *word;  ///< pane null: the stage
  } kTabs[] = {{nullptr, icon::kLayoutGrid, "pane.stage"},
               {"trade-off", icon::kChartScatter, "pane.trade_off"},
               {"explain", icon::kLightbulb, "pane.explain"},
               {"help", icon::kCircleHelp, "pane.help"}};
  const float w = l.width / 4;
  for (int i = 0; i < 4; ++i) {
    const Box b{w * static_cast<float>(i), l.tabs.y, w, l.tabs.h};
    const Panel* pane = kTabs[i].pane ? panel_called(kTabs[i].pane) : nullptr;
    if (f.controls.button(kTabs[i].word, b).clicked) f.view.pane = pane;
    const bool on = f.view.pane == pane;
    if (on) p.fill({b.middle_x() - 30, b.y - 1, 60, 3}, t.ink, 1.5f);
    p.icon(b.middle_x(), b.y + 20, kTabs[i].icon, on ? t.ink : t.ink3);
    p.text(b.middle_x(), b.y + 47, on ? kNoteStrong : kNote, on ? t.ink : t.ink3, words(kTabs[i].word), Align::centre);
  }
}

}  // namespace mid::ui
