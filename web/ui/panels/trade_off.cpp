#include <algorithm>
#include <array>
#include <cmath>

#include "ui/frame.hpp"
#include "ui/panel.hpp"
#include "ui/strings.hpp"
#include "ui/trade_view.hpp"

namespace mid::ui {
namespace {

/// The chart's card: which tab is open is part of the view.
void card_tabs(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  float x = box.x + 20;
  p.line(box.x, box.y + 43, box.right(), box.y + 43, t.line);
  constexpr struct {
    View::Card card;
    const char *word, *id;
  } kTabs[] = {{View::trade, "trade.title", "tab.trade"},
               {View::table, "table.title", "tab.table"},
               {View::information, "information.title", "tab.information"}};
  float room = box.w - 40;
  for (const auto& tab : kTabs) room -= p.width(kBodyStrong, words(tab.word));
  const float gap = std::clamp(room / 2, 8.f, 24.f);
  for (const auto& [card, key, id] : kTabs) {
    const std::string_view word = words(key);
    const bool open = f.view.card == card;
    const float w = p.width(open ? kBodyStrong : kBody, word);
    const Touch touch = f.controls.button(id, {x - gap / 3, box.y + 6, w + 2 * gap / 3, 36});
    p.text(x, box.y + 30, open ? kBodyStrong : kBody, open ? t.ink : touch.hovered ? t.ink2 : t.ink3, word);
    if (open) p.fill({x, box.y + 41, w, 3}, t.ink, 1.5f);
    if (touch.clicked) f.view.card = card;
    x += w + gap;
  }
}

/// The chart or the attack table under tabs; in a presentation the chart alone.
void draw(Frame& f, Box box) {
  f.paint.card(box);
  if (f.layout.present) return trade_card(f, box);
  card_tabs(f, box);
  const Box inner{box.x, box.y + 44, box.w, box.h - 44};
  if (f.view.card == View::table)
    attack_table(f, inner);
  else if (f.view.card == View::information)
    information_plane(f, inner);
  else
    trade_card(f, inner);
}

/// Without a column beside the stage it is enlarged only while it is open.
bool is_whole(const View& view, const Layout& layout) {
  if (!view.chart_view.large || layout.strip.w > 0 || layout.present) return false;
  return !layout.one_pane || view.is_open("trade-off");
}

void tell(const PageModel& model, const View& view, Json& state) {
  state["chart"] = trade_table(model, trade_chart(model, view.chart_view.floor, false));
}

constexpr std::array<const char*, 3> kCards{"trade-off", "table", "information"};

/// {"do": "chart"}: enlarged; "on": false: no longer; "floor": the use that is asked for.
void obey(PageModel&, View& view, const Json& command) {
  if (const Json floor = command.value("floor", Json()); floor.is_number())
    view.chart_view.floor = std::clamp(floor.get<double>(), 0.0, 1.0);
  view.chart_view.large = command.value("on", Json()) != false;
  view.card = View::trade;
}

void keep(const View& view, Json& link, bool brief) {
  if (!brief) link["card"] = kCards[static_cast<std::size_t>(view.card)];
  if (view.chart_view.floor >= 0) link["floor"] = view.chart_view.floor;
  if (view.chart_view.large) link["large"] = true;
}

void restore(Json& link, View& view, const std::function<void(const std::string&)>&) {
  bool table = false;  // of links before there were three
  if (take(link, "table", &Json::is_boolean, table)) view.card = table ? View::table : View::trade;
  double floor = -1;
  if (take(link, "floor", &Json::is_number, floor)) view.chart_view.floor = std::clamp(floor, 0.0, 1.0);
  take(link, "large", &Json::is_boolean, view.chart_view.large);
  std::string word;
  if (take(link, "card", &Json::is_string, word))
    for (std::size_t i = 0; i < kCards.size(); ++i)
      if (word == kCards[i]) view.card = static_cast<View::Card>(i);
}

}  // namespace

namespace panel {
extern const Panel trade_off;
const Panel trade_off{.name = "trade-off",
                      .draw = &draw,
                      .place = &Layout::chart,
                      .own_card = true,
                      .hidden = Panel::Hidden::chart,
                      .is_whole = &is_whole,
                      .draw_whole = &trade_large,
                      .draw_beside = &trade_ranking,
                      .command = "chart",
                      .obey = &obey,
                      .tell = &tell,
                      .keep = &keep,
                      .restore = &restore};
}  // namespace panel

}  // namespace mid::ui
