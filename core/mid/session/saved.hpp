#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/members.hpp"

namespace mid {

/// A run that ended, as the list of runs keeps it: without pictures or models.
struct SavedRun {
  using Values = std::map<std::string, std::optional<double>>;  ///< figures by name; empty: undefined
  std::string id;                                               ///< Result::id
  Json spec;                                                    ///< complete
  Values utility, privacy, information;
  std::map<std::string, std::vector<double>> intervals;  ///< low and high of the figures of use and privacy that have an interval
  std::optional<std::string> failed;                     ///< why its work broke, in English; empty: it ended well
  std::optional<Message> failed_message;                 ///< the same for every language

  /// The figures of a group; null: no group has that name.
  const Values* group(std::string_view name) const {
    return name == "utility" ? &utility : name == "privacy" ? &privacy : name == "information" ? &information : nullptr;
  }
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("id", self.id), each("spec", self.spec), each("utility", self.utility), each("privacy", self.privacy),
        each("information", self.information), each("intervals", self.intervals, !self.intervals.empty()), each("failed", self.failed),
        each("failed_message", self.failed_message, self.failed_message.has_value());
  }
};

/// All of a Session that is worth keeping from one visit to the next (Notebook).
struct Saved {
  int version = 1;
  std::string build;             ///< names the sources that computed the figures
  Json chosen;                   ///< the chosen specification, complete; null before the first
  std::vector<Json> undo, redo;  ///< those before it and after it, the next to go to last
  std::vector<SavedRun> runs;    ///< oldest first
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("version", self.version), each("build", self.build), each("chosen", self.chosen), each("undo", self.undo), each("redo", self.redo),
        each("runs", self.runs);
  }
};

}  // namespace mid
