#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// Whether the first line names the columns.
enum class CsvHeader { present, absent };

/// The cells of a CSV text (RFC 4180 and what spreadsheets make of it). Cells are views into that text, which outlives this.
class CsvRows {
 public:
  int rows() const { return static_cast<int>(lines_.size()); }
  int columns() const { return static_cast<int>(names_.size()); }
  std::string_view cell(int row, int column) const { return cells_[static_cast<std::size_t>(row) * names_.size() + static_cast<std::size_t>(column)]; }
  /// The line of the file on which a row begins, from 1.
  int line(int row) const { return lines_[static_cast<std::size_t>(row)]; }
  /// Of the header; "column 3" where it has no name or is absent.
  const std::vector<std::string>& names() const { return names_; }
  /// The place of the column called `name`; throws Error listing the existing ones.
  int column(const std::string& name) const;
  const std::string& file() const { return file_; }

 private:
  friend CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header);
  std::string file_;
  std::vector<std::string> names_;
  std::vector<std::string_view> cells_;
  std::vector<int> lines_;
  std::deque<std::string> unquoted_;  // cells with doubled quotes, which stand nowhere in the text as such
};

/// Cuts a text into cells. The separator is the comma, semicolon or tab that is most frequent in the first line; fields may
/// be quoted, with separators, doubled quotes and line ends inside; lines end in LF, CRLF or CR; a byte order mark and
/// blank lines are skipped; blanks around cells are cut off. Throws Error naming `file`, line and column: ragged row, open
/// quote, text behind a quote, a field above 65,536 bytes, no header, no rows, two columns of one name, bytes that are no
/// text (zero bytes, a zip or spreadsheet file, UTF-16).
CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header = CsvHeader::present);

/// A decimal number ("-1.5e3", "+2", ".5"), the same in every locale; nothing else, no "inf", no hexadecimal.
std::optional<double> parse_number(std::string_view text);

/// Whether a cell stands for "no value": empty, ?, NA, NaN or nan.
bool is_missing(std::string_view cell);

/// A stranger's CSV file as text for parse_csv: gzip is taken off, the bytes become UTF-8 (as_utf8). Throws Error naming
/// data.csv when it cannot be read, is no file (a folder, a device) or has more than 2^28 bytes.
std::string read_csv_text(const std::string& path);

/// What is wrong with the file that data.csv names, as an error of that field.
Error unusable_csv(const Error& error);

/// `text` itself when it is valid UTF-8; otherwise read as Latin-1 and written as UTF-8, so that names can be shown. What
/// has zero bytes is no text and stays as it is, for parse_csv to refuse.
std::string as_utf8(std::string text);

/// The whole as a table: a column is numeric if it has a value and every value is a number, else its texts are categories,
/// sorted by their bytes. Throws Error naming line and column for numbers beyond +-1e30, which no float holds.
Table table_of(const CsvRows& csv);
/// The same of some columns only, by their places.
Table table_of(const CsvRows& csv, const std::vector<int>& columns);

/// What a column of a stranger's file looks like, for choosing target and secret.
struct CsvColumn {
  std::string name;
  bool numeric = false;
  int missing = 0;                  ///< rows without a value
  int distinct = 0;                 ///< different values
  std::vector<std::string> values;  ///< the first 20 of them, in order
};
struct CsvSchema {
  int rows = 0;
  std::vector<CsvColumn> columns;
};
/// Reads `text` whole and says what is in it. Throws Error as parse_csv and table_of do.
CsvSchema describe_csv(std::string_view text, const std::string& file = "the file");

}  // namespace mid
