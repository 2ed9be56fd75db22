#include "ui/page.hpp"

#include <imgui_internal.h>

#include <algorithm>

namespace mid::ui {
namespace {

/// Whether a link hides it still.
bool is_hidden(const View& view, const Panel& panel) {
  switch (panel.hidden) {
    case Panel::Hidden::never: return false;
    case Panel::Hidden::explanation: return view.hide >= View::explanation;
    case Panel::Hidden::chart: return view.hide >= View::chart;
  }
  return false;
}

/// Draws what may not reach beyond `box`.
template <class F>
void within(Frame& f, Box box, F draw) {
  f.paint.clip(box);
  draw();
  f.paint.unclip();
}

/// Slider and numbers, or the strip in their place.
void settings(Frame& f) {
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  // On a page too low for both, what was opened in the stage's place may reach below it.
  if (constexpr float kRoomForBoth = 580; l.height < kRoomForBoth && l.one_pane && f.view.pane && l.strip.w <= 0) return;
  if (l.strip.w > 0) {
    f.view.pane->draw(f, l.strip);
  } else if (!phone || !f.view.pane) {
    if (phone || l.present) {
      const float half = (l.numbers.w - 12) / 2;
      f.paint.card(l.slider);
      f.paint.card({l.numbers.x, l.numbers.y, half, l.numbers.h});
      f.paint.card({l.numbers.x + half + 12, l.numbers.y, half, l.numbers.h});
    } else {
      f.paint.card({l.slider.x, l.slider.y, l.slider.w, l.slider.h + l.numbers.h});
      f.paint.line(l.numbers.x, l.numbers.y, l.numbers.right(), l.numbers.y, f.theme().line);
      f.paint.line(l.numbers.middle_x(), l.numbers.y, l.numbers.middle_x(), l.numbers.bottom(), f.theme().line);
    }
    within(f, l.slider.grown(12), [&] { slider(f, l.slider); });
    numbers(f, l.numbers);
  }
}

/// The panels of the column, or what was opened in their place.
void beside(Frame& f, const Panel* whole) {
  const Layout& l = f.layout;
  const Panel* opened = f.view.pane && !f.view.pane->place ? f.view.pane : nullptr;
  const bool column = l.kind == Layout::Kind::wide;  // one above the other
  if (opened) {
    const Box box = column ? Box{l.explain.x, l.explain.y, l.explain.w, l.chart.bottom() - l.explain.y} : l.explain;
    within(f, box.grown(12), [&] { opened->draw(f, box); });
    if (column) return;
  }
  if (whole && whole->draw_beside) {
    const Box box{l.explain.x, l.explain.y, l.explain.w, l.chart.bottom() - l.explain.y};
    return within(f, box.grown(12), [&] { whole->draw_beside(f, column ? box : l.chart); });
  }
  bool said = false;  // once is enough that something is hidden
  for (const Panel* p : panels()) {
    if (!p->place || (opened && p->place == &Layout::explain)) continue;
    const Box box = l.*p->place;
    const bool out_of_sight = is_hidden(f.view, *p);
    if (out_of_sight && (said || opened)) continue;
    within(f, box.grown(12), [&] { out_of_sight ? hidden(f, box) : p->draw(f, box); });
    said = said || out_of_sight;
  }
}

/// The stage with its transport, or what takes its place on narrow pages.
void stage(Frame& f) {
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  const Panel* pane = f.view.pane;
  if (l.transport.w > 0 && f.view.hide < View::controls && (!phone || !pane || pane->strip))
    within(f, l.transport.grown(8), [&] { transport(f, l.transport); });
  const auto all = panels();
  const auto cover = std::find_if(all.begin(), all.end(), [&](const Panel* p) { return p->covers && p->covers(f.model, f.view); });
  if (l.one_pane && pane && !pane->strip && cover == all.end()) {
    if (!phone && !pane->own_card) f.paint.card(l.stage);
    const float pad = phone ? 0 : l.pad;
    const Box inner{l.explain.x + pad, l.explain.y, l.explain.w - 2 * pad, l.explain.h};
    if (is_hidden(f.view, *pane)) return hidden(f, inner);
    return pane->draw(f, pane->own_card ? l.chart : inner);
  }
  within(f, l.stage.grown(12), [&] {
    if (cover != all.end()) return (*cover)->draw(f, l.stage);
    switch (f.model.choice().story().stage) {
      // An attack on the labels of pictures draws none.
      case Stage::pictures:
        if (f.model.runs().has_result() && !f.model.runs().shown().sheet && f.model.runs().shown().beliefs) return stage_beliefs(f);
        return shows_columns(f) ? stage_inside(f) : stage_pictures(f);
      case Stage::beliefs: return stage_beliefs(f);
      case Stage::tree: return stage_tree(f);
      case Stage::dose: return stage_dose(f);
      case Stage::members: return stage_members(f);
    }
  });
}

}  // namespace

double page(Frame& f) {
  const Layout& l = f.layout;
  const bool phone = l.kind == Layout::Kind::phone;
  within(f, l.top.grown(12), [&] { l.present ? presentation_bar(f) : top_bar(f); });
  const auto all = panels();
  const auto whole =
      std::ranges::find_if(all, [&](const Panel* p) { return p->is_whole && !is_hidden(f.view, *p) && p->is_whole(f.view, l); });
  if (whole != all.end()) {
    const float top = l.top.bottom() + 12;
    const Box box =
        phone ? Box{l.stage.x + 8, top, l.stage.w - 16, l.tabs.y - top - 12} : Box{l.stage.x, top, l.stage.w, l.numbers.bottom() - top};
    within(f, box.grown(12), [&] { (*whole)->draw_whole(f, box); });
  } else {
    stage(f);
    settings(f);
  }
  if (!l.one_pane) beside(f, whole == all.end() ? nullptr : *whole);
  for (const Panel* p : all)
    if (l.aside.w > 0 && p->place == &Layout::chart && !is_hidden(f.view, *p)) within(f, l.aside.grown(12), [&] { p->draw(f, l.aside); });
  tabs(f);
  notices(f);
  const double tip = f.controls.end();
  if (tip >= 0) f.wake_in(tip);
  // ImGui takes a press and its release in two frames; what a burst of input left over must not wait for the next touch.
  if (!ImGui::GetCurrentContext()->InputEventsQueue.empty()) f.wake_in(0);
  return f.wake;
}

}  // namespace mid::ui
