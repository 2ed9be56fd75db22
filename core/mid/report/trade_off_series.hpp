#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mid/report/chart.hpp"
#include "mid/report/trade_off.hpp"

// What a trade-off draws: a point a combination of a sweep, and which of them are joined.
namespace mid {

/// One axis of a point: mean and interval over the seeds.
struct DotAxis {
  double value = 0;
  std::optional<double> low, high;
};

/// A combination of a sweep, over its seeds.
struct SweepDot {
  DotAxis x, y;
  Json spec;
  std::vector<std::pair<std::string, Json>> others;  // varied fields outside defense and release
  std::vector<double> x_baselines, y_baselines;
};

/// In the order of the list; `left_out` counts the combinations that ran and have no point.
std::vector<SweepDot> dots_of(const SweepRuns& sweep, const TradeOffMeasures& measures, int& left_out);

/// What is done about the leak but for its strength, and which field that strength is.
struct SweepTreatment {
  std::string section, key;  // of the strength; empty: there is none
  double strength(const Json& spec) const { return key.empty() ? 0 : spec.at(section).at(key).get<double>(); }
  /// Defence and release without the strength: what makes a series.
  Json rest(Json spec) const {
    if (!key.empty()) spec.at(section).erase(key);
    return {spec.at("defense"), spec.at("release")};
  }
};

/// The settings in which experiments of one kind of defence and release differ.
class SweepTreatments {
 public:
  explicit SweepTreatments(const std::vector<SweepDot>& dots);
  /// The first number in which they differ is the strength.
  SweepTreatment of(const Json& spec) const;
  bool differs(const std::string& defence, const std::string& key) const;

 private:
  static std::string kind(const Json& spec);
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::set<double>>> values_;  // "defense" sorts before "release"
  std::map<std::string, std::map<std::string, std::set<double>>> of_defence_;
};

/// The series of one panel, in the order of the list.
std::vector<Chart::Series> series_of(const SweepTreatments& treatments, const std::vector<const SweepDot*>& dots);

}  // namespace mid
