#include "mid/measure/classification.hpp"
#include "mid/measure/figure_entry.hpp"

namespace mid::figure {

extern const FigureEntry calibration_error;
const FigureEntry calibration_error{
    .kind = {.key = "calibration_error",
             .group = FigureKind::Group::utility,
             .unit = "proportion",
             .baseline = "baseline.zero",
             .interval = FigureKind::Interval::none,
             .models = FigureKind::classifiers,
             .gain = FigureKind::Gain::lower},
    .after = "nll",
    .baseline = 0,
    .of_answers = &mid::calibration_error,
};

}  // namespace mid::figure
