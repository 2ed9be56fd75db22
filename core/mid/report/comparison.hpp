#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/base/members.hpp"
#include "mid/measure/spread.hpp"
#include "mid/report/chart.hpp"

namespace mid {

/// The fronts of several defences, each with as many settings, under every attacker, over the same seeds. method.md section 7.
struct Comparison {
  /// What one attacker gets of a setting, a number a seed; empty where the run failed or is not defined. Settings are chosen by the one
  /// half of the people (Measure::halves), and what is shown of them is what the other half loses.
  struct Gets {
    std::vector<std::optional<double>> selecting, reported;
    template <class Self, class F>
    static void each_member(Self& self, F&& each) {
      each("selecting", self.selecting), each("reported", self.reported);
    }
  };
  struct Setting {
    std::string words;                           ///< "β = 0.1"; empty where there is nothing to set
    std::vector<std::optional<double>> utility;  ///< a number a seed
    std::map<std::string, Gets> attackers;       ///< by name: "ridge inversion", "ridge inversion, 10 answers"
    // judge_fronts() adds:
    std::string attacker;   ///< the one that gets most of the selecting half, on average over the seeds
    bool on_front = false;  ///< no setting of its family is at least as useful and leaks no more, to the selecting half
    template <class Self, class F>
    static void each_member(Self& self, F&& each) {
      each("words", self.words), each("utility", self.utility), each("attackers", self.attackers), each("attacker", self.attacker),
          each("on_front", self.on_front);
    }
  };
  /// A family at one of kShares.
  struct At {
    std::optional<int> setting = {};  ///< its place: the least leak of those that are useful enough; empty: none is
    int lower = 0, of = 0;            ///< in how many of how many seeds the family gives away less than the first family's setting here
    template <class Self, class F>
    static void each_member(Self& self, F&& each) {
      each("setting", self.setting), each("lower", self.lower), each("of", self.of);
    }
  };
  /// The first family's volume minus another's, seed by seed.
  struct Versus {
    double difference;
    std::optional<double> low, high;  ///< 95 %, by Student's t; empty for one seed
    double p, p_holm;                 ///< exact sign-flip test; after Holm's correction for all other families
    template <class Self, class F>
    static void each_member(Self& self, F&& each) {
      each("difference", self.difference), each("low", self.low), each("high", self.high), each("p", self.p), each("p_holm", self.p_holm);
    }
  };
  struct Family {
    std::string name;  ///< "mid", "round", "mid, sticky", "no defence"
    std::vector<Setting> settings = {};
    // judge_fronts() adds:
    std::vector<std::optional<double>> volume = {};  ///< of the front, a number a seed: measure/front.hpp
    std::vector<At> at = {};                         ///< one for each of kShares
    std::optional<Versus> versus = {};               ///< empty for the first family and for those without a volume
    template <class Self, class F>
    static void each_member(Self& self, F&& each) {
      each("name", self.name), each("settings", self.settings), each("volume", self.volume), each("at", self.at),
          each("versus", self.versus);
    }
  };
  /// Of the utility without a defence.
  static constexpr double kShares[] = {.95, .9, .75};

  std::string what;             ///< the experiment in one line
  std::string utility, judged;  ///< names of the measures: "accuracy", "line_up"
  std::string utility_unit, judged_unit;
  double guess_utility = 0, guess_leak = 0;  ///< of the guess without a model, and without the answer
  std::optional<Spread> undefended_utility = {},
                        undefended_leak = {};  ///< of the model without a defence, its best attacker's of the reported half
  int settings = 0;                            ///< of each family that can be set, at most
  std::vector<std::uint64_t> seeds;
  std::vector<Family> families;       ///< the first is the specification's own defence
  std::vector<std::string> troubles;  ///< runs that failed or were refused, with their sentences
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("what", self.what), each("utility", self.utility), each("judged", self.judged), each("utility_unit", self.utility_unit),
        each("judged_unit", self.judged_unit), each("guess_utility", self.guess_utility), each("guess_leak", self.guess_leak),
        each("undefended_utility", self.undefended_utility), each("undefended_leak", self.undefended_leak), each("settings", self.settings),
        each("seeds", self.seeds), each("families", self.families), each("troubles", self.troubles);
  }
  bool is_whole() const;
};

/// Fills what the numbers of the seeds say: attackers, fronts, volumes, the family at each share, the tests. Without a model that has no
/// defence, or where its attacker gets no more than the guess, there are no volumes, and `troubles` says so.
void judge_fronts(Comparison& comparison);

/// Mean over the seeds in which there is one; empty: there is none.
std::optional<Spread> over_seeds(const std::vector<std::optional<double>>& values);

/// Everything, with full precision.
Json comparison_json(const Comparison& comparison);
/// Reads it back. Throws Error naming `where` for anything else.
Comparison comparison_from_json(const Json& j, const std::string& where);

/// Who wins and who loses, in sentences made of the numbers.
std::vector<std::string> comparison_words(const Comparison& comparison);
/// Heading, sentences and table: families in order of their volume, largest first.
std::string comparison_text(const Comparison& comparison);
/// The table in Markdown.
std::string comparison_markdown(const Comparison& comparison);

/// Every front in a panel of its own, with the first family's beside it.
Figure comparison_figure(const Comparison& comparison);

}  // namespace mid
