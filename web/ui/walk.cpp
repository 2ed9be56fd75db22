#include "ui/walk.hpp"

#include <algorithm>
#include <vector>

namespace mid::ui {
namespace {

/// Where a station stands on the stage: once, or in the rows of both attackers (the one of the defended model first).
std::vector<Box> boxes_of(const Frame& f, int station) {
  const Layout& l = f.layout;
  const int column = std::clamp(f.view.column, 0, l.pictures - 1);
  const bool phone = l.kind == Layout::Kind::phone;
  std::vector<Box> out;
  switch (station) {
    case 1: return {l.tile(Pictures::truth, column)};
    case 2:  // on phones it is not drawn: there the words over its numbers name it
      if (phone) return {{l.bars_legend.x, l.bars_legend.y + 2, l.bars_legend.w, 17}};
      return {{l.network.x, l.network.y + 3, 66, l.network.h - 6}};
    case 3:
      out.push_back(l.bars);
      if (l.plain_bars.w > 0) out.push_back(l.plain_bars);
      return out;
    case 4:
      for (const Pictures::Row row : {Pictures::guess, Pictures::plain}) {
        if (row == Pictures::plain && !l.plain_row) continue;
        const Box& bars = row == Pictures::guess ? l.bars : l.plain_bars;
        if (phone)
          out.push_back({l.label_x, l.row_top[row] - l.label_gap + 4, 110, l.label_gap - 8});
        else if (bars.w > 0)
          out.push_back({bars.x - 28, bars.middle_y() - 8, 24, 32});
      }
      return out;
    default:
      out.push_back(l.tile(Pictures::guess, column));
      if (l.plain_row) out.push_back(l.tile(Pictures::plain, column));
      return out;
  }
}

ImU32 colour_of(const Theme& t, int station) { return station == 1 ? t.ink : station < 4 ? t.model : t.attack; }

}  // namespace

void walk_marks(Frame& f) {
  const View::Walk& w = f.view.walk;
  if (w.station == 0) return;
  const Theme& t = f.theme();
  const double run = f.now - w.since - (View::Walk::kStay - View::Walk::kRun);
  const std::vector<Box> here = boxes_of(f, w.station);
  if (!w.playing || f.motion.still() || run < 0) {
    for (const Box& box : here) f.paint.stroke(box.grown(5), colour_of(t, w.station), 3, 11);
    return;
  }
  if (w.station == View::Walk::kStations) return;
  const auto u = static_cast<float>(std::min(run / View::Walk::kRun, 1.));
  const std::vector<Box> there = boxes_of(f, w.station + 1);
  for (std::size_t i = 0; i < std::max(here.size(), there.size()); ++i) {
    const Box &from = here[std::min(i, here.size() - 1)], &to = there[std::min(i, there.size() - 1)];
    const float x = from.middle_x() + (to.middle_x() - from.middle_x()) * u, y = from.middle_y() + (to.middle_y() - from.middle_y()) * u;
    f.paint.circle(x, y, 8, t.surface);
    f.paint.circle(x, y, 6, colour_of(t, w.station));
  }
}

}  // namespace mid::ui
