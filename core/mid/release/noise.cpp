// Fresh Gaussian noise on every answer, of a model that was not trained for it.
#include "mid/oracle/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  double scale = 1;
  static std::vector<Param> params() { return {of_param<Spec>(), param(&Spec::scale, "scale", 0, 1000, "", "release.noise.scale")}; }
};

Release make(const Json& settings, const ReleaseSubject& subject) {
  Release release = full_release(subject);
  release.noise_sd = read<Spec>(settings, "release").scale;
  return release;
}

}  // namespace

extern const ReleaseKind noise;
const ReleaseKind noise{
    .about = {"noise", "release.noise.title", "release.noise.summary", "", &Spec::params, {"network", "linear", "black_box"}},
    .make = &make,
    .noise = ReleaseKind::Noise::added,
    .mark = Mark::square,
    .words = {"with noise of {scale}", "with noise"},
    .strengths = {.1, .3, 1, 2, 4}};

}  // namespace mid::release
