// The model's own noise, drawn once a record: repeats of a question tell nothing new.
#include "mid/oracle/release.hpp"

namespace mid::release {
extern const ReleaseKind sticky;
const ReleaseKind sticky{.about = {"sticky",
                                   "release.sticky.title",
                                   "release.sticky.summary",
                                   "ours; docs/method.md",
                                   &OfSpec::params,
                                   {"network", "linear", "black_box"}},
                         .make = [](const Json&, const ReleaseSubject& subject) { return full_release(subject); },
                         .noise = ReleaseKind::Noise::once_a_record,
                         .mark = Mark::disc,
                         .words = {"the same each time a record is asked", "the same each time a record is asked"}};

}  // namespace mid::release
