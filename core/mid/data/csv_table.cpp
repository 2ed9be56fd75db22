#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/param.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/csv_number.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/own_columns.hpp"

namespace mid {
namespace {

constexpr double kLargestNumber = 1e30;
constexpr int kShownValues = 20;
constexpr int kFirstCurrency = 3;  // in kNumberSigns

/// A message about a cell: its line, its column and what it says.
Message about_cell(const char* key, const CsvRows& csv, int row, int column) {
  return Message(key)
      .with("line", std::to_string(csv.line(row)))
      .with("column", std::to_string(column + 1))
      .with("name", shown(csv.names()[static_cast<std::size_t>(column)]));
}

/// Which cells say nothing: the usual spellings and those of a specification. A number among these is meant by its value.
class Missing {
 public:
  explicit Missing(const std::vector<std::string>& more) : more_(more) {
    for (const std::string& text : more)
      if (const auto number = parse_number(text)) numbers_.push_back(*number);
  }
  /// `signs`: the column has a "+", beside which "-" is a finding (of a test) and not a gap.
  bool operator()(std::string_view cell, bool signs = false) const {
    if (signs && cell == "-") return std::find(more_.begin(), more_.end(), cell) != more_.end();
    if (is_missing(cell) || std::find(more_.begin(), more_.end(), cell) != more_.end()) return true;
    if (numbers_.empty()) return false;
    const auto number = parse_number(cell);
    return number && std::find(numbers_.begin(), numbers_.end(), *number) != numbers_.end();
  }

 private:
  const std::vector<std::string>& more_;
  std::vector<double> numbers_;
};

/// What the cells of a column are, counted.
struct Census {
  int cells = 0;                                ///< with a value
  std::array<int, 5> decimal{};                 ///< by Decimal
  std::array<int, kNumberSigns.size()> sign{};  ///< of numbers, by CellNumber::sign
  int ambiguous = -1;                           ///< the first row with Decimal::either, a comma in it
  int pointed = -1;                             ///< the first row with Decimal::either, a point in it
  int small = 0, large = 0;                     ///< whole numbers without a mark: below 1000, others
  bool signs = false;                           ///< a cell says + alone
  int of(Decimal d) const { return decimal[static_cast<std::size_t>(d)]; }
  int numbers() const { return cells - of(Decimal::none); }
};

Census count(const CsvRows& csv, int column, const Missing& missing) {
  constexpr double kThousand = 1000;
  Census out;
  for (int row = 0; row < csv.rows() && !out.signs; ++row) out.signs = csv.cell(row, column) == "+";
  for (int row = 0; row < csv.rows(); ++row) {
    const std::string_view cell = csv.cell(row, column);
    if (missing(cell, out.signs)) continue;
    const CellNumber number = read_number(cell);
    ++out.cells;
    ++out.decimal[static_cast<std::size_t>(number.decimal)];
    if (number.decimal != Decimal::none) ++out.sign[static_cast<std::size_t>(number.sign)];
    if (number.decimal == Decimal::either && out.ambiguous < 0 && cell.find(',') != cell.npos) out.ambiguous = row;
    if (number.decimal == Decimal::either && out.pointed < 0 && cell.find('.') != cell.npos) out.pointed = row;
    if (number.decimal == Decimal::any && cell.find('.') == cell.npos && parse_number(cell))
      ++(std::abs(number.by_point) < kThousand ? out.small : out.large);
  }
  return out;
}

bool mostly(int part, int all) { return part * 10LL >= all * 9LL && part > 0; }

/// Reads the columns of a file one after the other.
class TableReader {
 public:
  TableReader(const CsvRows& csv, const CsvReading& reading, const std::vector<int>& columns)
      : csv_(csv), reading_(reading), missing_(reading.missing) {
    for (const std::string& name : reading.categories) csv.column(name);
    out_.table.values = MatrixD::Constant(csv.rows(), static_cast<Eigen::Index>(columns.size()), std::numeric_limits<double>::quiet_NaN());
    std::vector<Census> census;
    for (const int c : columns) {
      census.push_back(count(csv, c, missing_));
      const Census& found = census.back();
      if (mostly(found.numbers(), found.cells))
        points_ += found.of(Decimal::point) > found.of(Decimal::comma), commas_ += found.of(Decimal::comma) > found.of(Decimal::point);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) read(columns[i], census[i], static_cast<Eigen::Index>(i));
  }
  CsvTable take() { return std::move(out_); }

