#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/base/text.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/encode.hpp"
#include "mid/data/gzip.hpp"

namespace mid {
namespace {

constexpr double kLargestNumber = 1e30;
constexpr int kShownValues = 20;
constexpr std::size_t kLargestFile = std::size_t{1} << 28;

bool is_numeric(const CsvRows& csv, int column) {
  bool any = false;
  for (int row = 0; row < csv.rows(); ++row) {
    const std::string_view cell = csv.cell(row, column);
    if (is_missing(cell)) continue;
    if (!parse_number(cell)) return false;
    any = true;
  }
  return any;
}

void read_numbers(const CsvRows& csv, int column, Eigen::Ref<VectorXd, 0, Eigen::InnerStride<>> values) {
  for (int row = 0; row < csv.rows(); ++row) {
    const std::string_view cell = csv.cell(row, column);
    if (is_missing(cell)) continue;
    const double value = *parse_number(cell);
    if (std::abs(value) > kLargestNumber)
      throw Error(csv.file(), "line " + std::to_string(csv.line(row)) + ", column " + std::to_string(column + 1) + " holds " +
                                  std::string(cell) + "; numbers must lie in -1e30 to 1e30");
    values[row] = value;
  }
}

void read_categories(const CsvRows& csv, int column, Eigen::Ref<VectorXd, 0, Eigen::InnerStride<>> values,
                     std::vector<std::string>& categories) {
  std::map<std::string_view, int> place;
  for (int row = 0; row < csv.rows(); ++row)
    if (const std::string_view cell = csv.cell(row, column); !is_missing(cell)) place.emplace(cell, 0);
  for (auto& [text, index] : place) {
    index = static_cast<int>(categories.size());
    categories.emplace_back(text);
  }
  for (int row = 0; row < csv.rows(); ++row)
    if (const std::string_view cell = csv.cell(row, column); !is_missing(cell)) values[row] = place.at(cell);
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

bool is_missing(std::string_view cell) {
  return cell.empty() || cell == "?" || cell == "NA" || cell == "NaN" || cell == "nan";
}

Error unusable_csv(const Error& error) { return {"data.csv", std::string("names a file that cannot be used: ") + error.what()}; }

std::string read_csv_text(const std::string& path) try {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))
    throw Error(path, "is a folder or a device, not a file");
  if (const std::uintmax_t size = std::filesystem::file_size(path, error); !error && size > kLargestFile)
    throw Error(path, "has " + std::to_string(size) + " bytes; at most " + std::to_string(kLargestFile) + " are read");
  std::string bytes = read_file(path);
  return as_utf8(is_gzip(bytes) ? gunzip(bytes, path, kLargestFile) : std::move(bytes));
} catch (const Error& error) {
  throw unusable_csv(error);
}

std::string as_utf8(std::string text) {
  if (text.find('\0') != text.npos || is_utf8(text)) return text;
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

Table table_of(const CsvRows& csv) {
  std::vector<int> all(csv.names().size());
  std::iota(all.begin(), all.end(), 0);
  return table_of(csv, all);
}

Table table_of(const CsvRows& csv, const std::vector<int>& columns) {
  Table out;
  out.values = MatrixD::Constant(csv.rows(), static_cast<Eigen::Index>(columns.size()), std::numeric_limits<double>::quiet_NaN());
  for (const int c : columns) {
    auto values = out.values.col(static_cast<Eigen::Index>(out.columns.size()));
    Column column;
    column.name = csv.names()[static_cast<std::size_t>(c)];
    column.numeric = is_numeric(csv, c);
    if (column.numeric) read_numbers(csv, c, values);
    else read_categories(csv, c, values, column.categories);
    column.missing = static_cast<int>(values.array().isNaN().count());
    out.columns.push_back(std::move(column));
  }
  return out;
}

CsvSchema describe_csv(std::string_view text, const std::string& file) {
  const std::string utf8 = as_utf8(std::string(text));
  const Table table = table_of(parse_csv(utf8, file));
  CsvSchema out;
  out.rows = static_cast<int>(table.values.rows());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    CsvColumn described{column.name, column.numeric, column.missing, 0, {}};
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
