#include <algorithm>
#include <cmath>

#include "mid/report/chart.hpp"
#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/series.hpp"
#include "ui/strings.hpp"

namespace mid::ui {
namespace {

/// A round number that is not below `v`: where the axis ends.
double round_up(double v) {
  const double unit = std::pow(10, std::floor(std::log10(std::max(v, 1e-6))));
  for (const double digit : {1., 1.5, 2., 3., 4., 5., 6., 8., 10.})
    if (digit * unit >= v * (1 - 1e-9)) return digit * unit;
  return 10 * unit;
}

}  // namespace

/// What an answer tells against what the attacker makes of it: a filled dot where it is known or estimated, a ring at the most
/// that it may be, a line between them. A run is where its dot is; a click loads it.
void information_plane(Frame& f, Box box) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  PageModel& model = f.model;
  const float x = box.x + 20, right = box.right() - 20;
  const bool tree = model.choice().story().stage == Stage::tree, exact = tree || model.choice().story().of_a_number();
  p.text(x, box.y + 23, kNoteMedium, t.attack, attacker_title(model));

  std::vector<Run> runs;
  double end = 0;
  for (const Run& r : model.runs().list())
    if (model.runs().comparable(r) && r.privacy && (r.information || r.bound)) {
      runs.push_back(r);
      end = std::max(end, r.information.value_or(0));
    }
  if (end <= 0)
    for (const Run& r : runs) end = std::max(end, r.bound.value_or(0));
  end = round_up(std::max(end * 1.15, .1));
  const float axis = p.width(kNoteDigits, "100\u00a0%") + 8;
  const Box plot{x + axis, box.y + 40, right - x - axis - 8, box.h - 40 - 52};
  const auto at_x = [&](double information) { return plot.x + plot.w * static_cast<float>(std::clamp(information / end, 0., 1.)); };
  const auto at_y = [&](double share) { return plot.bottom() - plot.h * static_cast<float>(std::clamp(share, 0., 1.)); };
  for (const double share : {0., .5, 1.}) {
    p.line(plot.x, at_y(share), plot.right(), at_y(share), t.line);
    p.text(plot.x - 8, at_y(share) + 5, kNoteDigits, t.ink2, percent(share), Align::right);
    p.text(at_x(share * end), plot.bottom() + 20, kNoteDigits, t.ink2, localised(tick_words(share * end)),
           share == 0   ? Align::left
           : share == 1 ? Align::right
                        : Align::centre);
  }
  const std::string_view unit = words(tree ? "information.x.bits" : "information.x");
  p.text(right, box.bottom() - 12, kNoteMedium, t.ink2, unit, Align::right);
  if (runs.empty()) {
    p.paragraph(plot.x + 12, plot.middle_y() - 24, plot.w - 24, kNote, t.ink2,
                words(model.runs().has_result() ? "information.none" : "trade.empty"), 20);
    return;
  }
  if (const auto floor = model.runs().privacy().baseline) p.dashed(plot.x, at_y(*floor), plot.right(), at_y(*floor), t.ink3);

  float legend = x;
  const auto explain_mark = [&](bool filled, std::string_view word) {
    const float w = 16 + p.width(kNote, word);
    if (legend + w > right - p.width(kNoteMedium, unit) - 10) return;
    if (filled)
      p.circle(legend + 5, box.bottom() - 17, 5, t.attack);
    else
      p.ring(legend + 5, box.bottom() - 17, 4.5f, t.attack, 2);
    p.text(legend + 16, box.bottom() - 12, kNote, t.ink2, word);
    legend += w + 14;
  };
  explain_mark(true, words(exact ? "information.exact" : "information.estimate"));
  if (!tree) explain_mark(false, words("information.bound"));

  const Run* pick = nullptr;
  for (const Run& r : runs) {
    const float y = at_y(*r.privacy);
    const bool own_seed = r.seed == model.choice().seed();
    const ImU32 colour = own_seed ? t.attack : mixed(t.surface, t.attack, .45f);
    const bool ringed = model.runs().has_result() && r.spec == model.runs().shown().spec();
    const double place = r.information.value_or(r.bound.value_or(0));
    if (r.information && r.bound) p.line(at_x(*r.information), y, at_x(*r.bound), y, colour, 1);
    if (r.bound && *r.bound <= end) {
      p.circle(at_x(*r.bound), y, 6.5f, t.surface);
      p.ring(at_x(*r.bound), y, 4.5f, colour, 2);
    } else if (r.bound) {  // it ends somewhere to the right
      p.line(plot.right() + 1, y - 4, plot.right() + 6, y, colour, 1.5f);
      p.line(plot.right() + 1, y + 4, plot.right() + 6, y, colour, 1.5f);
    }
    const std::string information =
        r.information
            ? words("information.tip", {{"information", figure(*r.information)}, {"unit", std::string(words(tree ? "bits" : "nats"))}})
            : std::string();
    const std::string most =
        r.bound ? words("information.tip.bound", {{"bound", figure(*r.bound)}, {"unit", std::string(words("nats"))}}) : std::string();
    // Of any defence, not only of the slider's own: "Rounding 2, seed 1".
    const std::string which = series_title(r) + (r.treatment.path.empty() ? "" : " " + localised(strength_number(r.strength)));
    const std::string tip = words("trade.tip", {{"name", which}, {"seed", std::to_string(r.seed)}}) + ": " + information +
                            (information.empty() || most.empty() ? "" : ", ") + most;
    const std::string name =
        "information" + strength_id(r) + "/" + std::to_string(r.seed) + "/" + series_of(r) + "/" + std::to_string(r.repeats);
    const Touch touch = f.controls.button(name.c_str(), {at_x(place) - 9, y - 9, 18, 18}, tip, 9);
    if (r.information) {
      p.circle(at_x(*r.information), y, ringed ? 12 : 6.5f, t.surface);
      p.circle(at_x(*r.information), y, 5, touched(p, colour, touch));
    }
    if (ringed) p.ring(at_x(place), y, 11, t.ink, 2);
    if (touch.clicked) pick = &r;
  }
  if (pick) model.load(Run(*pick));
}

}  // namespace mid::ui
