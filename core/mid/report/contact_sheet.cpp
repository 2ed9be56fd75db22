#include "mid/report/contact_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "mid/report/slide.hpp"

namespace mid {
namespace {

using namespace slide;

constexpr int kBetween = 14, kBand = 16;     // between pictures; what the attacker's band adds around its row
constexpr int kLabels = 232, kCounts = 150;  // columns beside the pictures
constexpr int kLeastWidth = 1640;            // what the two numbers need
constexpr int kPictures = 1740;              // what the pictures may take
constexpr int kLargest = 200;                // a picture's side

/// The rows to show: every person once before anybody twice.
std::vector<int> chosen_rows(const PictureSheet& sheet, int most) {
  std::vector<int> first, again;
  std::set<std::string> known;
  for (int i = 0; i < sheet.rows; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string person = at < sheet.names.size() ? sheet.names[at].substr(0, sheet.names[at].find('_')) : std::to_string(i);
    (known.insert(person).second ? first : again).push_back(i);
  }
  first.insert(first.end(), again.begin(), again.end());
  first.resize(std::min(first.size(), static_cast<std::size_t>(std::max(most, 0))));
  return first;
}

/// "4.7" of ten; whole numbers without ".0".
std::string out_of_ten(double chance) {
  const auto tenths = std::lround(chance * 100);
  return std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "");
}

/// The largest whole factor with which that many pictures fit.
int enlargement(int side, int width, int columns) {
  int factor = 1;
  while ((factor + 1) * side <= kLargest && columns * ((factor + 1) * width + kBetween) <= kPictures) ++factor;
  return factor;
}

struct SheetRow {
  const char *name, *beneath;
  const Pictures8& pictures;
  Colour colour;
};

}  // namespace

std::string contact_sheet_png(const PictureSheet& sheet, const Result& result, const Fonts& fonts, int people, double scale) {
  const std::vector<int> rows = chosen_rows(sheet, people);
  const int columns = static_cast<int>(rows.size());
  const int factor = enlargement(std::max({sheet.height, sheet.width, 1}), sheet.width, columns);
  const int w = sheet.width * factor, h = sheet.height * factor, bar = 22;  // the bar beneath the attacker's pictures
  const int card_width = std::max(kLeastWidth, 2 * kPadding + kLabels + columns * (w + kBetween) + kCounts);
  const int row_step = h + 2 * kBand, stage = kPadding + kHeadHeight + 3 * row_step + bar + 46;
  const int height = kMargin + stage + kGap + kNumberCard + 58;
  Painter p(card_width + 2 * kMargin, height, kPage, fonts, scale);

  card(p, kMargin, kMargin, card_width, stage);
  head(p, kMargin + kPadding, kMargin + kPadding,
       sheet.of_classes ? "Can the model itself be turned back into the people it knows?"
                        : "Can the model’s answers be turned back into pictures?",
       defence_line(result.spec) + ".  " + attack_line(result.spec, sheet.of_classes ? "" : "a picture") + ".");

  const SheetRow shown[] = {{"True", sheet.of_classes ? "mean of its pictures" : "kept secret", sheet.truth, kInk},
                            {"Attacker", sheet.of_classes ? "rebuilt from the model" : "rebuilt from answers", sheet.guess, kAttack},
                            {"Average", "needs no model", sheet.average, kInk}};
  const int left = kMargin + kPadding, pictures = left + kLabels;
  int y = kMargin + kPadding + kHeadHeight;
  const auto picked = result.privacy.find("line_up");
  const double chance = picked == result.privacy.end() ? .1 : picked->second.baseline.value_or(.1);
  for (const SheetRow& row : shown) {
    const bool attacker = &row == &shown[1];
    if (attacker) p.box(kMargin + 12, y - kBand + 3, card_width - 24, h + bar + 2 * kBand - 6, kAttackSoft, 12);
    p.text(left, y + h / 2.0 - 2, row.name, kLabel, Weight::semibold, row.colour);
    p.text(left, y + h / 2.0 + 28, row.beneath, kNote, Weight::regular, kInk2);
    for (int c = 0; c < columns; ++c) {
      const int x = pictures + c * (w + kBetween);
      const auto i = static_cast<std::size_t>(rows[static_cast<std::size_t>(c)]);
      p.picture(x, y, row.pictures.data() + i * sheet.pixels(), sheet.height, sheet.width, factor, 10);
      if (!attacker || i >= sheet.line_up.size()) continue;
      p.box(x, y + h + 9, w, 8, kTrack, 4);
      if (sheet.line_up[i] > 0) p.box(x, y + h + 9, std::max(8.0, w * std::min(1.0, sheet.line_up[i])), 8, kAttack, 4);
      p.box(x + w * chance - 1, y + h + 6, 2, 14, kInk);
    }
    // How often the true picture is picked among ten: beside the row it belongs to.
    if (picked != result.privacy.end() && !(&row == &shown[0])) {
      const auto& value = attacker ? picked->second.value : picked->second.baseline;
      const int x = pictures + columns * (w + kBetween) + 12;
      if (value) {
        const double end = p.text(x, y + h / 2.0 - 2, out_of_ten(*value), kCount, Weight::semibold, row.colour);
        p.text(end + 8, y + h / 2.0 - 2, "of 10", kBody, Weight::medium, row.colour);
        p.text(x, y + h / 2.0 + 28, attacker ? "picked right" : "by chance", kNote, Weight::regular, kInk2);
      }
    }
    y += row_step + (attacker ? bar : 0);
  }

  p.text(left, y + 16, "Bars: how often the attacker’s picture picks the true one out of 10 of its kind. Mark: by chance.", kNote - 2,
         Weight::regular, kInk3);

  numbers(p, kMargin, kMargin + stage + kGap, card_width, result, {"accuracy", "Right answers of the model", "guessing"},
          {"line_up", "Right picture picked out of 10", "by chance"});
  foot(p, height - 24, sheet.credit, result);
  return p.png();
}

}  // namespace mid
