/// @file
/// @ingroup measure
#pragma once
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace mid {

/// A figure of a result as an entry of one table (figure.cpp): what everybody asks about it who does not compute it. Reports, charts,
/// comparisons, lessons, sweeps and the page read it here. To add one, write a line there and its texts (docs/adding.md).
struct FigureKind {
  /// What it is about: the use of the answers, the attacker's gain, what the answers tell.
  enum class Group { utility, privacy, information };
  /// Which way its side gains: of utility whoever uses the answers, else whoever attacks them.
  enum class Gain { higher, lower, neither };
  /// What its interval of 95 % is made by (measure/interval.hpp).
  enum class Interval {
    none,            ///< exact, or of one model only: no interval
    wilson,          ///< Wilson's, of a proportion
    bootstrap,       ///< resampled persons, or records where nobody knows the persons; none where a bound takes its place
    standard_error,  ///< that of an estimate by random draws; none where the figure is exact
  };
  /// What decides which figures a run has, as bits: the kind of its model, and what its attack finds (Attack::Finds).
  enum Of : unsigned {
    nobody = 0,
    linear = 1,
    tree = 2,
    network = 4,
    classifiers = tree | network,
    every_model = linear | classifiers,
    attribute = 8,
    label = 16,
    membership = 128,
    values = attribute | label | membership,
    instance_picture = 32,
    class_picture = 64,
    pictures = instance_picture | class_picture,
  };

  std::string_view key;            ///< as in a result: lower case, underscores
  std::string_view formerly = {};  ///< the key that it had in earlier versions; who names it hears the one it has
  Group group{};                   ///< where it stands in a result
  std::string_view unit;           ///< as Measure::unit; kUnitOfTarget
  std::string_view baseline;       ///< key of the words for what its baseline is; empty: it has none
  Interval interval{};             ///< what its interval is made by
  unsigned models = every_model;   ///< that have it
  unsigned attacks = nobody;       ///< that have it; nobody: it does not depend on the attack
  Gain gain = Gain::higher;        ///< which way its side gains
  unsigned variants = nobody;      ///< attacks that may add "key_NAME", the same figure of an attacker whom they name themselves

  // Where it is picked for a purpose: the first of the table that names this bit.
  unsigned compared = nobody;  ///< a comparison of defences holds it equal (utility), or ranks attackers by it (privacy)
  unsigned weighed = nobody;   ///< a term of what the training of that model minimises
  unsigned bound = nobody;     ///< the most that answers of that model tell
  unsigned estimate = nobody;  ///< what they tell, exactly or as an estimate
  bool drawn_first = false;    ///< a chart shows it before those that stand above it
  bool detail = false;         ///< left out where a run has one line

  double no_limit_from = std::numeric_limits<double>::infinity();  ///< from this value on it is a limit that excludes nothing
  bool saturates = false;                                          ///< an estimate over n records that reaches ln n at most

  /// The standard term, a text of core/teach/texts: "figure.line_up".
  std::string title_key() const { return "figure." + std::string(key); }
  /// The same in plain words: "measure.line_up".
  std::string plain_key() const { return "measure." + std::string(key); }
  /// Whether a run of these bits, its model's and its attack's, may have it. It may be missing all the same, as a figure of secrets
  /// with two values, or of one defence.
  bool is_of(unsigned run) const { return (models & run) && (attacks == nobody || (attacks & run)); }
};

/// The unit of the column that a regression predicts: a result says its name, or nothing for a root.
inline constexpr std::string_view kUnitOfTarget = "target";

/// All of them, in the order in which a person reads them.
std::span<const FigureKind> figure_kinds();
/// That of a figure of a result: the one of this key, or the one whose variant it is ("line_up_mean": line_up). Null: midlab has none.
const FigureKind* figure_kind(std::string_view name);
/// What a figure of earlier versions is called now, variants too; empty: none was ever called `name`, or one still is.
std::string renamed_figure(std::string_view name);
/// Throws Error naming `field` and today's name when `name` is what a figure was called in earlier versions.
void refuse_renamed_figure(std::string_view name, const std::string& field);
/// Whether a person reads the figure `a` before `b`: in the table's order, then what the table does not hold by name.
bool reads_before(std::string_view a, std::string_view b);
/// Whether less of the figure `name` is better for its side: an error, a distance.
bool gains_when_lower(std::string_view name);
/// The key of the first figure of a group that is picked for `purpose` in runs of these bits; empty: there is none.
std::string_view picked_figure(FigureKind::Group group, unsigned FigureKind::* purpose, unsigned of);

/// "utility", "privacy" or "information", as in a result.
std::string_view group_name(FigureKind::Group group);
/// The bit of a model of that kind ("tree"); nobody: there is no such kind.
FigureKind::Of model_bit(std::string_view kind);

}  // namespace mid
