#pragma once
#include <span>
#include <string>
#include <string_view>

#include "mid/report/chart.hpp"
#include "ui/page_model.hpp"

namespace mid::ui {

/// A line of the trade-off: runs that differ in strength.
struct Series {
  const char *name, *word;  ///< as series_of() says it; key of its words
  Chart::Role role;         ///< colour and shape of its marks
  bool second = false;      ///< the second of its role
};
/// All that have words of their own, in the order of the legend.
std::span<const Series> all_series();

/// Which line a run belongs to: by what happens to answers, then by the defence. Off begins the line of MID.
std::string series_of(const Run& run);
/// Null: it has no words of its own.
const Series* series_called(std::string_view name);

/// A run's strength in the name of its control, the same in every language.
std::string strength_id(const Run& run);
/// The title of the attacker's axis without its arrow.
std::string attacker_title(const PageModel& model);

}  // namespace mid::ui
