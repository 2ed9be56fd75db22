#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/release/release_kind.hpp"
#include "mid/teach/story.hpp"

namespace mid::ui {

using mid::field_of;
using mid::find_story;
using mid::Stage;
using mid::stories;
using mid::Story;
using mid::story_of;
using mid::Track;

/// The first story in whose pictures a visitor may draw one; -1: there is none.
int drawing_story();

/// Words about a specification: its story's, for its kind of answer where that has words of its own ("KEY.label", "KEY.inside",
/// "KEY.pixels"); neutral ones where the data or the secret are not the story's; words about membership where the attacker asks for that.
/// {secret} and {target} are filled in.
std::string spec_words(const Json& spec, const Story& story, std::string_view key,
                       std::initializer_list<std::pair<std::string_view, std::string>> values = {});

/// `base` with the defence set to `strength` (0: none) and the seed.
Json with_choice(const Story& story, const Json& preset, Json base, double strength, int seed);
/// The strength that a specification sets of the story's own defence; 0 where that is not on.
double strength_of(const Story& story, const Json& spec);
/// Whether its attacker asks who was among the training records, and not for a secret or a picture.
bool asks_membership(const Json& spec);
/// The name of the figure that says what such a run gives away.
std::string_view privacy_figure(const Story& story, const Json& spec);
/// "network", "linear" or "tree".
std::string model_of(const Json& spec);
/// Whether its model was trained elsewhere, and is read from a file.
bool names_model(const Json& spec);
/// "none", "mid", ...
std::string defence_of(const Json& spec);
/// Whether answers carry noise: of the model's inside, or of the release.
bool is_noisy(const Json& spec);
/// Whether the numbers inside are released in the place of the answer.
bool is_inside(const Json& spec);
/// How often the attacker asks about each record.
int repeats_of(const Json& spec);
/// The name of what happens to an answer before anyone sees it.
std::string release_of(const Json& spec);
/// What it says of itself; null: no such release.
const ReleaseKind* release_kind_of(const Json& spec);
/// Whether a release of that name changes answers.
bool changes_answers(std::string_view release);
/// "0.003"; 0 is "Off", or "0" where a number must stand.
std::string strength_number(double strength);
std::string strength_text(double strength);

}  // namespace mid::ui
