// The answer as it is.
#include "mid/defense/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  static std::vector<Param> params() { return {of_param<Spec>()}; }
};

Release make(const Json&, const ReleaseSubject& subject) { return full_release(subject); }

}  // namespace

extern const ReleaseKind none;
const ReleaseKind none{.about = {"none", "Everything", "The full answer, every digit.", "", &Spec::params},
                       .make = &make,
                       .noise = ReleaseKind::Noise::as_the_model,
                       .plain = true};

}  // namespace mid::release
