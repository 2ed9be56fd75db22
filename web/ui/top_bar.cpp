#include <fonts.hpp>

#include "ui/frame.hpp"
#include "ui/menu.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

constexpr struct {
  Track track;
  const char *word, *kind;
} kTracks[] = {{Track::pictures, "track.pictures", "track.pictures.kind"},
               {Track::survey, "track.survey", "track.survey.kind"},
               {Track::dose, "track.dose", "track.dose.kind"}};

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

void choose(Frame& f, Track track) {
  if (f.model.choice().story().track == track) return;
  for (std::size_t i = 0; i < stories().size(); ++i)
    if (stories()[i].track == track) return f.model.choose_story(static_cast<int>(i));
}

Track current(const Frame& f) { return f.model.choice().story().track; }

/// Which kind of model the track shows: of the current one that of its story.
std::string_view kind_word(const Frame& f, Track track, const char* standard) {
  if (current(f) != track) return words(standard);
  const Story& story = f.model.choice().story();
  return words(story.stage == Stage::tree ? "kind.tree" : story.of_a_number() ? "kind.linear" : "kind.network");
}

void track_tabs(Frame& f, float x) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const bool kinds = f.layout.kind == Layout::Kind::wide;
  for (const auto& [track, word, kind] : kTracks) {
    const std::string_view name = words(word), of = kind_word(f, track, kind);
    const float w = p.width(kBodyMedium, name) + (kinds ? 7 + p.width(kNote, of) : 0) + 32;
    const Box tab{x, 9, w, 38};
    const Touch touch = f.controls.button(word, tab);
    const bool chosen = current(f) == track;
    if (chosen || touch.hovered || touch.held) p.fill(tab, chosen ? t.sunken : faded(t.sunken, .7f), 8);
    if (chosen) p.fill({tab.x + 14, 53, tab.w - 28, 3}, t.ink, 1.5f);
    const float at = x + 16 + p.text(x + 16, 34, chosen ? kBodyStrong : kBodyMedium, chosen ? t.ink : t.ink2, name);
    if (kinds) p.text(at + 7, 34, kNote, t.ink3, of);
    if (touch.clicked) choose(f, track);
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
  logo(p, left, 17);
  if (phone) {
    std::vector<MenuItem> items;
    for (const auto& [track, word, kind] : kTracks) items.push_back({std::string(words(word)), "", current(f) == track});
    const std::string name(words(kTracks[static_cast<int>(current(f))].word));
    const int picked = menu(f, "track", {left + 34, 9, menu_width(f, "", name), 38}, "", name, items);
    if (picked >= 0) choose(f, kTracks[picked].track);
  } else {
    p.text(left + 32, 35, kTitle, t.ink, words("name"));
    track_tabs(f, l.kind == Layout::Kind::wide ? left + 144 : left + 118);
  }

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
