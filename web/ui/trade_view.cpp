#include "ui/trade_view.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <fonts.hpp>
#include <map>

#include "mid/report/chart_panel.hpp"
#include "ui/drawing_view.hpp"
#include "ui/exports.hpp"
#include "ui/figures.hpp"
#include "ui/menu.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

ChartStyle style_for(const Paint& p, bool large, float height, bool present) {
  ChartStyle s;
  s.note = s.axis = 14;
  s.left = p.width({Type::regular, 14}, "100\u00a0%") + 12;
  s.top = 35, s.bottom = 54, s.right = 2;
  if (present) s.top = 40, s.above = 17;  // larger letters
  s.ticks = height > 300 ? 5 : 3;
  s.clear = large ? 12 : 6;
  s.inset_width = large ? 150 : 62, s.inset_height = large ? 116 : 50;
  s.list_lines = large ? 4 : 1;
  s.width = widths(p);
  return s;
}

std::string tip_of(const PageModel& model, const Chart::Series& s, const Chart::Point& p) {
  std::string text =
      s.name + (p.label.empty() ? "" : " " + p.label) + ": " + words("trade.tip2", {{"utility", percent(p.y)}, {"privacy", percent(p.x)}});
  if (p.x_low && p.x_high) text += " (" + percent(p.x_low) + " – " + percent(p.x_high) + ")";
  text += p.seeds == 1 ? ", " + std::string(words("seed")) + " " + std::to_string(model.choice().seed())
                       : ", " + words("trade.seeds", {{"n", count(p.seeds)}});
  return text;
}

/// What the dots, their keys and a click do.
class Dots {
 public:
  Dots(Frame& f, const TradeChart& trade, const PlacedChart& placed) : f_(f), trade_(trade), placed_(placed) {
    std::map<std::string, int> twins;
    const auto& list = f.model.runs().list();
    for (const PlacedChart::Dot& d : placed.dots) {
      const Run& run = list[trade.runs[d.series][d.point].front()];
      std::string name = dot_id(run, f.model.choice().story());
      if (const int twin = twins[name]++) name += "#" + std::to_string(twin);  // no two dots may be one control
      names_.push_back(std::move(name));
    }
  }
  /// Returns the run that was clicked: a place in Runs::list(), or -1.
  int follow(bool with_line) {
    int pick = -1;
    bool asked = false;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const PlacedChart::Dot& d = placed_.dots[i];
      const Chart::Series& s = trade_.chart.series[d.series];
      const auto x = static_cast<float>(d.x), y = static_cast<float>(d.y);
      const Touch touch = f_.controls.button(names_[i].c_str(), {x - 9, y - 9, 18, 18}, tip_of(f_.model, s, s.points[d.point]), 9);
      if (touch.hovered || touch.held) f_.paint.ring(x, y, 9, faded(f_.theme().ink, touch.held ? .5f : .28f), 1.5f);
      if (!asked && ImGui::IsItemFocused()) keys(i, with_line), asked = true;  // where a key leads to must not follow it again
      if (touch.clicked) pick = static_cast<int>(trade_.runs[d.series][d.point].front());
    }
    return pick;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  void keys(std::size_t here, bool with_line) {
    const ImGuiID own = ImGui::GetItemID();
    for (const ImGuiKey key :
         {ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_PageUp, ImGuiKey_PageDown})
      ImGui::SetKeyOwner(key, own);
    const auto pressed = [&](ImGuiKey key) { return ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat); };
    const PlacedChart::Dot& d = placed_.dots[here];
    // Along the curve, in the order of strength.
    if (pressed(ImGuiKey_LeftArrow) && here > 0 && placed_.dots[here - 1].series == d.series) f_.controls.move_to(names_[here - 1]);
    if (pressed(ImGuiKey_RightArrow) && here + 1 < names_.size() && placed_.dots[here + 1].series == d.series)
      f_.controls.move_to(names_[here + 1]);
    // To the nearest dot of the curve before or behind it.
    for (const bool up : {true, false})
      if (pressed(up ? ImGuiKey_UpArrow : ImGuiKey_DownArrow)) {
        const std::size_t count = trade_.chart.series.size();
        std::size_t best = here;
        double least = 1e9;
        // A curve may have no dot but the one that curves share: the next one that has.
        for (std::size_t step = 1; step < count && best == here; ++step) {
          const std::size_t to = (d.series + (up ? count - step : step)) % count;
          for (std::size_t i = 0; i < names_.size(); ++i)
            if (const double far = std::hypot(placed_.dots[i].x - d.x, placed_.dots[i].y - d.y);
                placed_.dots[i].series == to && names_[i] != names_[here] && far < least)
              least = far, best = i;
        }
        f_.controls.move_to(names_[best]);
      }
    if (!with_line) return;
    for (const bool up : {true, false})
      if (pressed(up ? ImGuiKey_PageUp : ImGuiKey_PageDown)) f_.view.chart_view.floor = trade_.use.floor + (up ? .01 : -.01);
  }

  Frame& f_;
  const TradeChart& trade_;
  const PlacedChart& placed_;
  std::vector<std::string> names_;
};

