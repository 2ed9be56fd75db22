#pragma once
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "mid/session/snapshot.hpp"
#include "mid/teach/treatment.hpp"
#include "ui/choice.hpp"
#include "ui/expected.hpp"

namespace mid::ui {

/// Where a figure lies, 95 % sure; empty: it has no interval.
using Interval = std::optional<std::pair<double, double>>;

/// A finished run, as the chart and the table remember it: the Session's list, read.
struct Run {
  int story = 0;
  double strength = 0;
  int seed = 1, repeats = 1;
  std::string release = "none", defence = "none";
  Treatment treatment;     ///< `strength` is its
  bool weakens = false;    ///< a larger strength protects less: an epsilon
  std::size_t family = 0;  ///< Choice::family()
  Json spec;
  std::optional<double> utility, privacy;  ///< empty: it failed, `error` says why
  Interval utility_interval, privacy_interval;
  /// What an answer tells: the most that it may, and how much it does (an estimate; exact of regressions and trees).
  std::optional<double> bound, information;
  Message error;
};

/// What is on the stage: of one story, or nothing. While another run is under way it may belong to another choice.
struct Shown {
  std::optional<Result> result;
  std::vector<Message> warnings;
  std::optional<PictureSheet> sheet;
  std::optional<BeliefSheet> beliefs;
  std::optional<TreeSheet> tree;
  double strength = 0;  ///< of the story's own defence
  int seed = 0, story = -1;
  int serial = 0;            ///< changes whenever the rest does
  const Json& spec() const;  ///< of the result; null: there is none
  double seconds() const { return result ? result->timing.train + result->timing.attack : 0; }
};

/// The finished runs, and what of them is shown beside the choice.
class Runs {
 public:
  /// `choice` outlives it.
  explicit Runs(const Choice& choice) : choice_(choice) {}

  const Shown& shown() const { return shown_; }
  /// Whether a result of the chosen story is on the stage.
  bool has_result() const { return shown_.story == choice_.story_index() && shown_.result; }
  /// True while the numbers on the page belong to an earlier choice.
  bool stale() const { return has_result() && stale_; }
  /// A figure of what is on the stage; without a value where there is no result.
  Measure figure(std::string_view group, std::string_view name) const;
  /// The one that says what is given away: the story's, or how many members are told from strangers where the attacker asks for that.
  Measure privacy() const;
  /// What other seeds gave for what is shown; empty: nobody measured that.
  const std::optional<Expected>& expected() const { return expected_; }
  /// What is on the stage has a defence.
  bool shows_defence() const;
  /// The same run as what is on the stage, without defence, for the eye to compare: set_beside(true) asks for it.
  const Shown* beside() const;
  /// What was on the stage lately of the chosen family and seed, the last first; what is there now among it.
  std::vector<const Shown*> finished() const;
  /// The story's companion of that name of what is on the stage (Story::companions), or of the same without defence; null: it has not
  /// been run.
  const Shown* companion(std::string_view name, bool defended = true) const;
  /// The specification of one that is still to be run; null: there is none.
  Json missing_companion() const;
  /// There is no such run: it was tried and failed.
  bool comparison_is_missing() const { return compare_failed_ == shown_family_; }
  void set_beside(bool on) { beside_ = on; }
  /// Whether the marks on the bars, or those pictures, still lack the run without defence.
  bool lacks_comparison() const;

  const std::vector<Run>& list() const { return list_; }
  /// Places in list() as a table shows them: what may be compared stands together, the latest of these first, and there one defence
  /// after the other in the switch's order, each from weak to strong.
  const std::vector<int>& by_stops() const { return by_stops_; }
  /// Runs that the chart may compare with what is chosen.
  bool comparable(const Run& run) const { return run.family == choice_.family(); }
  /// The run of this very specification, if it has ended well.
  const Run* run_of(const Json& spec) const;
  /// The same without defence, if it has been run.
  const Run* undefended() const;
  /// How often every stop is run before a winner is named: EqualUse::kEnough.
  static constexpr int kRepeatsOfAll = 3;
  /// The stops of all that the switch offers which have not been run, with the chosen seed first and then with those behind it.
  const std::vector<Json>& missing_stops() const;
  /// All that is worth keeping, of the Session; empty before the first run has ended.
  const std::optional<Saved>& saved() const { return saved_; }
  std::size_t saved_serial() const { return saved_serial_; }  ///< grows whenever saved() changes

  /// The choice is another one.
  void choice_changed() { stale_ = shown_.spec() != choice_.spec(); }
  void remember(Saved saved);
  /// The truth is known before the attack: it may stand on the stage while the model trains.
  void preview(PictureSheet sheet);
  /// Takes the end of a run to the stage.
  void show(Snapshot&& s, const Json& spec, int story);
  /// Takes the run without defence of the family that is chosen.
  void show_beside(Snapshot&& s, const Json& spec, int story);
  /// There is none: it is not tried again for this family.
  void comparison_failed() { compare_failed_ = choice_.family(); }
  /// Takes a companion's end; without a result it failed, and is not tried again.
  void show_companion(Snapshot&& s, const Json& spec, int story);

 private:
  static constexpr std::size_t kMostEarlier = 8, kMostCompanions = 12;
  struct Companion {
    std::string name;
    bool defended = true;
    Json spec;
  };
  /// Those of `spec`, and of the same without defence.
  std::vector<Companion> companions_of(const Json& spec, const Story& story) const;
  const Shown* kept_companion(const Json& spec) const;
  int companion_serial_ = 0;
  std::vector<Companion> companions_;                   ///< of what is on the stage
  std::deque<std::pair<Json, Shown>> kept_companions_;  ///< by their specification, the last first
  struct Earlier {
    std::size_t family = 0;
    Shown shown;
  };
  std::deque<Earlier> earlier_;  ///< was on the stage, the last first; each specification once
  const Choice& choice_;
  Shown shown_, plain_;
  bool stale_ = false, beside_ = false;
  std::optional<Expected> expected_;
  std::size_t shown_family_ = 0, plain_family_ = 0, compare_failed_ = 1;
  std::vector<Run> list_;
  std::vector<int> by_stops_;
  std::optional<Saved> saved_;
  std::size_t saved_serial_ = 0;
  bool knows_stops() const;
  void make_stops() const;
  mutable std::vector<std::pair<std::string, double>> wanted_;  ///< rival and strength of each of stops_, with the first seed
  mutable Json wanted_beside_;                                  ///< the chosen defence but for its strength, of then
  mutable std::vector<Json> stops_;                             ///< those that missing_stops() looks for
  mutable std::vector<Json> missing_;                           ///< of choice and list as they were: asked in every frame, and dear
  mutable std::size_t missing_family_ = 0;
  mutable int missing_seed_ = -1;
  mutable std::size_t missing_serial_ = 0;  ///< saved_serial_ of then
};

}  // namespace mid::ui
