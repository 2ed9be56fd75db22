#pragma once
#include <array>
#include <string>
#include <string_view>

#include "ui/page_model.hpp"

namespace mid::ui {

/// What one student's run came to, as a word that can be sent and pasted: "visitors:0.1:7:83.5:62.1:9f3a2c" is story, strength,
/// seed, the two numbers in per cent, and a mark of all other settings. Empty before there is a result.
std::string result_code(const PageModel& model);

/// Many such words, from any text: those of the settings that most of them have.
struct ClassRuns {
  std::string story, settings;
  double strength = 0;
  std::vector<double> utility, privacy;       ///< one a seed, in [0, 1]
  int again = 0, others = 0, unreadable = 0;  ///< codes of a seed that was there; of other settings; what looks like a code and is none
  bool any() const { return !privacy.empty(); }
  /// Mean, and the interval in which it lies with 95 % (bootstrap over the runs).
  Measure mean(const std::vector<double>& of) const;
  static constexpr std::size_t kBins = 20;  ///< of 5 % each
  std::array<int, kBins> bins(const std::vector<double>& of) const;
};
ClassRuns read_codes(std::string_view text);
/// Mean, interval and range of one of their figures as a sentence.
std::string class_words(const ClassRuns& runs, const std::vector<double>& of);

/// The same for programs and the plain form: {"code", "n", "others", ..., "privacy": {"mean", "low", "high", "bins"}}.
Json class_json(const PageModel& model, const std::string& pasted);

}  // namespace mid::ui
