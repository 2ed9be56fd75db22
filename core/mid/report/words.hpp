#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mid/base/json.hpp"

namespace mid {

/// How midlab says things to a person, in one place: terminal, pictures and tables use the same words.

/// The plain words of the figure `name`, "right picture out of 10"; "" where there are none, as for an attack's own variant of one.
std::string_view plain_words(std::string_view name);

/// A number as a person reads it: proportions as per cent with one decimal, everything else with three significant
/// digits. The unit is not written (see unit_words). "–" where there is none.
std::string number_words(const std::optional<double>& x, std::string_view unit, std::string_view language = "en");
/// The unit behind that number: "%" for a proportion.
std::string_view unit_words(std::string_view unit);

/// What the baseline of that figure is: "most frequent class"; "baseline" for one that midlab does not know.
std::string_view baseline_words(std::string_view name);

/// A setting in symbols where it has one: "β = 0.1", "2 decimals", "batch 20".
std::string setting_words(const std::string& key, const Json& value);
/// What an object "release" does to an answer: "rounded to 2 decimals", "the label alone"; "" for nothing. Without the
/// number where the object has none.
std::string treatment_words(const Json& release);

/// What an entry is called where there is little room, by its section and kind ("defense", "dp_sgd"): its short name, else its title
/// ("BiDO", "Dropout"); the kind itself of one that has no texts. `text` finds one by its key; the default finds English.
std::string entry_name(std::string_view section, std::string_view kind,
                       const std::function<std::optional<std::string_view>(std::string_view key)>& text = {});
/// An object of the specification with a "kind" or "name": "mid (beta 0.1)". Null fields are left out.
std::string entry_words(const Json& entry);
/// The experiment in one line: "london-faces, network, defence mid (beta 0.1), attack ridge_inversion (...), seed 1".
std::string experiment_words(const Json& spec);

/// The number of characters of UTF-8 text, for columns.
int text_width(std::string_view text);

}  // namespace mid
