#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/csv_number.hpp"

namespace mid {
namespace {

constexpr double kLargestNumber = 1e30;
constexpr int kFirstCurrency = 3;         // in kNumberSigns
constexpr std::size_t kFewestPadded = 3;  // digits of a code such as 01067; 07 may be an hour

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
  explicit Missing(const CsvReading& reading) : more_(reading.missing), present_(reading.present) {
    for (const std::string& text : more_)
      if (const auto number = parse_number(text)) numbers_.push_back(*number);
  }
  /// `signs`: the column has a "+", beside which "-" is a finding (of a test) and not a gap.
  bool operator()(std::string_view cell, bool signs = false) const {
    const auto listed = [&](const std::vector<std::string>& texts) { return std::find(texts.begin(), texts.end(), cell) != texts.end(); };
    if (listed(more_)) return true;
    if (signs && cell == "-") return false;
    if (is_missing(cell)) return cell.empty() || !listed(present_);
    if (numbers_.empty()) return false;
    const auto number = parse_number(cell);
    return number && std::find(numbers_.begin(), numbers_.end(), *number) != numbers_.end();
  }

 private:
  const std::vector<std::string>&more_, &present_;
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
  bool text_first = false;                      ///< the first row has a text
  int padded = -1;                              ///< the first row with a leading zero
  std::size_t digits = 0;                       ///< of every cell, where they are digits alone and equally many
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
    if (row == 0) out.text_first = number.decimal == Decimal::none;
    const bool digits = cell.find_first_not_of("0123456789") == cell.npos;
    if (out.cells == 1) out.digits = cell.size();
    if (!digits || cell.size() != out.digits) out.digits = 0;
    if (digits && cell[0] == '0' && out.padded < 0) out.padded = row;
    if (number.decimal != Decimal::none) ++out.sign[static_cast<std::size_t>(number.sign)];
    if (number.decimal == Decimal::either && out.ambiguous < 0 && cell.find(',') != cell.npos) out.ambiguous = row;
    if (number.decimal == Decimal::either && out.pointed < 0 && cell.find('.') != cell.npos) out.pointed = row;
    if (number.decimal == Decimal::any && cell.find('.') == cell.npos && parse_number(cell))
      ++(std::abs(number.by_point) < kThousand ? out.small : out.large);
  }
  return out;
}

/// Whether all but perhaps the first are numbers.
bool numbers_below(const Census& census) {
  constexpr int kFewest = 3;
  const int below = census.cells - census.text_first;
  return below >= kFewest && census.numbers() == below;
}

bool mostly(int part, int all) { return part * 10LL >= all * 9LL && part > 0; }

/// Reads the columns of a file one after the other.
class TableReader {
 public:
  TableReader(const CsvRows& csv, const CsvReading& reading, const std::vector<int>& columns)
      : csv_(csv), reading_(reading), missing_(reading) {
    for (const std::string& name : reading.categories) csv.column(name);
    out_.table.values = MatrixD::Constant(csv.rows(), static_cast<Eigen::Index>(columns.size()), std::numeric_limits<double>::quiet_NaN());
    std::vector<Census> census;
    for (const int c : columns) {
      census.push_back(count(csv, c, missing_));
      const Census& found = census.back();
      if (mostly(found.numbers(), found.cells))
        points_ += found.of(Decimal::point) > found.of(Decimal::comma), commas_ += found.of(Decimal::comma) > found.of(Decimal::point);
    }
    second_header_ = has_second_header(census, columns);
    for (std::size_t i = 0; i < columns.size(); ++i) read(columns[i], census[i], static_cast<Eigen::Index>(i));
  }
  CsvTable take() { return std::move(out_); }

 private:
  /// Whether the first row has texts, and no number, in columns of numbers.
  bool has_second_header(const std::vector<Census>& census, const std::vector<int>& columns) const {
    int texts = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!numbers_below(census[i])) continue;
      texts += census[i].text_first;
      if (!census[i].text_first && !missing_(csv_.cell(0, columns[i]), census[i].signs)) return false;
    }
    return texts > 0;
  }

  void read(int c, const Census& census, Eigen::Index at) {
    Column column;
    column.name = csv_.names()[static_cast<std::size_t>(c)];
    Message problem;
    ColumnReading how;
    const bool texts = std::find(reading_.categories.begin(), reading_.categories.end(), column.name) != reading_.categories.end();
    if (!texts && second_header_ && census.text_first && numbers_below(census))
      problem = about_cell("refusal.second_header", csv_, 0, c).with("found", shown(std::string(csv_.cell(0, c))));
    column.numeric = false;
    if (!texts && problem.empty() && mostly(census.numbers(), census.cells)) column.numeric = read_numbers(c, census, at, how, problem);
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
    if (census.padded >= 0 && census.digits >= kFewestPadded) how.padded = csv_.cell(census.padded, c);
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
  bool second_header_ = false;
  CsvTable out_;
};

std::vector<int> all_columns(const CsvRows& csv) {
  std::vector<int> all(csv.names().size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

CsvTable read_table(const CsvRows& csv, const CsvReading& reading) { return TableReader(csv, reading, all_columns(csv)).take(); }

Table table_of(const CsvRows& csv) { return table_of(csv, all_columns(csv)); }

Table table_of(const CsvRows& csv, const std::vector<int>& columns) {
  CsvTable out = TableReader(csv, CsvReading{}, columns).take();
  for (const Message& problem : out.problem)
    if (!problem.empty()) throw Error(csv.file(), problem);
  return std::move(out.table);
}

}  // namespace mid
