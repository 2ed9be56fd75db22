#include "mid/measure/figure_entry.hpp"
#include "mid/measure/picture.hpp"

namespace mid::figure {

extern const FigureEntry psnr;
const FigureEntry psnr{
    .kind = {.key = "psnr",
             .group = FigureKind::Group::privacy,
             .unit = "dB",
             .baseline = "baseline.average",
             .interval = FigureKind::Interval::bootstrap,
             .attacks = FigureKind::pictures},
    .after = "correlation",
    .of_pictures = &mid::psnr,
};

}  // namespace mid::figure
