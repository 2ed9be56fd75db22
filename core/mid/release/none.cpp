// The answer as it is.
#include "mid/defense/release.hpp"

namespace mid::release {
extern const ReleaseKind none;
const ReleaseKind none{.about = {"none", "Everything", "The full answer, every digit.", "", &OfSpec::params},
                       .make = [](const Json&, const ReleaseSubject& subject) { return full_release(subject); },
                       .noise = ReleaseKind::Noise::as_the_model,
                       .plain = true};

}  // namespace mid::release
