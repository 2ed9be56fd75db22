#pragma once
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/defense/release_kind.hpp"

namespace mid::ui {

enum class Track { pictures, survey, dose };
enum class Stage { pictures, bells, tree, dose };

/// One story of docs/stories.md: which preset it runs, what its slider sets, which two numbers it shows. All else that is
/// particular to it are words (core/teach/texts, "KEY.…").
struct Story {
  std::string_view key;     ///< the preset's name
  Track track;
  std::vector<double> stops;  ///< of the slider; 0 is Off
  bool off_is_wide = false;   ///< Off drops the bottleneck too: the plain network that nobody defended
  std::string_view utility, privacy;  ///< names in the result
  Stage stage = Stage::pictures;
  bool inside = false;      ///< the numbers inside may be released in the place of the answer
  bool ink = false;         ///< pictures are ink on paper, drawn dark on light
  bool repeats = true;      ///< answers carry noise: asking again may tell more
  std::string_view parameter = "beta", symbol = "β";  ///< of the defence that the slider sets
  std::vector<std::string_view> defences = {"mid"};   ///< those that it may set; the first is the one after Off
  bool white_box = false;   ///< the attacker holds the model: asking again means nothing
  std::string_view quicker = {};  ///< JSON: changes to the preset (paths) that spare a page what it does not show
  bool own = false;         ///< of a table of one's own: there is no preset
  std::vector<std::string_view> data = {"london-faces"};  ///< data sets that its words are about
  std::string_view secret = {};  ///< the column that its words are about; empty: they name none
};

std::span<const Story> stories();
/// Index of the story with that key, or -1.
int find_story(std::string_view key);
/// Index of the story that shows this specification best: by its model and data set. 0 if none does.
int story_of(const Json& spec);

/// Words about a specification: its story's, for its kind of answer where that has words of its own ("KEY.label", "KEY.inside",
/// "KEY.pixels"); neutral ones where the data or the secret are not the story's. {secret} and {target} are filled in.
std::string spec_words(const Json& spec, const Story& story, std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values = {});

/// `base` with the defence set to `strength` (0: none) and the seed.
Json with_choice(const Story& story, const Json& preset, Json base, double strength, int seed);
/// The strength that a specification sets; 0 without a defence that has one.
double strength_of(const Json& spec);
/// "network", "linear" or "tree".
std::string model_of(const Json& spec);
/// "none", "mid", ...
std::string defence_of(const Json& spec);
/// How often the attacker asks about each record.
int repeats_of(const Json& spec);
/// The name of what happens to an answer before anyone sees it.
std::string release_of(const Json& spec);
/// What it says of itself; null: no such release.
const ReleaseKind* release_kind_of(const Json& spec);
/// Whether a release of that name changes answers.
bool changes_answers(std::string_view release);
/// The value at a path "defense.beta", or null.
Json field_of(const Json& spec, std::string_view path);
/// "0.003"; 0 is "Off", or "0" where a number must stand.
std::string strength_number(double strength);
std::string strength_text(double strength);

}  // namespace mid::ui