/// Runs that broke have no place on the axes: crosses above the lower one say why.
void failed_runs(Frame& f, const LabelRoom::Area& plot) {
  auto x = static_cast<float>(plot.right) - 8;
  for (const Run& r : f.model.runs().list()) {
    if (!f.model.runs().comparable(r) || r.error.empty() || x < static_cast<float>(plot.left + plot.right) / 2) continue;
    const std::string name = "failed" + strength_id(r) + "/" + std::to_string(r.seed) + "/" + series_of(r);
    const float y = static_cast<float>(plot.bottom) - 12;
    const Touch touch = f.controls.button(name.c_str(), {x - 9, y - 9, 18, 18}, said(r.error), 9);
    f.paint.cross(x, y, 4.5f, touched(f.paint, f.theme().ink, touch));
    if (touch.clicked) f.model.notice = r.error;
    x -= 20;
  }
}

/// Places, paints and follows a chart. Nothing is kept of it: a click changes the list of runs.
PlacedChart chart_in(Frame& f, const TradeChart& trade, Box box, bool large) {
  const ChartStyle style = style_for(f.paint, large, box.h, f.layout.present);
  PlacedChart placed = place_chart(trade.chart, {box.x, box.y, box.right(), box.bottom()}, style);
  Dots dots(f, trade, placed);
  paint_drawing(f.paint, placed.shapes,
                [&](std::size_t i) { return i < dots.names().size() ? f.motion.to("grow" + dots.names()[i], 1, .2) : 1.f; });
  failed_runs(f, placed.plot);
  const int pick = dots.follow(large);
  if (pick >= 0) f.model.load(Run(f.model.runs().list()[static_cast<std::size_t>(pick)]));
  return placed;
}

/// "Run the other 4" until all that the switch offers has been run; returns its left edge.
float fill_button(Frame& f, float right, float y, float least) {
  Paint& p = f.paint;
  PageModel& model = f.model;
  const bool filling = model.queue().filling();
  const int missing = model.unfilled();
  if (missing == 0 && !filling) {
    const std::string_view hint = words("trade.click");
    const float w = p.width(kNote, hint);
    if (w <= right - least) p.text(right, y + 18, kNote, f.theme().ink3, hint, Align::right);
    return right;
  }
  const std::string text = words(filling ? "trade.filling" : "trade.fill", {{"n", count(missing)}});
  const float w = p.width(kNoteMedium, text);
  if (w > right - least) return right;
  const Box b{right - w - 10, y, w + 20, 28};
  const Touch touch = f.controls.button("fill", b, words(filling ? "trade.fill.stop" : "trade.fill.tip", {{"n", count(missing)}}));
  if (touch.hovered || touch.held) p.fill(b, f.theme().sunken, 8);
  p.text(right, y + 18, kNoteMedium, f.theme().defend, text, Align::right);
  if (touch.clicked) filling ? model.stop_filling() : model.fill();
  return b.x;
}

