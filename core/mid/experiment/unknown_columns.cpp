#include "mid/experiment/unknown_columns.hpp"

#include <algorithm>
#include <cmath>

#include "mid/attack/belief/completions.hpp"
#include "mid/data/encode.hpp"
#include "mid/model/tree/tree_codes.hpp"

namespace mid {
namespace {

constexpr std::size_t kMostNumbers = 20;

/// The number of each training row's value among those that the attacker tells apart; -1 where it is missing.
std::vector<int> groups_of(const Column& column, const VectorXd& values) {
  std::vector<double> edges;  // a value belongs to the first that is not below it
  for (const double v : values)
    if (!std::isnan(v)) edges.push_back(v);
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  if (column.numeric && edges.size() > kMostNumbers) edges = quantile_cuts({values.data(), static_cast<std::size_t>(values.size())});
  std::vector<int> out;
  for (const double v : values)
    out.push_back(std::isnan(v) ? -1 : static_cast<int>(std::lower_bound(edges.begin(), edges.end(), v) - edges.begin()));
  return out;
}

Unknown unknown_of(const Data& data, int column) {
  const std::vector<int>& train = data.split.train;
  const Column& described = data.set.table.columns[static_cast<std::size_t>(column)];
  Unknown out{described.name, inputs_of(described, data.set.input_names), {}, {}};
  std::vector<int> group = groups_of(described, rows_of(data.set.table.values, train).col(column));
  // Numbered anew: those that occur, missing ones last.
  const int values = *std::max_element(group.begin(), group.end()) + 1;
  for (int& g : group) g = g < 0 ? values : g;
  std::vector<int> place(static_cast<std::size_t>(values) + 1, -1);
  int count = 0;
  for (int g = 0; g <= values; ++g)
    if (std::find(group.begin(), group.end(), g) != group.end()) place[static_cast<std::size_t>(g)] = count++;
  MatrixD sum = MatrixD::Zero(count, static_cast<Eigen::Index>(out.inputs.size()));
  out.share = VectorXd::Zero(count);
  for (std::size_t r = 0; r < train.size(); ++r) {
    const int at = place[static_cast<std::size_t>(group[r])];
    out.share[at] += 1;
    for (std::size_t k = 0; k < out.inputs.size(); ++k) sum(at, static_cast<Eigen::Index>(k)) += data.set.inputs(train[r], out.inputs[k]);
  }
  sum.array().colwise() /= out.share.array();
  out.code = sum.cast<float>();
  out.share /= static_cast<double>(train.size());
  return out;
}

}  // namespace

std::vector<Unknown> unknown_columns(const Data& data, const std::vector<std::string>& names) {
  const std::string field = "attack.also_unknown";
  std::vector<Unknown> out;
  for (const std::string& name : names) {
    const int column = data.set.table.find(name);
    if (column < 0)
      throw Error(field,
                  Message("refusal.column_unseen").with("column", shown(name)).with("columns", listed_briefly(names_of(data.set.table))));
    if (data.set.secret && name == data.set.secret->name)
      throw Error(field, Message("refusal.lists_secret_unknown").with("column", shown(name)));
    if (std::count(names.begin(), names.end(), name) > 1) throw Error(field, Message("refusal.listed_twice").with("column", shown(name)));
    out.push_back(unknown_of(data, column));
  }
  (void)Completions(out);
  return out;
}

}  // namespace mid
