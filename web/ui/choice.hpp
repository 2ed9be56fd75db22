#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mid/base/message.hpp"
#include "mid/teach/treatment.hpp"
#include "ui/story.hpp"

namespace mid::ui {

/// What is chosen: the story, its slider's strength, the seed, and the whole specification that follows from them. It asks nobody and
/// runs nothing.
class Choice {
 public:
  /// `catalogue`: Session::catalogue().
  explicit Choice(const Json& catalogue);

  int story_index() const { return story_; }
  const Story& story() const { return stories()[static_cast<std::size_t>(story_)]; }
  double strength() const { return strength_; }
  int seed() const { return seed_; }
  const Json& spec() const { return spec_; }  ///< complete
  /// Runs that differ in strength, seed and release only are of the same family.
  std::size_t family() const { return family_; }
  /// spec_words() of what is chosen.
  std::string says(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values = {}) const {
    return spec_words(spec_, story(), key, values);
  }
  /// False: what is chosen is without defence itself.
  bool defended() const { return defence_of(spec_) != "none" || release_of(spec_) != "none"; }
  /// Steps that there are in the Session's list of choices.
  int undo_steps() const { return undo_; }
  int redo_steps() const { return redo_; }

  /// What may be chosen in the place of the slider's own defence: the story's, and behind them what somebody set by hand.
  const std::vector<Rival>& rivals() const { return rivals_; }
  /// Whether the story's own defence can be chosen: a model that was trained elsewhere has its releases alone.
  bool has_own_defence() const { return !names_model(base_); }
  /// Which of them the slider sets ("release.round"); empty: the story's own defence.
  const std::string& rival() const { return rival_; }
  /// Why a rival (empty: the story's own defence) does not go with what else is chosen, as the core says it; null: it does.
  const Message* why_not(const std::string& rival) const;
  /// The stops of the slider as it stands; the first is 0, which is Off.
  const std::vector<double>& stops() const;
  /// Whether it can only be on or off.
  bool only_on() const { return chosen_rival() && chosen_rival()->parameter.empty(); }
  /// What its number is called: "β".
  std::string symbol() const;

  /// Where the slider stands for a specification.
  struct Place {
    std::string rival;
    double strength = 0;
  };
  Place place_in(const Json& spec) const;

  /// The objects of a specification with their entries and parameters (Session::catalogue).
  const Json& sections() const { return sections_; }
  /// What the story begins with.
  Json preset() const { return preset(story()); }
  Json preset(const Story& story) const;
  /// Any preset by its name; null: there is none.
  Json preset(const std::string& name) const;
  /// The same at another stop of the slider, complete.
  Json at(double strength) const;
  /// The same with another rival (empty: the story's own defence), strength and seed, complete.
  Json with(const std::string& rival, double strength, int seed) const;
  /// The same with neither defence nor release.
  Json without_defence() const;

  // Each of these is followed by complete(), or by complete_as().
  void begin(int story);  ///< its preset, without defence
  void take(const Json& spec, int story);
  void set_strength(double strength) { strength_ = strength; }
  /// Gives the slider to a rival (empty: to the story's own defence), at the place where it was left; at Off it stays at Off.
  void choose(const std::string& rival);
  void set_seed(int seed);
  /// Fields by path, all or none. Throws Error for what the core refuses.
  void set_fields(const Json& fields);
  /// Makes the specification. One that came from outside stays as it is where strength and seed agree with it.
  void complete();
  /// The specification is `spec`, complete as the Session has it.
  void complete_as(const Json& spec);
  void set_steps(int undo, int redo) { undo_ = undo, redo_ = redo; }

 private:
  const Rival* chosen_rival() const;
  /// Takes rivals and the slider's place from a specification.
  void read(const Json& spec);
  Json made(const std::string& rival, double strength, int seed, Json base) const;
  /// Notes what the core has against each that could be chosen.
  void try_rivals();
  std::string rival_;
  std::vector<Rival> rivals_;
  std::map<std::string, Message> refused_;    ///< by rival
  std::pair<int, std::size_t> tried_{-1, 0};  ///< story and family that it is about
  std::map<std::string, double> places_;      ///< of the slider for each rival, in this story
  Json presets_, sections_ = Json::array();
  int story_ = 0, seed_ = 1, undo_ = 0, redo_ = 0;
  double strength_ = 0;
  std::size_t family_ = 0;
  Json base_, spec_;
};

/// Choice::family() of a specification.
std::size_t family_of(Json spec);
/// The seed that a specification sets.
int seed_of(const Json& spec);

}  // namespace mid::ui
