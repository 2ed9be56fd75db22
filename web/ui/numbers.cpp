#include <algorithm>
#include <cmath>

#include "ui/figures.hpp"
#include "ui/frame.hpp"
#include "ui/strings.hpp"
#include "ui/trade_chart.hpp"

namespace mid::ui {
namespace {

/// One of the two numbers with its bar, its baseline (thin mark) and its value without defence (thick mark).
struct Figure {
  const char* id;
  std::string label, short_label, base, then, then_short;  ///< `then`: what a stale number was measured at; empty if it is current
  ImU32 colour;
  std::optional<double> value, baseline, undefended;
  std::optional<std::pair<double, double>> expected = {};  ///< what other seeds gave
  std::string tip = {};
};

void marks(Paint& p, Box bar, std::optional<double> share, float w, float grow) {
  if (!share) return;
  const float x = bar.x + bar.w * static_cast<float>(std::clamp(*share, 0., 1.));
  // A halo in the card's colour, so that a mark on the bar and one off it are seen alike.
  p.fill({x - w / 2 - 1, bar.y - grow, w + 2, bar.h + 2 * grow}, p.theme.surface);
  p.fill({x - w / 2, bar.y - grow, w, bar.h + 2 * grow}, p.theme.ink);
}

void references(Frame& f, const Figure& n, float x, float y, float room) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  if (!n.then.empty()) {
    p.text(x, y, kNote, t.ink2, p.width(kNote, n.then) <= room ? n.then : n.then_short);
    return;
  }
  if (!n.value) {
    const std::string_view wait = words("number.wait");
    p.text(x, y, kNote, t.ink2, p.width(kNote, wait) <= room ? wait : words("number.wait.short"));
    return;
  }
  // Both marks are always told apart: where there is no room for words, by their values alone.
  std::string guess = n.baseline ? n.base : "", without = n.undefended ? words("no defence", {{"value", percent(n.undefended)}}) : "";
  const auto both = [&] {
    return (guess.empty() ? 0 : p.width(kNoteDigits, guess) + 9) + (without.empty() ? 0 : p.width(kNoteDigits, without) + 27);
  };
  if (both() > room && !guess.empty() && !without.empty()) guess = percent(n.baseline);
  if (both() > room && !without.empty()) without = percent(n.undefended);
  if (!guess.empty()) {
    p.fill({x, y - 11, 2, 12}, t.ink);
    x += 9 + p.text(x + 9, y, kNoteDigits, t.ink2, guess) + 16;
  }
  if (!without.empty()) {
    p.fill({x, y - 11, 4, 12}, t.ink);
    p.text(x + 11, y, kNoteDigits, t.ink2, without);
  }
}

void draw(Frame& f, Box box, const Figure& n, bool stacked) {
  Paint& p = f.paint;
  const Theme& t = f.theme();
  const ImU32 colour = n.then.empty() ? n.colour : t.ink3;
  const float x = box.x + f.layout.pad;
  // Three digits take more room than the two that the columns are made for.
  const float wide = n.value ? p.width(kNumber, percent_digits(*n.value)) + p.width(kPercent, "%") + 20 : 0;
  float bar_x = x + std::max(112.f, wide), bar_y = box.y + 37, number_y = box.y + 61, label_y = box.y + 22, note_y = box.y + 69;
  if (f.layout.present)
    bar_x = x + std::max(126.f, wide), label_y = box.y + 28, bar_y = box.y + 43, number_y = box.y + 67, note_y = box.y + 79;
  if (stacked) bar_x = x, label_y = box.y + 27, number_y = box.y + 72, bar_y = box.y + 84, note_y = box.y + 111;
  const float right = box.right() - f.layout.pad;

  if (n.value) {
    const float shown = f.motion.to(n.id, static_cast<float>(*n.value), .25);
    // On its way every digit has one width, so that the number does not dance; at rest it is set as type should be.
    const bool moving = std::fabs(shown - static_cast<float>(*n.value)) > 1e-4f;
    const Type type{kNumber.weight, kNumber.size, moving};
    const float w =
        p.text(x, number_y, type, colour, percent_digits(moving ? double{shown} : *n.value));  // at rest rounded as everywhere else
    p.text(x + w + 6, number_y, kPercent, colour, "%");
  } else {
    p.fill({x, number_y - 19, 24, 5}, t.ink3);
  }
  p.text(bar_x, label_y, kBodyMedium, t.ink, p.width(kBodyMedium, n.label) <= right - bar_x ? n.label : n.short_label);
  const Box bar{bar_x, bar_y, right - bar_x, 10};
  p.bar(bar, n.value ? f.motion.to(std::string(n.id) + ".bar", static_cast<float>(*n.value), .25) : 0, colour);
  if (n.value) {
    marks(p, bar, n.baseline, 2, 4);
    marks(p, bar, n.undefended, 4, 4);
  }
  if (n.value && n.expected) {
    const float low = bar.x + bar.w * static_cast<float>(n.expected->first), high = bar.x + bar.w * static_cast<float>(n.expected->second);
    p.fill({low, bar.bottom() + 2, std::max(2.f, high - low), 2}, t.edge);
  }
  references(f, n, bar_x, note_y, right - bar_x);
  if (!n.tip.empty()) f.controls.button((std::string("number.") + n.id).c_str(), box, n.tip, 12);
}

/// What a number counts, how sure it is, and what other seeds gave.
std::string tip_of(const Measure& m, const std::string& label, const std::optional<std::pair<double, double>>& expected, int seeds) {
  if (!m.value) return {};
  std::string tip = m.low && m.high
                        ? words("number.tip", {{"label", label}, {"low", percent(m.low)}, {"high", percent(m.high)}, {"n", count(m.n)}})
                        : label + ".";
  if (expected)
    tip += " " + words("number.expected",
                       {{"seeds", std::to_string(seeds)}, {"low", percent(expected->first)}, {"high", percent(expected->second)}});
  return tip;
}

}  // namespace

