#include "ui/series.hpp"

#include "ui/strings.hpp"

namespace mid::ui {
namespace {

using enum Chart::Role;
constexpr Series kSeries[] = {{"mid", "trade.mid", defend},
                              {"mid_targeted", "trade.targeted", defend, true},
                              {"sticky", "trade.sticky", defend, true},
                              {"round", "trade.round", rounding},
                              {"label_only", "trade.label", rounding, true},
                              {"noise", "trade.noise", noise},
                              {"functional_mechanism", "trade.private", privacy},
                              {"dp_tree", "trade.private", privacy}};

}  // namespace

std::span<const Series> all_series() { return kSeries; }

std::string series_of(const Run& r) {
  if (changes_answers(r.release)) return r.release;
  return r.defence == "none" ? "mid" : r.defence;
}

const Series* series_called(std::string_view name) {
  for (const Series& s : kSeries)
    if (name == s.name) return &s;
  return nullptr;
}

std::string strength_id(const Run& r) { return r.strength == 0 ? "Off" : strength_number(r.strength); }

std::string attacker_title(const PageModel& model) {
  std::string title = model.choice().says("x");
  if (const auto arrow = title.find(" →"); arrow != std::string::npos) title.erase(arrow);
  return title;
}

}  // namespace mid::ui
