#pragma once
#include <optional>
#include <utility>

#include "mid/base/json.hpp"

namespace mid::ui {

/// What other seeds gave: mean plus or minus three sd (docs/expected.json, written by docs/write_expected.py).
struct Expected {
  std::pair<double, double> utility, privacy;
  std::optional<double> privacy_mean, privacy_guess;  ///< what the attacker gets, and what guessing gets
  int seeds = 0;
};
/// Of this specification with any seed; empty where it was not measured, as anything but a stop of a story.
std::optional<Expected> expected_of(const Json& spec);

/// The file's text (web/CMakeLists.txt).
const char* expected_text();

}  // namespace mid::ui
