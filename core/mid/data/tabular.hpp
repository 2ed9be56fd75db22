#pragma once
#include <optional>
#include <string>
#include <vector>

#include "mid/data/encode.hpp"
#include "mid/data/split.hpp"

namespace mid {

/// The parameters of every set that is a table. A source's own struct derives from it and sets its defaults.
struct TabularSpec : SplitSpec {
  std::optional<double> test_fraction;
  std::optional<int> rows;
  std::optional<std::string> sensitive;
  std::string standardize = "none";
  std::string victims = "held_out";
  std::vector<std::string> columns, drop;
};

/// The parameters of the struct S that derives from TabularSpec. `secrets`: the columns that may be the secret; empty: any.
template <class S>
std::vector<Param> tabular_params(std::vector<std::string> secrets) {
  using Texts = std::vector<std::string>;
  std::vector<Param> params = split_params<S>("rows");
  params.push_back(param<S, std::optional<double>>(&S::test_fraction, "test_fraction", 0.001, 0.999, "", "data.test_fraction"));
  params.push_back(param<S, std::optional<int>>(&S::rows, "rows", 4, 10'000'000, "rows", "data.rows"));
  params.push_back(choice<S, std::optional<std::string>>(&S::sensitive, "sensitive", std::move(secrets), "data.sensitive"));
  params.push_back(choice<S, std::string>(&S::standardize, "standardize", {"none", "features", "all"}, "data.standardize"));
  params.push_back(choice<S, std::string>(&S::victims, "victims", {"held_out", "private"}, "data.victims"));
  params.push_back(param<S, Texts>(&S::columns, "columns", "data.columns"));
  params.push_back(param<S, Texts>(&S::drop, "drop", "data.drop"));
  return params;
}

/// A table on its way to a data set.
struct TabularSource {
  std::string name;                          ///< of the data set
  Table table;                               ///< every column, with target and secret
  std::string target;                        ///< column to predict; numeric with more than 10 values: regression
  bool target_is_root = false;               ///< see Dataset
  std::string target_name;                   ///< as shown; empty: `target`
  std::vector<std::string> reference_coded;  ///< see encode()
  std::vector<std::string> ids;              ///< columns that only name the row: no inputs unless data.columns names them
  std::vector<Message> warnings;             ///< what reading the file had to say
  std::optional<double> test_fraction;       ///< the source's default
  std::optional<std::string> split_column;   ///< its values train, test and auxiliary split the rows, and it is no input
  std::vector<int> row_number;               ///< where the rows stood in the file, from 1; empty: 1, 2, ...
  std::string credit;
  Encoding (*encoder)(const Table&, const std::vector<int>& train) = nullptr;  ///< null: encode()
};

/// Whether the model, target or split of `spec` needs the column called `name`.
bool is_used(const TabularSource& source, const TabularSpec& spec, const std::string& name);

/// Cuts rows and columns as `spec` says, leaves out rows without target or secret (with a warning), splits, encodes,
/// standardises. Classes and values of the secret that no training row has are a warning, too. The victims are the test rows, or the
/// training rows where `spec` says so. Throws Error naming the field of "data" at fault.
Data tabular(TabularSource source, const TabularSpec& spec, Stream random);

}  // namespace mid