 private:
  void read(int c, const Census& census, Eigen::Index at) {
    Column column;
    column.name = csv_.names()[static_cast<std::size_t>(c)];
    Message problem;
    ColumnReading how;
    const bool texts = std::find(reading_.categories.begin(), reading_.categories.end(), column.name) != reading_.categories.end();
    if (!texts && mostly(census.numbers(), census.cells))
      column.numeric = read_numbers(c, census, at, how, problem);
    else
      column.numeric = false;
    if (!column.numeric) {
      read_categories(c, census, at, column.categories);
      if (!texts && problem.empty() && census.numbers() * 2 > census.cells) how.mixed = mixed(c, census);
      how.dates = !texts && column.categories.size() > 2 && std::all_of(column.categories.begin(), column.categories.end(), is_date);
    }
    column.missing = static_cast<int>(out_.table.values.col(at).array().isNaN().count());
    out_.table.columns.push_back(std::move(column));
    out_.reading.push_back(std::move(how));
    out_.problem.push_back(std::move(problem));
  }

  /// Whether a column of numbers has the decimal comma; its own cells say so, or the other columns, or nothing does.
  bool has_comma(int c, const Census& census, Message& problem) const {
    if (reading_.decimal != "auto") return reading_.decimal == "comma";
    if (census.of(Decimal::point) + census.of(Decimal::comma) > 0) return census.of(Decimal::comma) > census.of(Decimal::point);
    if (census.of(Decimal::either) == 0) return false;
    if (commas_ > 0 && points_ == 0) return true;
    if (commas_ == 0 && (points_ > 0 || csv_.separator() == ',')) return false;
    // 1.234 beside 950 has thousands or decimals; beside 1234 it has decimals, and where all numbers have it, it is a matter of unit.
    const int row = census.ambiguous >= 0 ? census.ambiguous : census.small > 0 && census.large == 0 ? census.pointed : -1;
    if (row < 0) return false;
    const std::string cell(csv_.cell(row, c));
    problem = about_cell("refusal.decimal_or_thousands", csv_, row, c).with("found", shown(cell));
    return false;
  }

  /// The numbers of column `c`, or `problem`. False: nobody can say which numbers they are.
  bool read_numbers(int c, const Census& census, Eigen::Index at, ColumnReading& how, Message& problem) {
    const bool comma = has_comma(c, census, problem);
    if (!problem.empty()) return false;
    const auto most = [](auto begin, auto end) { return std::max_element(begin, end) - begin; };
    auto sign = static_cast<int>(most(census.sign.begin(), census.sign.end()));
    // 5 beside $5 is the same number; 5 beside 5 % is not.
    const auto currency = static_cast<int>(kFirstCurrency + most(census.sign.begin() + kFirstCurrency, census.sign.end()));
    if (sign == 0 && census.sign[static_cast<std::size_t>(currency)] > 0) sign = currency;
    const Decimal other = comma ? Decimal::point : Decimal::comma;
    int odd = 0, first = -1, beyond = -1;
    bool grouped = false;
    for (int row = 0; row < csv_.rows(); ++row) {
      const std::string_view cell = csv_.cell(row, c);
      if (missing_(cell, census.signs)) continue;
      const CellNumber number = read_number(cell);
      if (number.decimal == Decimal::none || number.decimal == other ||
          (number.sign != sign && !(number.sign == 0 && sign >= kFirstCurrency))) {
        if (odd++ == 0) first = row;
        continue;
      }
      const double value = comma ? number.by_comma : number.by_point;
      if (std::abs(value) > kLargestNumber && beyond < 0) beyond = row;
      out_.table.values(row, at) = value;
      grouped = grouped || cell.find(comma ? '.' : ',') != cell.npos;
    }
    if (odd > 0) {
      const CellNumber stray = read_number(csv_.cell(first, c));
      // What the column's numbers have and the stray one lacks: their sign, or their decimal mark, or both.
      const Message with_sign =
          sign > 0 ? Message("refusal.part.with").with("sign", std::string(kNumberSigns[static_cast<std::size_t>(sign)])) : Message();
      const Message decimal = sign == 0 && stray.sign > 0 ? Message("refusal.part.no_sign")
                              : stray.decimal == other    ? Message(comma ? "refusal.part.decimal_comma" : "refusal.part.decimal_point")
                                                          : Message();
      const Message format = with_sign.empty() ? decimal
                             : decimal.empty() ? with_sign
                                               : Message("refusal.part.both").with("first", with_sign).with("second", decimal);
      problem = about_cell(format.empty() ? "refusal.not_a_number" : "refusal.not_a_number_format", csv_, first, c)
                    .with("found", shown(std::string(csv_.cell(first, c))))
                    .with("numbers", std::to_string(census.cells - odd))
                    .with("cells", std::to_string(census.cells))
                    .with("format", format);
      return true;
    }
    if (beyond >= 0) problem = about_cell("refusal.number_too_large", csv_, beyond, c).with("found", std::string(csv_.cell(beyond, c)));
    how.comma = comma && census.of(Decimal::comma) > 0;
    how.grouped = grouped;
    if (sign > 0) how.sign = kNumberSigns[static_cast<std::size_t>(sign)];
    return true;
  }

