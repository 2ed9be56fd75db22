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
  std::string_view cell(int row, int column) const {
    return cells_[static_cast<std::size_t>(row) * names_.size() + static_cast<std::size_t>(column)];
  }
  /// The line of the file on which a row begins, from 1.
  int line(int row) const { return lines_[static_cast<std::size_t>(row)]; }
  /// Of the header; "column 3" where it has no name or is absent.
  const std::vector<std::string>& names() const { return names_; }
  /// The place of the column called `name`; throws Error listing the existing ones.
  int column(const std::string& name) const;
  /// Whether the header names the column.
  bool named(int column) const { return named_[static_cast<std::size_t>(column)]; }
  const std::string& file() const { return file_; }
  /// The line that names the columns, from 1; without a header the first one.
  int header_line() const { return header_line_; }
  /// What stands between the cells.
  char separator() const { return separator_; }
  /// What was passed over: comment lines above the header, a field too many in every row.
  const std::vector<Message>& warnings() const { return warnings_; }

 private:
  friend CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header);
  std::string file_;
  char separator_ = ',';
  int header_line_ = 1;
  std::vector<std::string> names_;
  std::vector<Message> warnings_;
  std::vector<bool> named_;
  std::vector<std::string_view> cells_;
  std::vector<int> lines_;
  std::deque<std::string> unquoted_;  // cells with doubled quotes, which stand nowhere in the text as such
};

/// Cuts a text into cells. The separator is the comma, semicolon, tab or bar that cuts the first lines into as many fields each,
/// where none or several do that of most fields in the first, or the one that a line "sep=;" above it names; fields may be quoted, with
/// separators, doubled quotes and line ends inside; lines end in LF, CRLF or CR; a byte order mark, blank lines and the control-Z of old
/// systems are skipped, and so are lines that begin with # above the header (with a warning) unless they have as many fields as the line
/// below; blanks around cells are cut off. One empty field more in every row than in the header is passed over with a warning. Throws Error
/// naming `file`, line and column: ragged row, open quote, text behind a quote, a field above 65,536 bytes, a title above the header, no
/// header, no rows, two columns of one name, several lines of names, names in single quotes, the header again among the rows, bytes that
/// are no table (zero bytes, a web page, a spreadsheet, UTF-16 without its mark, ...).
CsvRows parse_csv(std::string_view text, std::string file, CsvHeader header = CsvHeader::present);

/// A decimal number ("-1.5e3", "+2", ".5"), the same in every locale; nothing else, no "inf", no hexadecimal.
std::optional<double> parse_number(std::string_view text);

/// The spellings of "no value": empty, ?, NA, N/A, NULL, None, NaN, -, ., #N/A and their kin.
const std::vector<std::string>& missing_spellings();
/// Whether a cell is one of them.
bool is_missing(std::string_view cell);

/// A stranger's file as text.
struct CsvText {
  std::string text;
  std::vector<Message> warnings;  ///< what was changed to make it so
};
/// `bytes` as UTF-8 that can be typed: UTF-16 with its byte order mark is read; each byte that is no UTF-8 is read as Windows-1252,
/// with a warning; blanks of other widths and that do not break become blanks, characters that nobody sees (soft hyphens, marks of
/// direction) go, a letter with its accent behind it (as macOS writes names of files) becomes one, and U+0085, U+2028 and U+2029 end
/// lines where nothing else does. What has zero bytes is no text and stays as it is, for parse_csv to refuse.
CsvText as_utf8(std::string bytes);

/// A stranger's CSV file as text for parse_csv: gzip is taken off, the bytes become UTF-8 (as_utf8). Throws Error naming
/// data.csv when it cannot be read, is no file (a folder, a device) or has more than 2^28 bytes.
CsvText open_csv(const std::string& path);
/// The text alone.
std::string read_csv_text(const std::string& path);

/// What is wrong with the file that data.csv names, as an error of that field.
Error unusable_csv(const Error& error);

/// What a specification says about the cells of a stranger's file.
struct CsvReading {
  std::vector<std::string> missing;       ///< further spellings of "no value"
  std::vector<std::string> categories;    ///< columns whose cells are texts, whatever they hold
  std::string decimal = "auto";           ///< the mark before a number's decimals: point, comma, or auto: found column by column
  std::vector<std::string> present = {};  ///< texts that are values although they are among missing_spellings()
};

/// How the cells of a column were understood, where that is not plain.
struct ColumnReading {
  Message mixed;         ///< numbers among texts that were read as categories; empty: not so
  bool comma = false;    ///< the comma was read as the decimal mark
  bool grouped = false;  ///< thousands separators were left out
  bool dates = false;    ///< dates or times of day were read as categories
  std::string sign;      ///< the percent or currency sign that was left out; empty: none
  std::string padded;    ///< numbers of as many digits each were read, some with leading zeros, such as this one; empty: not so
};

/// A table as it was read.
struct CsvTable {
  Table table;
  std::vector<ColumnReading> reading;  ///< of each column
  std::vector<Message> problem;        ///< each column: why it cannot be used as it is, one sentence with the way out; empty: it can
};

/// The whole as a table. A column is numeric if every cell with a value is a number: "-1.5e3"; with a decimal comma or
/// thousands separators, recognised column by column (data.decimal decides where a whole file leaves it open); with a minus
/// of typesetting; with one percent or currency sign in all cells. Where at least 90 % of the cells are numbers the others are
/// a problem, not categories, and so are texts above all numbers, as a second line of names or units has; numbers beyond +-1e30, which no
/// float holds, are one, too. All other columns are categories, sorted by their bytes. Throws Error when `reading` names a column that is
/// not there.
CsvTable read_table(const CsvRows& csv, const CsvReading& reading = {});
/// How the cells of these columns were understood, and what was passed over in the file.
std::vector<Message> reading_warnings(const CsvRows& csv, const CsvTable& read, const std::vector<int>& columns);
/// The table of a file that must have no problem. Throws Error with the first.
Table table_of(const CsvRows& csv);
/// The same of some columns only, by their places.
Table table_of(const CsvRows& csv, const std::vector<int>& columns);

/// What a column of a stranger's file looks like, for choosing target and secret.
struct CsvColumn {
  std::string name;
  bool numeric = false;
  int missing = 0;                  ///< rows without a value
  int distinct = 0;                 ///< different values
  bool names_row = false;           ///< a number or text that only says which row this is (row_ids)
  std::vector<std::string> values;  ///< the first 20 of them, in order
};
struct CsvSchema {
  int rows = 0;
  std::vector<CsvColumn> columns;
};
/// Reads `text` whole and says what is in it. Throws Error as parse_csv and table_of do.
CsvSchema describe_csv(std::string_view text, const std::string& file = "the file");

}  // namespace mid
