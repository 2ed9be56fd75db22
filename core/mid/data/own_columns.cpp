#include "mid/data/own_columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/letters.hpp"

namespace mid {
namespace {

constexpr double kLossOfSd = 1e-5;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

/// The words of a name in lower case: customer_id, customerId, CustomerID and "Customer ID" are customer and id.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool part = is_upper(c) || is_lower(c) || static_cast<unsigned char>(c) >= 0x80;
    const bool begins =
        part && is_upper(c) && i > 0 && (is_lower(name[i - 1]) || (i + 1 < name.size() && is_upper(name[i - 1]) && is_lower(name[i + 1])));
    if ((!part || begins) && !word.empty()) words.push_back(std::move(word)), word.clear();
    if (part) word += lower(c);
    if (c == '#') words.emplace_back("number");
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return word.size() > end.size() && word.ends_with(end); });
}

/// The texts of a column's cells that have a value, in order.
std::vector<std::string_view> sorted_texts(const CsvRows& csv, const Table& table, int column) {
  std::vector<std::string_view> texts;
  for (int row = 0; row < csv.rows(); ++row)
    if (!std::isnan(table.values(row, column))) texts.push_back(csv.cell(row, column));
  std::sort(texts.begin(), texts.end());
  return texts;
}

/// Whether the values of a column that are there are all different; of numbers, whole ones.
bool all_different(const CsvRows& csv, const Table& table, int column) {
  constexpr double kExact = 9007199254740992.;  // beyond 2^53 whole numbers share a double
  std::vector<double> values;
  for (const double v : table.values.col(column))
    if (!std::isnan(v)) values.push_back(v);
  if (values.size() < 2) return false;
  if (table.columns[static_cast<std::size_t>(column)].numeric &&
      !std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v); }))
    return false;
  std::sort(values.begin(), values.end());
  if (std::adjacent_find(values.begin(), values.end()) == values.end()) return true;
  if (std::max(-values.front(), values.back()) < kExact) return false;
  const std::vector<std::string_view> texts = sorted_texts(csv, table, column);
  return std::adjacent_find(texts.begin(), texts.end()) == texts.end();
}

/// The largest rounding of a float, and the sd, of the numbers less `offset`.
std::array<double, 2> loss_and_sd(const VectorXd& values, double offset) {
  double sum = 0, squares = 0, loss = 0;
  for (const double v : values) {
    const double x = v - offset;
    sum += x;
    loss = std::max(loss, std::abs(static_cast<double>(static_cast<float>(x)) - x));
  }
  const double n = static_cast<double>(values.size()), mean = sum / n;
  for (const double v : values) squares += (v - offset - mean) * (v - offset - mean);
  return {loss, std::sqrt(squares / n)};
}

VectorXd present(const Table& table, int column) {
  std::vector<double> values;
  for (const double v : table.values.col(column))
    if (!std::isnan(v)) values.push_back(v);
  return Eigen::Map<const VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

bool says_id(const std::string& name) {
  const std::vector<std::string> words = words_of(name);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& w = words[i];
    const bool of = i + 1 < words.size() && words[i + 1] == "of";
    for (const std::string_view id : {"id", "ids", "idx", "index", "key", "number", "no", "nr", "num", "nummer", "kennung", "uid", "uuid",
                                      "guid", "pk", "rowid", "rownum", "rownames"})
      if (w == id && !of) return true;
    if (ends_with_any(w, {"nr", "nummer"})) return true;
    // Written in one word; of other words that end so ("paid", "bid") none is meant.
    if (ends_with_any(w, {"id", "no", "number", "key", "index"}))
      for (const std::string_view what :
           {"customer", "client",      "user",        "patient", "person",  "passenger",   "student", "employee",  "case",
            "record",   "row",         "account",     "order",   "subject", "participant", "member",  "sample",    "study",
            "visit",    "loan",        "transaction", "product", "house",   "household",   "family",  "encounter", "respondent",
            "response", "observation", "obs",         "unique",  "serial",  "insurance",   "policy",  "primary"})
        if (w.starts_with(what) && w.size() <= what.size() + 6) return true;
  }
  return false;
}

std::vector<int> row_ids(const CsvRows& csv, const Table& table) {
  std::vector<int> out;
  for (int c = 0; c < static_cast<int>(table.columns.size()); ++c) {
    const std::string& name = table.columns[static_cast<std::size_t>(c)].name;
    const bool index = (c == 0 && !csv.named(c)) || name.starts_with("Unnamed: ");
    if ((index || says_id(name)) && all_different(csv, table, c)) out.push_back(c);
  }
  return out;
}

std::optional<double> nearby(const VectorXd& values) {
  constexpr double kSmallest = 1e-30;
  if (values.size() == 0 || (values.array() == values[0]).all()) return 0;
  const auto [loss, sd] = loss_and_sd(values, 0);
  if (loss <= kLossOfSd * sd) return 0;
  // A number that can be read: the mean, rounded where the sd begins.
  const double step = std::pow(10., std::floor(std::log10(std::max(sd, kSmallest))));
  const double offset = std::round(values.mean() / step) * step;
  const auto [left, same] = loss_and_sd(values, offset);
  if (left <= kLossOfSd * same && same >= kSmallest) return offset;
  return {};
}

std::vector<Message> count_from_nearby(Table& table, const std::vector<int>& columns) {
  std::vector<Message> messages;
  std::vector<std::string> lost;
  for (const int c : columns) {
    Column& column = table.columns[static_cast<std::size_t>(c)];
    if (!column.numeric) continue;
    const std::optional<double> offset = nearby(present(table, c));
    if (!offset) lost.push_back(column.name);
    if (!offset || *offset == 0) continue;
    column.offset = *offset;
    table.values.col(c).array() -= *offset;
    messages.push_back(Message("warning.column_offset").with("column", shown(column.name)).with("from", number_text(*offset)));
  }
  if (!lost.empty()) throw Error("data.drop", Message("refusal.close_values").with("columns", quoted_list(lost)));
  return messages;
}

std::vector<Message> look_alikes(const Table& table, const std::vector<int>& columns) {
  constexpr std::size_t kShownGroups = 5;
  std::vector<Message> out;
  for (const int c : columns) {
    const Column& column = table.columns[static_cast<std::size_t>(c)];
    std::map<std::string, std::vector<std::string>> alike;
    for (const std::string& category : column.categories) alike[folded(category)].push_back(category);
    Message groups;
    const auto add = [&](const Message& group) {
      groups = groups.empty() ? group : Message("refusal.list_groups").with("list", groups).with("last", group);
    };
    std::size_t n = 0;
    for (const auto& [key, texts] : alike)
      if (texts.size() > 1 && n++ < kShownGroups) add(quoted_list(texts));
    if (n > kShownGroups) add(Message("refusal.part.more").with("n", std::to_string(n - kShownGroups)));
    if (n > 0) out.push_back(Message("warning.look_alikes").with("column", shown(column.name)).with("groups", groups));
  }
  return out;
}

Message quoted_list(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 100;
  std::vector<std::string> quoted;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) quoted.push_back(shown(names[i]));
  if (quoted.size() == names.size()) return all_of(quoted);
  std::string first;
  for (const std::string& name : quoted) first += (first.empty() ? "" : ", ") + name;
  return Message("refusal.list_and")
      .with("list", first)
      .with("last", Message("refusal.part.more").with("n", std::to_string(names.size() - quoted.size())));
}

}  // namespace mid
