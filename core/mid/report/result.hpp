/// @file
/// @ingroup measure
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/members.hpp"
#include "mid/base/message.hpp"
#include "mid/measure/measure.hpp"

namespace mid {

/// Figures by their names.
using Measures = std::map<std::string, Measure>;

/// Where the time went, in seconds.
struct Timing {
  double train = 0;   ///< spent on training
  double attack = 0;  ///< spent on the attack
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("train_s", self.train), each("attack_s", self.attack);
  }
};

/// Why a run has no figures.
struct RunFailure {
  std::string stage;     ///< in which it broke
  std::string sentence;  ///< in English
  bool input = false;    ///< the input was at fault
  bool device = false;   ///< on a device beside the processor, which may have been lost: worth another try
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("stage", self.stage), each("sentence", self.sentence), each("input", self.input, true), each("device", self.device, self.device);
  }
};

/// The outcome of one experiment. Pictures and curves travel beside it (report/sheets.hpp).
struct Result {
  std::string id;                    ///< first 16 digits of the completed specification's SHA-256
  Json spec;                         ///< completed: every default written out
  Measures utility;                  ///< what the model can do, by the names of measure/figure.hpp
  Measures privacy;                  ///< what the attacker gets
  Measures information;              ///< what the answers tell
  Timing timing;                     ///< where the time went
  std::string device = "cpu";        ///< what it was computed on
  std::vector<Message> warnings;     ///< for who reads the result
  std::optional<RunFailure> failed;  ///< why the work broke; empty: it ended well
  Json notes = Json::object();       ///< figures of the defence's and the attack's own

  /// The figures of a group, "utility", "privacy" or "information"; null: no group has that name.
  const Measures* group(std::string_view name) const;
  /// The figure of that name in a group; without a value where there is none.
  Measure figure(std::string_view group_name, std::string_view name) const;

  /// The contract's JSON: "id", "spec", "utility", "privacy", "information", "timing" {"train_s", "attack_s"}, "device",
  /// "warnings" (sentences in English), "failed" and "version"; and "notes" where there are any. A measure without a value is null.
  Json json() const;
  /// `warnings`, and one for each measure that JSON shows as null and none of them names.
  std::vector<Message> all_warnings() const;
  /// Reads what json() wrote, of any version. Throws Error naming what is missing or of the wrong type.
  static Result from_json(const Json& j);
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("id", self.id), each("spec", self.spec), each("utility", self.utility), each("privacy", self.privacy),
        each("information", self.information), each("timing", self.timing), each("device", self.device), each("warnings", self.warnings),
        each("failed", self.failed), each("notes", self.notes, !self.notes.empty());
  }
};

}  // namespace mid
