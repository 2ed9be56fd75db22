#include "ui/draw/layout.hpp"

#include <algorithm>
#include <cmath>

namespace mid::ui {
namespace {

Layout wide(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::wide;
  const float page = std::min(w, 1680.f), left = std::floor((w - page) / 2),
              right_column = page < 1280 ? 280 : std::clamp(page - 960, 320.f, 400.f);
  const float stage_w = page - 72 - right_column, x = left + 24, x2 = x + stage_w + 24;
  l.top = {0, 0, w, 56};
  l.transport = {x, 66, stage_w, 44};
  l.slider = {x, h - 208, stage_w, 107};
  l.numbers = {x, h - 101, stage_w, 85};
  l.stage = {x, 120, stage_w, h - 340};
  const float chart_h = std::clamp(std::floor(262 + (h - 720) / 2), 262.f, 420.f);
  l.chart = {x2, h - 16 - chart_h, right_column, chart_h};
  l.explain = {x2, 66, right_column, h - 94 - chart_h};
  l.label_x = x + 20, l.pictures_x = x + 172;
  l.room = {l.stage.y + 72, l.stage.right() - 20 - l.pictures_x, l.stage.h - 72 - 12, 160, 4, 10};
  return l;
}

Layout medium(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::medium;
  l.transport_in_stage = h < 640;
  l.pad = 16;
  const bool below = h >= 1040;
  l.one_pane = !below;
  const float x = 16, stage_w = w - 32;
  l.top = {0, 0, w, 56};
  const float foot = below ? 384.f : 0.f;
  l.numbers = {x, h - foot - 12 - 85, stage_w, 85};
  l.slider = {x, l.numbers.y - 103, stage_w, 103};
  const float top = l.transport_in_stage ? 64 : 118;
  if (!l.transport_in_stage) l.transport = {x, 65, stage_w, 44};
  l.stage = {x, top, stage_w, l.slider.y - 10 - top};
  if (below) {
    const float half = (stage_w - 24) / 2;
    l.explain = {x, h - foot, half, foot - 12};
    l.chart = {x + half + 24, h - foot, half, 262};
  } else {
    l.explain = l.chart = l.stage;
  }
  l.label_x = x + 16, l.pictures_x = x + 146;
  const float head = l.transport_in_stage ? 54 : 72;
  l.room = {l.stage.y + head, l.stage.right() - 16 - l.pictures_x, l.stage.h - head - 12, 110, 4, 6};
  return l;
}

Layout phone(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::phone;
  l.one_pane = true;
  l.pad = 14;
  const float x = 16, inner = w - 32;
  l.top = {0, 0, w, 56};
  l.tabs = {0, h - 60, w, 60};
  l.transport = {x, 64, inner, 44};
  l.numbers = {x, h - 60 - 12 - 122, inner, 122};
  l.slider = {x, l.numbers.y - 8 - 108, inner, 108};
  l.stage = {0, 112, w, std::max(l.slider.y - 8 - 112, 150.f)};
  l.explain = l.chart = {x, 120, inner, l.tabs.y - 132};
  l.label_x = x, l.pictures_x = x;
  l.room = {l.stage.y, inner, l.stage.h, 120, 4, 4};
  return l;
}

/// For a room. The page's scale has seen to it that the height is about 600.
Layout presentation(float w, float h) {
  Layout l;
  l.kind = Layout::Kind::medium;
  l.present = l.one_pane = true;
  constexpr float kRoomForChart = 1040, kChart = 300, kBetween = 12;
  const float x = 16, inner = w - 32, left = w < kRoomForChart ? inner : inner - kChart - kBetween;
  l.top = {0, 0, w, 52};
  l.numbers = {x, h - 10 - 98, left, 98};
  l.slider = {x, l.numbers.y - 8 - 116, left, 116};
  if (left < inner) l.aside = {x + left + kBetween, l.slider.y, kChart, l.numbers.bottom() - l.slider.y};
  l.stage = {x, 60, inner, l.slider.y - 8 - 60};
  l.explain = l.chart = l.stage;
  l.label_x = x, l.pictures_x = x + 168;
  l.gap = 8;
  l.room = {l.stage.y + 4, w - 16 - l.pictures_x, l.stage.h - 8, 160, 4, 8};
  return l;
}

}  // namespace

void Layout::make_rows(const Wish& wish) {
  network = plain_bars = bars = bars_legend = bars_band = {};
  one_average = false;
  if (kind == Kind::phone)
    rows_under_labels(wish);
  else
    rows_beside_labels(wish);
}

/// Labels at the left of their rows, the numbers at the right.
void Layout::rows_beside_labels(const Wish& wish) {
  constexpr float kArrow = 36, kLeastBars = 240, kMostBars = 400, kLeastBetween = 8;
  const int rows = wish.plain ? 4 : 3;
  plain_row = wish.plain;
  const float n = static_cast<float>(rows), apart = wish.plain ? 6 : gap, least = static_cast<float>(room.fewest);
  const float across = room.width - (wish.numbers ? kLeastBars + kArrow : 0);
  const float by_height = (room.height - wish.above - (n - 1) * apart) / n, by_width = (across + kLeastBetween) / least - kLeastBetween;
  picture = average = std::floor(std::clamp(std::min(by_height, by_width), 24.f, room.largest));
  // Height that is left over goes between the rows, then around them.
  const float left_over = std::max(0.f, room.height - wish.above - n * picture - (n - 1) * apart);
  const float between = std::min(std::floor(left_over / (n + 1)), 28.f);
  float y = room.y + wish.above + std::floor((left_over - (n - 1) * between) / 2);
  for (int row = 0; row < 4; ++row) {
    row_top[row] = y;
    if (row != 1 || wish.plain) y += picture + apart + between;
  }
  pictures = std::clamp(static_cast<int>((across + kLeastBetween) / (picture + kLeastBetween)), room.fewest, room.most);
  // What the last picture leaves over goes between them, and to the numbers first.
  const auto columns = static_cast<float>(pictures);
  const float spare = room.width - (wish.numbers ? kMostBars + kArrow : 0) - columns * picture;
  pitch = picture + std::floor(std::clamp(spare / (columns - 1), kLeastBetween, 2.5f * gap));
  if (!wish.numbers) return;
  const float x = pictures_x + pitch * (columns - 1) + picture + kArrow, w = std::min(kMostBars, pictures_x + room.width - x);
  network = {x, row_top[0], w, picture};
  plain_bars = {x, row_top[1], wish.plain ? w : 0, picture};
  bars = {x, row_top[2], w, picture};
  bars_legend = {x, row_top[3], w, picture};
}

/// Each label above its row, the numbers under the true pictures.
void Layout::rows_under_labels(Wish wish) {
  constexpr float kBand = 84, kAverage = 44, kLeastPicture = 44, kFoot = 16;
  const float tall = room.height - wish.above, by_width = (room.width + gap) / static_cast<float>(room.fewest) - gap;
  float labelled = 0, spare = 0;
  for (;; wish.numbers ? wish.numbers = false : wish.plain = false) {
    labelled = 3;  // without defence there are three, with it the average is one small picture and the other attacker has a row
    const float fixed = labelled * label_gap + kFoot + (wish.numbers ? kBand : 0) + (wish.plain ? kAverage + 8 : 0);
    picture = std::floor(std::clamp(std::min((tall - fixed) / labelled, by_width), 24.f, room.largest));
    spare = std::max(0.f, tall - fixed - labelled * picture);
    if (picture >= kLeastPicture || (!wish.numbers && !wish.plain)) break;
  }
  plain_row = one_average = wish.plain;
  average = one_average ? kAverage : picture;
  const float between = std::floor(std::min(spare / labelled, 26.f));
  float y = room.y + wish.above + (wish.numbers || wish.plain ? 0 : between / 2) + 4;
  for (int row = 0; row < 4; ++row) {
    if (row == 1 && wish.numbers) bars_band = {6, y + 2, width - 12, kBand - 6}, y += kBand;
    const bool labels = row < 3 || !one_average;
    row_top[row] = y + (labels ? label_gap : 6);
    if (row == 1 && !wish.plain) continue;
    y = row_top[row] + picture + between;
  }
  pictures = room.fewest;
  const auto columns = static_cast<float>(pictures);
  pitch = picture + std::floor(std::clamp((room.width - columns * picture) / (columns - 1), 8.f, 2.5f * gap));
  if (!wish.numbers) return;
  const float x = bars_band.x + 10, w = bars_band.w - 20, half = wish.plain ? std::floor((w - 16) / 2) : w;
  bars_legend = {x, bars_band.y, w, 20};
  bars = {x + (wish.plain ? half + 16 : 0), bars_band.y + 20, half, bars_band.h - 20};
  if (wish.plain) plain_bars = {x, bars.y, half, bars.h};
}

Layout Layout::of(float width, float height, bool present) {
  // A right column needs room for both of its cards: the narrower, the more.
  const bool columns = (width >= 1280 && height >= 720) || (width >= 1180 && height >= 860);
  Layout l = present        ? presentation(std::max(width, 760.f), std::max(height, 540.f))
             : columns      ? wide(width, height)
             : width >= 760 ? medium(width, std::max(height, 540.f))
                            : phone(std::max(width, 320.f), std::max(height, 560.f));
  l.width = width, l.height = height;
  l.make_rows({});
  return l;
}

Layout Layout::above_strip(float width, float height, bool present) {
  const Layout whole = of(width, height, present);
  if (!whole.one_pane) return whole;
  // What the stage can spare is the strip's, too.
  const bool phone = whole.kind == Kind::phone;
  const float more = std::clamp(height - (phone ? 560.f : 540.f), 0.f, phone ? 110.f : 60.f);
  Layout l = of(width, height - more, present);
  l.strip = {l.slider.x, l.slider.y, present ? l.stage.w : l.slider.w, whole.numbers.bottom() - l.slider.y};
  l.slider = l.numbers = l.aside = {};
  l.tabs = whole.tabs, l.height = height;
  return l;
}

}  // namespace mid::ui
