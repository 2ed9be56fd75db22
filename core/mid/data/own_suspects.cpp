#include "mid/data/own_suspects.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "mid/base/param.hpp"
#include "mid/data/csv_number.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/letters.hpp"
#include "mid/data/own_columns.hpp"

namespace mid {
namespace {

constexpr std::size_t kManyTexts = 20;  // so many may be states, jobs or diagnoses
constexpr int kRowsOfText = 5;          // with fewer rows a text there is little to learn of it
constexpr int kEnoughRows = 20;         // in fewer much is alike by chance

std::vector<double> sorted_values(const Table& table, int column) {
  std::vector<double> values;
  for (const double v : table.values.col(column))
    if (!std::isnan(v)) values.push_back(v);
  std::sort(values.begin(), values.end());
  return values;
}

/// What follows the digits of a text that begins with a number ("12 kg", "37,2 °C"); empty: nothing, or it does not begin so.
std::string_view unit_of(std::string_view text) {
  const std::size_t end = text.find_first_not_of("+-0123456789., '");
  if (end == text.npos || end == 0 || text.find_first_of("0123456789") > end) return {};
  const std::string_view unit = text.substr(end);
  // Two numbers with something between them (10/12, 5x7, 10-19 years) are no number with a unit.
  if (unit.find_first_of("0123456789") != unit.npos) return {};
  std::string_view number = text.substr(0, end);
  while (number.ends_with(' ')) number.remove_suffix(1);
  return read_number(number).decimal == Decimal::none ? std::string_view() : unit;
}

/// The unit that at least 9 of 10 texts of a column have behind their numbers; empty: there is none.
std::string unit_of(const Column& column) {
  constexpr std::size_t kFewest = 10;  // fewer are categories that are called so
  std::map<std::string_view, std::size_t> units;
  for (const std::string& text : column.categories) ++units[unit_of(text)];
  units.erase("");
  for (const auto& [unit, n] : units)
    if (n >= kFewest && n * 10 >= column.categories.size() * 9) return std::string(unit);
  return {};
}

/// What the values of a column would be if the largest or the smallest of them stood for "no value": 999 and -99 do in many files.
/// Empty: none does, as far as can be seen.
std::vector<double> missing_codes(const std::vector<double>& values) {
  constexpr std::array<double, 6> kAbove = {99, 999, 9999, 99999, 999999, 9999999};
  constexpr std::array<double, 12> kBelow = {-9, -66, -77, -88, -99, -666, -777, -888, -999, -9999, -99999, -999999};
  constexpr std::ptrdiff_t kOthers = 10;
  std::vector<double> codes, distinct = values;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const auto known = [](const auto& list, double v) { return std::find(list.begin(), list.end(), v) != list.end(); };
  const auto other = std::find_if(distinct.begin(), distinct.end(), [&](double v) { return !known(kBelow, v); });
  if (other != distinct.begin() && distinct.end() - other > kOthers && *other >= 0) codes.assign(distinct.begin(), other);
  if (distinct.size() > static_cast<std::size_t>(kOthers) && known(kAbove, distinct.back())) {
    const double next = distinct[distinct.size() - 2];
    const auto times = values.end() - std::lower_bound(values.begin(), values.end(), distinct.back());
    if (times > 1 && next > 0 && next * 2 < distinct.back()) codes.push_back(distinct.back());
  }
  // Among larger numbers it is told by how often it comes.
  constexpr std::ptrdiff_t kOften = 5;
  for (const double code : kAbove) {
    const auto [first, end] = std::equal_range(values.begin(), values.end(), code);
    const std::ptrdiff_t times = end - first, others = static_cast<std::ptrdiff_t>(values.size()) - times;
    if (times >= kOften && static_cast<std::ptrdiff_t>(distinct.size()) > kOthers &&
        times > kOften * others / (static_cast<std::ptrdiff_t>(distinct.size()) - 1) && !known(codes, code))
      codes.push_back(code);
  }
  return codes;
}

/// The same of a target or a secret with few values, as surveys code them: 0, 1 and -9, or 1, 2 and 9.
std::vector<double> missing_codes_of_few(const std::vector<double>& values) {
  constexpr std::array<double, 4> kAbove = {9, 99, 999, 9999};
  std::vector<double> codes, distinct = values;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const auto other = std::find_if(distinct.begin(), distinct.end(), [](double v) { return v > -9; });
  const std::ptrdiff_t others = distinct.end() - other;
  if (others >= 2 && *other >= 0) codes.assign(distinct.begin(), other);
  if (others >= 3 && std::find(kAbove.begin(), kAbove.end(), distinct.back()) != kAbove.end() &&
      distinct[distinct.size() - 2] * 2 < distinct.back())
    codes.push_back(distinct.back());
  return codes;
}

/// Whether a text stands for "no value" in many files; as a category of an input it may be worth something.
bool says_unknown(const std::string& text) {
  static const std::array<std::string_view, 24> kWords = {
      "unknown",      "notknown", "missing", "notstated", "notavailable", "undefined",   "na",           "n.d",
      "nil",          "ka",       "k.a",     "k.a.",      "unbekannt",    "keineangabe", "keineangaben", "nichtbekannt",
      "nichterhoben", "fehlend",  "fehlt",   "inconnu",   "inconnue",     "manquant",    "nonrenseigné", "nsp"};
  std::string word;
  for (const char c : folded(text))
    if (c != ' ' && c != '_') word += c;
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Whether a column counts the rows up from 0 or 1, as what R and spreadsheets number them by does under any name.
bool counts_rows(const Table& table, int column) {
  const auto values = table.values.col(column);
  if (values.size() < kEnoughRows || (values[0] != 0 && values[0] != 1)) return false;
  for (Eigen::Index row = 1; row < values.size(); ++row)
    if (values[row] != values[0] + static_cast<double>(row)) return false;
  return true;
}

/// Whether two columns say the same of every row in other words: each value of one stands beside one value of the other.
bool say_the_same(const Table& table, int a, int b) {
  std::map<double, double> there, back;
  int rows = 0;
  for (Eigen::Index row = 0; row < table.values.rows(); ++row) {
    const double x = table.values(row, a), y = table.values(row, b);
    if (std::isnan(x) != std::isnan(y)) return false;
    if (std::isnan(x)) continue;
    ++rows;
    if (there.emplace(x, y).first->second != y || back.emplace(y, x).first->second != x) return false;
  }
  return there.size() > 1 && rows >= kEnoughRows && static_cast<int>(there.size()) * 2 <= rows;
}

/// Whether one column of numbers is another in other units: a times that and b more, to the last digits.
bool is_in_other_units(const Table& table, int a, int b) {
  constexpr double kAll = 1 - 1e-9;  // of the variance
  if (!table.columns[static_cast<std::size_t>(a)].numeric || !table.columns[static_cast<std::size_t>(b)].numeric) return false;
  const auto x = table.values.col(a).array(), y = table.values.col(b).array();
  if (x.size() < kEnoughRows || (x.isNaN() != y.isNaN()).any()) return false;
  const auto there = !x.isNaN();
  const double n = static_cast<double>(there.count());
  const VectorXd dx = there.select(x - there.select(x, 0).sum() / n, 0), dy = there.select(y - there.select(y, 0).sum() / n, 0);
  const double both = dx.squaredNorm() * dy.squaredNorm(), product = dx.dot(dy);
  return n >= kEnoughRows && both > 0 && product * product >= kAll * both;
}

Message about(const char* key, const std::vector<std::string>& columns) { return Message(key).with("columns", quoted_list(columns)); }

/// Whether all values are days written as 20240131.
bool are_compact_dates(const std::vector<double>& values) {
  constexpr int kFewest = 3, kMonth = 100, kYear = 10'000;
  return values.size() >= kFewest && std::all_of(values.begin(), values.end(), [](double v) {
           if (v != std::floor(v) || v < 1800. * kYear || v >= 2200. * kYear) return false;
           const int date = static_cast<int>(v), month = date / kMonth % kMonth, day = date % kMonth;
           return month >= 1 && month <= 12 && day >= 1 && day <= 31;
         });
}

/// A text of the last row that says what a row of totals is called, and that no other row has.
std::string_view word_of_total(const CsvRows& csv) {
  static const std::array<std::string_view, 24> kWords = {"total",        "totals",    "grandtotal", "sum",     "summe",      "gesamt",
                                                          "gesamtsumme",  "insgesamt", "somme",      "totale",  "totaal",     "suma",
                                                          "soma",         "итого",     "всего",      "average", "mittelwert", "mean",
                                                          "durchschnitt", "moyenne",   "promedio",   "media",   "合計",       "总计"};
  const int last = csv.rows() - 1;
  for (int c = 0; c < csv.columns(); ++c) {
    const std::string_view cell = csv.cell(last, c);
    std::string word = folded(cell);
    while (word.ends_with(':')) word.pop_back();
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) continue;
    bool alone = true;
    for (int row = 0; row < last && alone; ++row) alone = csv.cell(row, c) != cell;
    if (alone) return cell;
  }
  return {};
}

void say_copies(const Table& table, const std::vector<int>& inputs, int of, int secret, const char* key, std::vector<Message>& out) {
  if (of < 0) return;
  std::vector<std::string> names;
  for (const int c : inputs)
    if (c != of && c != secret && (say_the_same(table, of, c) || is_in_other_units(table, of, c)))
      names.push_back(table.columns[static_cast<std::size_t>(c)].name);
  if (!names.empty()) out.push_back(about(key, names).with("column", shown(table.columns[static_cast<std::size_t>(of)].name)));
}

}  // namespace

std::vector<Message> suspects(const CsvTable& read, const std::vector<int>& inputs, int target, int secret) {
  constexpr std::size_t kMostCodes = 20;
  const Table& table = read.table;
  std::vector<Message> out;
  std::vector<std::string> texts, repeated, dates, counting;
  std::string codes, words;
  std::size_t coded = 0;
  const auto look_for_codes = [&](int c) {
    const Column& column = table.columns[static_cast<std::size_t>(c)];
    const std::vector<double> values = sorted_values(table, c);
    std::vector<double> found = missing_codes(values);
    if (found.empty() && (c == target || c == secret)) found = missing_codes_of_few(values);
    for (const double code : found)
      if (coded++ < kMostCodes)
        codes += (codes.empty() ? "" : ", ") + number_text(code) + " (" + shown(column.name) + ", " +
                 std::to_string(std::count(values.begin(), values.end(), code)) + ")";
  };
  if (target >= 0 && table.columns[static_cast<std::size_t>(target)].numeric) look_for_codes(target);
  if (secret >= 0 && table.columns[static_cast<std::size_t>(secret)].numeric &&
      std::find(inputs.begin(), inputs.end(), secret) == inputs.end())
    look_for_codes(secret);
  for (const int c : {target, secret})
    if (c >= 0)
      for (const std::string& category : table.columns[static_cast<std::size_t>(c)].categories)
        if (says_unknown(category))
          words += (words.empty() ? "" : ", ") + shown(category) + " (" + shown(table.columns[static_cast<std::size_t>(c)].name) + ")";
  for (const int c : inputs) {
    const Column& column = table.columns[static_cast<std::size_t>(c)];
    const ColumnReading& how = read.reading[static_cast<std::size_t>(c)];
    const auto rows = table.values.rows() - column.missing;
    const auto few_rows = [&](std::size_t different) {
      return different > kManyTexts && rows < kRowsOfText * static_cast<Eigen::Index>(different);
    };
    if (says_id(column.name)) {
      std::vector<double> values = sorted_values(table, c);
      values.erase(std::unique(values.begin(), values.end()), values.end());
      if (few_rows(values.size()) && static_cast<Eigen::Index>(values.size()) < rows) repeated.push_back(column.name);
    } else if (column.numeric) {
      look_for_codes(c);
      if (c != secret && counts_rows(table, c)) counting.push_back(column.name);
      if (are_compact_dates(sorted_values(table, c))) dates.push_back(column.name);
    } else if (const std::string unit = unit_of(column); !unit.empty()) {
      out.push_back(Message("warning.unit_texts")
                        .with("column", shown(column.name))
                        .with("found", shown(column.categories[0]))
                        .with("unit", shown(unit)));
    } else if (c != secret && few_rows(column.categories.size()) && !how.dates && how.mixed.empty()) {
      texts.push_back(column.name);
    }
  }
  if (!codes.empty()) out.push_back(Message("warning.missing_codes").with("list", codes));
  if (!words.empty()) out.push_back(Message("warning.missing_words").with("list", words));
  if (!counting.empty()) out.push_back(about("warning.counts_rows", counting));
  if (!texts.empty()) out.push_back(about("warning.many_texts", texts));
  if (!dates.empty()) out.push_back(about("warning.compact_dates", dates));
  if (!repeated.empty()) out.push_back(about("warning.repeated_ids", repeated));
  say_copies(table, inputs, target, secret, "warning.copies_of_target", out);
  say_copies(table, inputs, secret, secret, "warning.copies_of_secret", out);
  return out;
}

Message sum_row(const CsvRows& csv, const CsvTable& read) {
  constexpr Eigen::Index kFewestAbove = 4;
  constexpr double kRounding = 1e-6;
  const MatrixD& values = read.table.values;
  const Eigen::Index last = values.rows() - 1;
  if (last < kFewestAbove) return {};
  std::vector<std::string> sums;
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    if (!read.table.columns[static_cast<std::size_t>(c)].numeric || std::isnan(values(last, c))) continue;
    double sum = 0, largest = 0;
    for (const double v : values.col(c).head(last))
      if (!std::isnan(v)) sum += v, largest = std::max(largest, std::abs(v));
    const double found = values(last, c);
    if (std::abs(found) > largest && std::abs(found - sum) <= kRounding * std::abs(sum))
      sums.push_back(read.table.columns[static_cast<std::size_t>(c)].name);
  }
  if (sums.empty() || (sums.size() == 1 && word_of_total(csv).empty())) return {};
  return about("refusal.sum_row", sums).with("line", std::to_string(csv.line(csv.rows() - 1))).with("rows", std::to_string(last));
}

Message total_word(const CsvRows& csv) {
  const std::string_view word = word_of_total(csv);
  if (word.empty()) return {};
  return Message("warning.total_word")
      .with("line", std::to_string(csv.line(csv.rows() - 1)))
      .with("found", shown(std::string(word)))
      .with("rows", std::to_string(csv.rows() - 1));
}

std::vector<std::string> merged_columns(const CsvRows& csv, const CsvTable& read, const std::vector<int>& columns) {
  constexpr int kFewestTexts = 3;
  std::vector<std::string> out;
  for (const int c : columns) {
    const Column& column = read.table.columns[static_cast<std::size_t>(c)];
    if (column.numeric || column.categories.size() > kManyTexts || csv.cell(0, c).empty()) continue;
    int texts = 0;
    bool changes = true;
    std::string_view before;
    for (int row = 0; row < csv.rows(); ++row) {
      const std::string_view cell = csv.cell(row, c);
      if (cell.empty()) continue;
      changes = changes && cell != before, before = cell, ++texts;
    }
    if (changes && texts >= kFewestTexts && texts * 2 <= csv.rows()) out.push_back(column.name);
  }
  return out;
}

}  // namespace mid