void numbers(Frame& f, Box box) {
  const PageModel& model = f.model;
  const Theme& t = f.theme();
  const Story& story = model.choice().story();
  const Run* without = model.runs().undefended();
  const Measure u = model.runs().figure("utility", story.utility);
  const Measure a = model.runs().privacy();

  Figure use{"model",
             model.choice().says("utility"),
             model.choice().says("utility.short"),
             model.choice().says("utility.base", {{"value", percent(u.baseline)}}),
             {},
             {},
             t.model,
             u.value,
             u.baseline,
             without ? without->utility : std::nullopt};
  Figure attack{"attack",
                model.choice().says("privacy"),
                model.choice().says("privacy.short"),
                model.choice().says("privacy.base", {{"value", percent(a.baseline)}}),
                {},
                {},
                t.attack,
                a.value,
                a.baseline,
                without ? without->privacy : std::nullopt};
  const auto& live = model.queue().progress().live;
  const std::string live_name(story.utility);
  if (model.queue().busy() && live.contains(live_name)) {
    use.value = live.at(live_name);
  } else if (model.runs().stale()) {
    use.then = "…";
  }
  if (model.runs().stale()) {
    const auto from_to = [&](const char* key, std::string_view symbol, const std::string& then, const std::string& now) {
      return words(key, {{"symbol", std::string(symbol)}, {"then", then}, {"now", now}});
    };
    const std::string then = slider_number(model.choice(), model.runs().shown().strength),
                      now = slider_number(model.choice(), model.choice().strength());
    // Only two places of one slider are said as two numbers.
    const Treatment before = treatment_of(model.runs().shown().spec());
    const auto& own = model.choice().story().defences;
    const bool same_slider =
        model.choice().rival().empty() && (before.none() || std::find(own.begin(), own.end(), before.defence) != own.end());
    if (same_slider && then != now) {
      attack.then = from_to("number.stale", model.choice().symbol(), then, now),
      attack.then_short = from_to("number.stale.short", model.choice().symbol(), then, now);
    } else if (model.runs().shown().seed != model.choice().seed()) {
      attack.then =
          from_to("number.stale", words("seed"), std::to_string(model.runs().shown().seed), std::to_string(model.choice().seed())),
      attack.then_short = words("seed");
    } else {
      attack.then = words("number.stale.other"), attack.then_short = words("number.stale.other.short");
    }
    if (use.then == "…") use.then = attack.then, use.then_short = attack.then_short;
  }

  if (const auto& expected = model.runs().expected(); model.runs().has_result() && !model.runs().stale()) {
    if (expected) use.expected = expected->utility, attack.expected = expected->privacy;
    const int seeds = expected ? expected->seeds : 0;
    use.tip = tip_of(u, use.label, use.expected, seeds), attack.tip = tip_of(a, attack.label, attack.expected, seeds);
  }
  const bool stacked = f.layout.kind == Layout::Kind::phone;
  const float gap = stacked || f.layout.present ? 12.f : 0.f, half = std::floor((box.w - gap) / 2);
  const auto within = [&](Box part, const Figure& n) {
    f.paint.clip(part);
    draw(f, part, n, stacked);
    f.paint.unclip();
  };
  within({box.x, box.y, half, box.h}, use);
  within({box.x + half + gap, box.y, box.w - half - gap, box.h}, attack);
}

}  // namespace mid::ui