/// The blue line's handle, at its right end.
void line_handle(Frame& f, const TradeChart& trade, const PlacedChart& placed) {
  if (!trade.chart.floor) return;
  const float x = static_cast<float>(placed.plot.right) - 2, y = static_cast<float>(placed.height_of(trade.chart.floor->at));
  f.view.dragging = false;  // the slider, which says so elsewhere, is not there
  const Touch touch = f.controls.button("floor", {x - 18, y - 18, 36, 36}, words("trade.floor.tip"), 18);
  const ImU32 ink = touched(f.paint, f.theme().model, touch);
  f.paint.circle(x, y, 13, f.theme().surface);
  f.paint.ring(x, y, 13, ink, 2.5f);
  for (const float side : {-1.f, 1.f}) f.paint.polyline({x - 4, y + 2.5f * side, x, y + 6.5f * side, x + 4, y + 2.5f * side}, ink, 2);
  const double low = std::max(trade.chart.y.low, 0.0), high = std::min(1.0, trade.chart.y.high);
  if (touch.dragged) {
    const double value = placed.value_at(static_cast<double>(ImGui::GetIO().MousePos.y / f.paint.scale()));
    f.view.chart_view.floor = std::clamp(std::round(200 * value) / 200, low, high);
    f.view.dragging = true;
  }
  if (!ImGui::IsItemFocused()) return;
  const ImGuiID own = ImGui::GetItemID();
  for (const bool up : {true, false})
    for (const ImGuiKey key : {up ? ImGuiKey_UpArrow : ImGuiKey_DownArrow, up ? ImGuiKey_PageUp : ImGuiKey_PageDown}) {
      ImGui::SetKeyOwner(key, own);
      if (ImGui::IsKeyPressed(key, own, ImGuiInputFlags_Repeat))
        f.view.chart_view.floor = std::clamp(trade.use.floor + (up ? .01 : -.01), low, high);
    }
}

}  // namespace

void trade_card(Frame& f, Box box) {
  Paint& p = f.paint;
  const float x = box.x + 20, right = box.right() - 20;
  const TradeChart trade = trade_chart(f.model, f.view.chart_view.floor, false);
  const float least = x + p.width(kNoteMedium, f.model.choice().says("y")) + 12;
  if (!trade.empty() && !f.layout.present) {
    const Touch touch = f.controls.button("enlarge", {right - 24, box.y + 4, 32, 32}, words("trade.enlarge"));
    p.icon(right - 8, box.y + 19, icon::kMaximize2, touched(p, f.theme().ink2, touch), kIconSmall);
    if (touch.clicked) f.view.chart_view.large = true;
    fill_button(f, right - 34, box.y + 5, least);
  }
  const Box inner{x, box.y, right - x, box.h - 8};
  const PlacedChart placed = chart_in(f, trade, inner, false);
  if (trade.empty())
    p.text(static_cast<float>(placed.plot.left + placed.plot.right) / 2, static_cast<float>(placed.plot.top + placed.plot.bottom) / 2 + 24,
           kNote, f.theme().ink2, words("trade.empty"), Align::centre);
}

