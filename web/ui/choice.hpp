#pragma once
#include <string>
#include <utility>

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

  /// The objects of a specification with their entries and parameters (Session::catalogue).
  const Json& sections() const { return sections_; }
  /// What the story begins with.
  Json preset() const { return preset(story()); }
  Json preset(const Story& story) const;
  /// Any preset by its name; null: there is none.
  Json preset(const std::string& name) const;
  /// The same at another stop of the slider, complete.
  Json at(double strength) const;
  /// The same with neither defence nor release.
  Json without_defence() const;

  // Each of these is followed by complete(), or by complete_as().
  void begin(int story);  ///< its preset, without defence
  void take(const Json& spec, int story);
  void set_strength(double strength) { strength_ = strength; }
  void set_seed(int seed);
  /// Fields by path, all or none. Throws Error for what the core refuses.
  void set_fields(const Json& fields);
  /// Makes the specification. One that came from outside stays as it is where strength and seed agree with it.
  void complete();
  /// The specification is `spec`, complete as the Session has it.
  void complete_as(const Json& spec);
  void set_steps(int undo, int redo) { undo_ = undo, redo_ = redo; }

 private:
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
