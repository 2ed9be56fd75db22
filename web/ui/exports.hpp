#pragma once
#include <string>

#include "ui/page_model.hpp"

namespace mid::ui {

// What a visitor may take along. All of it is about what stands on the page; none of it asks the Session.

/// The fields (PATH: value) by which `spec`, complete, differs from `preset`: with_fields(preset, changes) is `spec` again.
Json changes_from(const Json& preset, const Json& spec);

/// The line that makes the same run in a terminal: "mid run preset:visitors --set defense.beta=0.1". Empty for a table of
/// one's own, whose file the terminal would have to have, and where there is nothing to run.
std::string command_line(const PageModel& model);

/// Every finished run of this visit as a CSV: story, data, model, defence, strength, answers, repeats, seed, both figures and
/// their names, the specification.
std::string runs_csv(const PageModel& model);

/// The trade-off of the runs that can be compared with what is shown, as an SVG document, with the winner at the use that is asked for
/// (below 0: the usual one). Empty without any.
std::string trade_off_svg(const PageModel& model, double floor = -1);

/// True, attacker and average (or bells and people) as a PNG for a slide, `times` (1 to 4) as large as on the page. Empty where
/// nothing of the kind is shown.
std::string picture_png(const PageModel& model, int times);

/// BibTeX of midlab and of the publication behind MID.
std::string citation();

}  // namespace mid::ui