  void read_categories(int c, const Census& census, Eigen::Index at, std::vector<std::string>& categories) {
    std::map<std::string_view, int> place;
    for (int row = 0; row < csv_.rows(); ++row)
      if (const std::string_view cell = csv_.cell(row, c); !missing_(cell, census.signs)) place.emplace(cell, 0);
    for (auto& [text, index] : place) {
      index = static_cast<int>(categories.size());
      categories.emplace_back(text);
    }
    for (int row = 0; row < csv_.rows(); ++row)
      if (const std::string_view cell = csv_.cell(row, c); !missing_(cell, census.signs)) out_.table.values(row, at) = place.at(cell);
  }

  Message mixed(int c, const Census& census) const {
    int row = 0;
    while (missing_(csv_.cell(row, c), census.signs) || read_number(csv_.cell(row, c)).decimal != Decimal::none)
      if (++row == csv_.rows()) return {};
    return Message("warning.mixed_column")
        .with("column", shown(csv_.names()[static_cast<std::size_t>(c)]))
        .with("numbers", std::to_string(census.numbers()))
        .with("cells", std::to_string(census.cells))
        .with("found", shown(std::string(csv_.cell(row, c))))
        .with("line", std::to_string(csv_.line(row)));
  }

  const CsvRows& csv_;
  const CsvReading& reading_;
  const Missing missing_;
  int points_ = 0, commas_ = 0;  // columns that say plainly what their decimal mark is
  CsvTable out_;
};

std::vector<int> all_columns(const CsvRows& csv) {
  std::vector<int> all(csv.names().size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  std::size_t at = 0;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  const auto digit = [&] { return peek() >= '0' && peek() <= '9'; };
  const bool negative = peek() == '-';
  if (negative || peek() == '+') ++at;

  std::string digits;  // of the mantissa as an integer, without leading zeros
  int exponent = 0;
  bool any = false, point = false;
  for (; digit() || (peek() == '.' && !point); ++at) {
    if (peek() == '.') {
      point = true;
      continue;
    }
    any = true;
    if (!digits.empty() || peek() != '0') digits += peek();
    exponent -= point;
  }
  if (!any) return {};
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    const bool below = peek() == '-';
    if (below || peek() == '+') ++at;
    if (!digit()) return {};
    int power = 0;
    for (; digit(); ++at) power = std::min(power * 10 + (peek() - '0'), 100'000);
    exponent += below ? -power : power;
  }
  if (at != text.size()) return {};

  double value = 0;
  const int magnitude = static_cast<int>(digits.size()) + exponent;
  if (digits.empty() || magnitude < -400) {
    value = 0;
  } else if (magnitude > 308) {
    return {};
  } else if (digits.size() <= 15 && std::abs(exponent) <= 22) {
    // Both factors are exact in a double, so one rounding is left: the correct one.
    static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                         1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    long long whole = 0;
    for (char c : digits) whole = whole * 10 + (c - '0');
    value = exponent < 0 ? static_cast<double>(whole) / kPowers[-exponent] : static_cast<double>(whole) * kPowers[exponent];
  } else {
    value = Json::parse(digits + "e" + std::to_string(exponent)).get<double>();  // correctly rounded in every locale
  }
  return negative ? -value : value;
}

const std::vector<std::string>& missing_spellings() {
  static const std::vector<std::string> spellings{
      "",    "?",    "NA",   "N/A",          "n/a",          "n.a.",   "N.A.",    "#N/A",    "#NA",   "<NA>",   "NaN",  "nan",
      "NAN", "-nan", "-NaN", "NaT",          "null",         "Null",   "NULL",    "(null)",  "None",  "-",      "--",   "---",
      ".",   "..",   "\\N",  "\xE2\x80\x93", "\xE2\x80\x94", "#NULL!", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!"};
  return spellings;
}

bool is_missing(std::string_view cell) {
  constexpr std::size_t kLongest = 7;
  if (cell.size() > kLongest) return false;
  const auto& spellings = missing_spellings();
  return std::find(spellings.begin(), spellings.end(), cell) != spellings.end();
}

CsvTable read_table(const CsvRows& csv, const CsvReading& reading) { return TableReader(csv, reading, all_columns(csv)).take(); }

std::vector<Message> reading_warnings(const CsvRows& csv, const CsvTable& read, const std::vector<int>& columns) {
  std::vector<Message> out = csv.warnings();
  std::vector<std::string> commas, grouped, dates;
  std::map<std::string, std::vector<std::string>> with_sign;
  for (const int c : columns) {
    const std::string& name = csv.names()[static_cast<std::size_t>(c)];
    const ColumnReading& how = read.reading[static_cast<std::size_t>(c)];
    if (!how.mixed.empty()) out.push_back(how.mixed);
    if (how.comma) commas.push_back(name);
    if (how.grouped) grouped.push_back(name);
    if (how.dates) dates.push_back(name);
    if (!how.sign.empty()) with_sign[how.sign].push_back(name);
  }
  if (!commas.empty()) out.push_back(Message("warning.decimal_commas").with("columns", quoted_list(commas)));
  if (!grouped.empty()) out.push_back(Message("warning.thousands").with("columns", quoted_list(grouped)));
  for (const auto& [sign, names] : with_sign)
    out.push_back(Message("warning.without_sign").with("sign", sign).with("columns", quoted_list(names)));
  if (!dates.empty()) out.push_back(Message("warning.dates").with("columns", quoted_list(dates)));
  std::map<std::string_view, int> spellings;
  for (int row = 0; row < csv.rows(); ++row)
    for (const int c : columns)
      if (const std::string_view cell = csv.cell(row, c);
          !cell.empty() && cell != "?" && cell != "NA" && is_missing(cell) && std::isnan(read.table.values(row, c)))
        ++spellings[cell];
  std::string list;
  for (const auto& [text, n] : spellings) list += (list.empty() ? "" : ", ") + shown(std::string(text)) + " (" + std::to_string(n) + ")";
  if (!list.empty()) out.push_back(Message("warning.missing_spellings").with("texts", list));
  return out;
}

Table table_of(const CsvRows& csv) { return table_of(csv, all_columns(csv)); }

Table table_of(const CsvRows& csv, const std::vector<int>& columns) {
  CsvTable out = TableReader(csv, CsvReading{}, columns).take();
  for (const Message& problem : out.problem)
    if (!problem.empty()) throw Error(csv.file(), problem);
  return std::move(out.table);
}

CsvSchema describe_csv(std::string_view text, const std::string& file) {
  const CsvText utf8 = as_utf8(std::string(text));
  const CsvRows csv = parse_csv(utf8.text, file);
  const CsvTable read = read_table(csv);
  const Table& table = read.table;
  const std::vector<int> ids = row_ids(csv, table);
  CsvSchema out;
  out.rows = static_cast<int>(table.values.rows());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (!read.problem[c].empty()) throw Error(file, read.problem[c]);
    CsvColumn described{column.name, column.numeric, column.missing, 0, std::find(ids.begin(), ids.end(), static_cast<int>(c)) != ids.end(),
                        {}};
    if (column.numeric) {
      std::vector<double> values;
      for (double v : table.values.col(static_cast<Eigen::Index>(c)))
        if (!std::isnan(v)) values.push_back(v);
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
      described.distinct = static_cast<int>(values.size());
      for (std::size_t i = 0; i < values.size() && i < kShownValues; ++i) described.values.push_back(number_text(values[i]));
    } else {
      described.distinct = static_cast<int>(column.categories.size());
      described.values = column.categories;
      if (described.values.size() > kShownValues) described.values.resize(kShownValues);
    }
    out.columns.push_back(std::move(described));
  }
  return out;
}

}  // namespace mid
