#pragma once
#include <string>

#include "ui/page_model.hpp"

namespace mid::ui {

/// What is done while training: "none", "mid", "mid+dropout".
std::string defence_id(const Run& run);
/// Which line of the trade-off a run belongs to: "none", "mid", "round", "mid+sticky". Runs of one differ in strength and seed.
std::string series_of(const Run& run);
/// What that line is called.
std::string series_title(const Run& run);

/// A run's strength in the name of its control, the same in every language.
std::string strength_id(const Run& run);
/// The name of its control: "dot0.1/1", of another line than the story's own "dot2/1/round".
std::string dot_id(const Run& run, const Story& story);
/// The title of the attacker's axis without its arrow.
std::string attacker_title(const PageModel& model);

}  // namespace mid::ui
