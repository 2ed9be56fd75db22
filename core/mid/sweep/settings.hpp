#pragma once
#include <string>
#include <vector>

#include "mid/base/json.hpp"

namespace mid {

/// One setting of a defence in a comparison.
struct Setting {
  std::string family;    ///< what the settings of one rival have in common: "mid", "round", "mid, sticky", "no defence"
  std::vector<Json> at;  ///< values of setting_paths(): null leaves a field as it is
};

/// The fields that a comparison of defences varies: width of the bottleneck, defence, release.
std::vector<std::string> setting_paths();

/// What is compared with the specification `base` (complete): `count` settings for each rival, or as many as differ. First the
/// specification's own defence, its own setting first of all, then the model without a defence (one setting), then all others. Every
/// rival that can be set begins with its default; the others are drawn from its box, all its parameters at once, each parameter's range cut
/// into as many parts as there are draws and each part used once (a Latin square). The draws depend on nothing but names: another seed has
/// the same settings. method.md section 7.
std::vector<Setting> settings_to_compare(const Json& base, int count);

}  // namespace mid