void trade_ranking(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const TradeChart trade = trade_chart(f.model, f.view.chart_view.floor, true);
  float y = box.y + 24;
  y += 22 *
       static_cast<float>(p.paragraph(box.x, y, box.w, kBodyStrong, t.ink, words("trade.who", {{"floor", percent(trade.use.floor)}}), 22));
  y += 4;
  y += 24 * static_cast<float>(p.paragraph(box.x, y + 4, box.w, kBody, t.ink, winner_sentence(f.model, trade), 24));
  const auto base = f.model.runs().privacy().baseline;
  const float room = box.bottom() - y - 8;
  const auto n = static_cast<float>(std::max<std::size_t>(trade.use.places.size(), 1));
  const float pitch = std::min(42.f, room / n);
  if (pitch < 26) return;  // the sentence has said who
  const auto name_of = [&](const EqualUse::Place& place) {
    const Chart::Series& s = trade.chart.series[place.series];
    const std::string point = place.point ? s.points[*place.point].label : std::string();
    return s.name + (point.empty() ? "" : " " + point);
  };
  // One width of bars for all, where every name finds room beside them.
  constexpr float kNumberRoom = 56, kNarrowest = 36;
  float bar_w = box.w * .32f;
  for (const EqualUse::Place& place : trade.use.places)
    if (place.leaks) bar_w = std::min(bar_w, box.w - kNumberRoom - 40 - p.width(kNoteMedium, name_of(place)));
  if (bar_w < kNarrowest) bar_w = 0;
  for (const EqualUse::Place& place : trade.use.places) {
    const Chart::Series& s = trade.chart.series[place.series];
    const bool shown = std::ranges::any_of(s.points, &Chart::Point::ring);
    if (shown) p.fill({box.x - 8, y + 1, box.w + 16, pitch - 2}, t.defend_soft, 8);
    const float middle = y + pitch / 2, base_line = middle + 5;
    Drawing::Marker mark{static_cast<double>(box.x) + 9, static_cast<double>(middle), s.mark.value_or(mark_of(s.role)), colour_of(s.role)};
    mark.hollow = is_hollow(mark.mark, s.second);
    paint_drawing(p, {mark});
    const std::string number = place.leaks ? percent(place.leaks) : words("trade.never", {{"floor", percent(trade.use.floor)}});
    const float right = box.right(), bar_x = right - (place.leaks ? kNumberRoom + bar_w : p.width(kNote, number)),
                name_room = bar_x - box.x - 34;
    std::string name = name_of(place);
    if (p.width(kNoteMedium, name) > name_room) name = p.fitting(kNoteMedium, s.name, name_room);
    p.text(box.x + 26, base_line, kNoteMedium, t.ink, name);
    if (bar_w > 0 && place.leaks) {
      const auto share = [&](double v) { return bar_x + bar_w * static_cast<float>(std::clamp(v, 0.0, 1.0)); };
      p.bar({bar_x, middle - 4, bar_w, 8}, static_cast<float>(*place.leaks), t.attack);
      if (base) p.fill({share(*base) - 1, middle - 7, 2, 14}, t.ink);
      if (place.low && place.high)
        p.fill({share(*place.low), middle + 8, std::max(2.f, share(*place.high) - share(*place.low)), 2}, t.attack);
    }
    p.text(right, base_line, place.leaks ? Type{Type::semibold, 16, true} : kNote, place.leaks ? t.attack : t.ink2, number, Align::right);
    y += pitch;
    p.line(box.x, y, right, y, t.line);
  }
}

void trade_large(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  p.card(box);
  const float pad = f.layout.pad, x = box.x + pad, right = box.right() - pad;
  if (f.controls.button("chart.close", {right - 28, box.y + 10, 36, 36}, words("close")).clicked ||
      ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    f.view.chart_view.large = false;
  p.icon(right - 10, box.y + 28, icon::kX, t.ink2);
  const float width = right - 48 - x;
  float y = box.y + 34;
  y += 26 * static_cast<float>(p.paragraph(x, y, width, kTitle, t.ink, words("trade.question"), 26) - 1);
  const std::string caption = model.choice().says("menu") + ". " + std::string(words("trade.bars"));
  y += 24;
  y += 19 * static_cast<float>(p.paragraph(x, y, width, kNote, t.ink2, caption, 19));
  const TradeChart trade = trade_chart(model, f.view.chart_view.floor, true);
  Box inner{x, y - 6, right - x, box.bottom() - 56 - y + 6};
  if (f.layout.one_pane) {  // the ranking has no column of its own
    const bool beside = box.w > 640;
    const float rows = 30 * static_cast<float>(trade.use.places.size());
    if (beside) {
      inner.w -= 260;
      trade_ranking(f, {inner.right() + 24, y - 14, 236, inner.h});
    } else if (const float under = std::clamp(rows + 110, 110.f, std::max(110.f, inner.h - 250)); inner.h - under > 200) {
      inner.h -= under;
      trade_ranking(f, {x, inner.bottom(), right - x, under});
    }
  }
  const PlacedChart placed = chart_in(f, trade, inner, true);
  line_handle(f, trade, placed);
  const float foot = box.bottom() - 46;
  const float save_w = p.width(kBodyMedium, words("trade.save")) + 28;
  if (f.doors.save_file && !trade.empty()) {
    const Box b{right - save_w, foot, save_w, 36};
    const Touch touch = f.controls.button("chart.save", b);
    p.stroke(b, touched(p, t.edge, touch), 1, 8);
    p.text(b.middle_x(), b.y + 23, kBodyMedium, t.ink, words("trade.save"), Align::centre);
    if (touch.clicked)
      f.doors.save_file(std::string(model.choice().story().key) + "-trade-off.svg", trade_off_svg(model, f.view.chart_view.floor));
  }
  fill_button(f, right - save_w - 20, foot + 4, x);
}

}  // namespace mid::ui
