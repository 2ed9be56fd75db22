#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"

namespace mid {

/// The kinds of story that the page has a tab for.
enum class Track { pictures, survey, dose };
/// What stands in the middle of the page.
enum class Stage { pictures, beliefs, tree, dose, members };

/// A story: a file core/teach/stories/NAME.json, or one from outside the tree (docs/adding.md). Its specification is the preset of
/// that name; what stands under "page" is how the page shows it. A story without "page" is a preset and nothing more; one without a
/// specification is of a table of one's own, and its specification is made from what the visitor chooses.
struct Story {
  std::string key;     ///< the file's name
  int order = 0;       ///< the place among stories, the lowest first
  Json specification;  ///< null: of a table of one's own
  bool own = false;    ///< there is no specification

  /// Of a regression, which releases a number.
  bool of_a_number() const { return stage == Stage::dose || stage == Stage::members; }

  bool on_page = false;
  Track track = Track::pictures;
  Stage stage = Stage::pictures;
  std::string utility, privacy;       ///< the two figures shown, names in the result
  std::string parameter, symbol;      ///< of the defence that the slider sets
  std::vector<double> stops;          ///< of the slider, from weak to strong; 0 is Off
  std::vector<std::string> defences;  ///< those that it may set; the first is the one after Off
  std::vector<std::string> rivals;    ///< what else the page's switch offers, "defense.NAME" or "release.NAME", in this order
  Json strengths = Json::object();    ///< of those whose own are not to be used: {"release.NAME": [WEAK, ..., STRONG]}
  Json off;           ///< fields that Off sets beside the defence: without a bottleneck it is the network that nobody defended
  Json changes;       ///< fields in which the page's specification differs from the preset: what it does not show costs nothing
  Json without_data;  ///< fields in which it differs where its data set is not at hand, as in the whole page in one file; empty: it waits
                      ///< for it
  /// Runs whose results stand on the stage beside that of the choice, by name: fields in which their specification differs from its.
  Json companions = Json::object();
  std::string opens_with;  ///< of pictures: the class whose own stand first, by their label alone; empty: as they come
  bool embedding = false;  ///< the numbers inside may be released in the place of the answer
  bool ink = false;        ///< pictures are ink on paper, drawn dark on light; a visitor may draw one
  bool repeats = true;     ///< answers carry noise: asking again may tell more
  bool white_box = false;  ///< the attacker holds the model: asking again means nothing
  /// Beginnings of the keys of its texts, the first that has one counts: KEY.title, KEY.menu, ... A preset without a page may have a
  /// menu, its name in the page's plain controls.
  std::vector<std::string> texts;
  std::vector<std::string> other_texts;  ///< the same where its data or its secret are not those that the texts are about:
  std::vector<std::string> data;         ///< data sets; empty: whatever they are
  std::string secret;                    ///< the secret's column; empty: they name none
  Json recognises;  ///< list of objects {PATH: [VALUES]}: it shows a specification in which each path of one of them has such a value
};

/// Reads a story from JSON text. Throws Error naming `file` and the field for what is not JSON, a field that is missing, unknown
/// or of the wrong type, a specification that the core refuses, figures that its run does not give, a slider that sets what no
/// defence has, and texts that are not there.
Story read_story(const std::string& text, const std::string& file, const std::string& key);

/// Those that the page shows, in their order.
std::span<const Story> stories();
/// Index among stories() of the one called `key`, or -1.
int find_story(std::string_view key);
/// Index of the story that shows a specification best: the last that recognises it, because later ones are about something more
/// particular. 0 if none does.
int story_of(const Json& spec);

/// The key of a preset's name in lists; empty: it is not offered there.
std::string menu_key(const std::string& preset);

/// The value at a path "defense.beta", or null.
Json field_of(const Json& spec, std::string_view path);

}  // namespace mid
