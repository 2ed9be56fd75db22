#pragma once
#include "ui/frame.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {

/// The trade-off in its card: small, with a button that enlarges it.
void trade_card(Frame& f, Box box);
/// Enlarged, with the line of equal use that a hand moves. Where the page has no column beside it its ranking stands beside or under it.
void trade_large(Frame& f, Box box);
/// Who gives away least at that use, as a sentence and as a list: in the place of the column while the chart is enlarged.
void trade_ranking(Frame& f, Box box);

}  // namespace mid::ui
