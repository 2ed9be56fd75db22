// Numbers of everyday writing, cell by cell and column by column.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include "check_error.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/csv_number.hpp"

using namespace mid;

namespace {

std::string column(const std::vector<std::string>& cells, const char* separator = ";") {
  std::string text = std::string("x") + separator + "k\n";
  for (const std::string& cell : cells) text += cell + separator + "k\n";
  return text;
}

std::vector<double> numbers(const CsvTable& read, int c = 0) {
  const auto values = read.table.values.col(c);
  return {values.begin(), values.end()};
}

/// How a file with the columns x and k is understood, both columns used.
std::vector<std::string> warnings_of(const std::string& text) {
  const CsvRows csv = parse_csv(text, "f");
  return sentences_in("en", reading_warnings(csv, read_table(csv), {0, 1}));
}

bool says(const std::vector<std::string>& sentences, const std::string& words) {
  return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& s) { return s.find(words) != s.npos; });
}

}  // namespace

TEST_CASE("a cell says which decimal mark it may have") {
  const struct {
    const char* cell;
    Decimal decimal;
    double point, comma;
  } cases[] = {{"12", Decimal::any, 12, 12},
               {"-1e3", Decimal::any, -1000, -1000},
               {"1 234", Decimal::any, 1234, 1234},
               {"12'345", Decimal::any, 12345, 12345},
               {"1.5", Decimal::point, 1.5, 0},
               {".5", Decimal::point, .5, 0},
               {"1.5e-3", Decimal::point, .0015, 0},
               {"1,234.5", Decimal::point, 1234.5, 0},
               {"1,234,567", Decimal::point, 1234567, 0},
               {"0.123", Decimal::point, .123, 0},
               {"1,5", Decimal::comma, 0, 1.5},
               {",5", Decimal::comma, 0, .5},
               {"1,5E+3", Decimal::comma, 0, 1500},
               {"1.234,5", Decimal::comma, 0, 1234.5},
               {"1.234.567", Decimal::comma, 0, 1234567},
               {"0,123", Decimal::comma, 0, .123},
               {"12 345,6", Decimal::comma, 0, 12345.6},
               {"1,234", Decimal::either, 1234, 1.234},
               {"1.234", Decimal::either, 1.234, 1234},
               {"\xE2\x88\x92"
                "7",
                Decimal::any, -7, -7},
               {"(7)", Decimal::any, -7, -7},
               {"5 %", Decimal::any, 5, 5},
               {"$-5", Decimal::any, -5, -5},
               {"-$1,234.50", Decimal::point, -1234.5, 0},
               {"12,50 \xE2\x82\xAC", Decimal::comma, 0, 12.5},
               {"EUR 3", Decimal::any, 3, 3}};
  for (const auto& [cell, decimal, point, comma] : cases) {
    INFO(cell);
    const CellNumber number = read_number(cell);
    CHECK(number.decimal == decimal);
    if (decimal != Decimal::comma) CHECK(number.by_point == point);
    if (decimal != Decimal::point) CHECK(number.by_comma == comma);
  }
  for (const char* text : {"",    "-",    "abc", "1-2", "12:30", "2024-01-05", "01.02.2024", "1,23,4", "12 34", "1.2.3", "1e400",
                           "inf", "0x10", "4+",  "<5",  "Q1",    "5 kg",       "(5",         "%",      "--1",   "1,",    "007,5,"}) {
    INFO(text);
    CHECK(read_number(text).decimal == Decimal::none);
  }
}

TEST_CASE("decimal commas and thousands are recognised by column, with a sentence") {
  const CsvTable comma = read_table(parse_csv(column({"33,1", "1.234,5", "7", "-0,25"}), "f"));
  CHECK(comma.table.columns[0].numeric);
  CHECK(numbers(comma) == std::vector{33.1, 1234.5, 7., -.25});
  CHECK(says(warnings_of(column({"33,1", "1.234,5", "7", "-0,25"})), "a comma is read as the decimal mark in \"x\""));
  const CsvTable thousands = read_table(parse_csv(column({"\"4,879.82\"", "950", "\"7,126\""}, ","), "f"));
  CHECK(numbers(thousands) == std::vector{4879.82, 950., 7126.});
  CHECK(says(warnings_of(column({"\"4,879.82\"", "950", "\"7,126\""}, ",")), "thousands separators are read in \"x\""));
  CHECK(numbers(read_table(parse_csv(column({"12 345", "950", "7 126,5"}), "f"))) == std::vector{12345., 950., 7126.5});
  CHECK(read_table(parse_csv(column({"1,5", "1.5", "2.5"}), "f"))
            .problem[0]
            .with("field", "f")
            .in("en")
            .find("f line 2, column 1 (\"x\") says \"1,5\", but 2 of the 3 cells of that column are numbers with a decimal point;") == 0);
}

TEST_CASE("where a column leaves its decimal mark open the others say, then the separator, then nobody") {
  // 1,234 beside decimal points is a thousand, beside decimal commas it is not; and 1.234 the other way round.
  CHECK(numbers(read_table(parse_csv("a;b\n1,234;1.5\n2,000;2.5\n", "f"))) == std::vector{1234., 2000.});
  CHECK(numbers(read_table(parse_csv("a;b\n1,234;1,5\n2,000;2,5\n", "f"))) == std::vector{1.234, 2.});
  CHECK(numbers(read_table(parse_csv("a;b\n1.234;1,5\n950;2,5\n", "f"))) == std::vector{1234., 950.});
  CHECK(numbers(read_table(parse_csv("a;b\n1.234;x\n2.000;y\n", "f"))) == std::vector{1.234, 2.});
  CHECK(numbers(read_table(parse_csv("a,b\n\"1,234\",x\n950,y\n", "f"))) == std::vector{1234., 950.});
  const CsvTable open = read_table(parse_csv("a;b\n1,234;x\n2,000;y\n", "f"));
  CHECK(
      open.problem[0].with("field", "f").in("en").find("f line 2, column 1 (\"a\") says \"1,234\", which may have thousands or decimals") ==
      0);
  CHECK(open.problem[1].empty());
  CHECK(numbers(read_table(parse_csv("a;b\n1,234;x\n2,000;y\n", "f"), {{}, {}, "comma"})) == std::vector{1.234, 2.});
  CHECK(numbers(read_table(parse_csv("a;b\n1,234;x\n2,000;y\n", "f"), {{}, {}, "point"})) == std::vector{1234., 2000.});
}

TEST_CASE("percent and currency signs are left away where every number has the same") {
  const CsvTable percent = read_table(parse_csv(column({"33.1%", "5 %", "", "-2%"}), "f"));
  CHECK(percent.table.columns[0].numeric);
  CHECK(percent.table.values(1, 0) == 5);
  CHECK(std::isnan(percent.table.values(2, 0)));
  CHECK(says(warnings_of(column({"33.1%", "5 %", "", "-2%"})), "without their % in \"x\""));
  CHECK(numbers(read_table(parse_csv(column({"$5", "6", "7"}), "f"))) == std::vector{5., 6., 7.});
  CHECK(read_table(parse_csv(column({"$5", "6 \xE2\x82\xAC", "$7"}), "f"))
            .problem[0]
            .with("field", "f")
            .in("en")
            .find("f line 3, column 1 (\"x\") says \"6 \xE2\x82\xAC\", but 2 of the 3 cells of that column are numbers with $;") == 0);
  CHECK(read_table(parse_csv(column({"5%", "6", "7"}), "f"))
            .problem[0]
            .with("field", "f")
            .in("en")
            .find("f line 2, column 1 (\"x\") says \"5%\", but 2 of the 3") == 0);
}

TEST_CASE("the odd cell among numbers is named, with the ways out; among fewer numbers it is a category, with a sentence") {
  std::vector<std::string> cells(20, "3.5");
  for (const char* odd : {"abc", "inf", "1e400", "4+", "none"}) {
    cells[4] = odd;
    INFO(odd);
    const CsvTable read = read_table(parse_csv(column(cells), "f"));
    CHECK(read.problem[0].with("field", "f").in("en") ==
          "f line 6, column 1 (\"x\") says \"" + std::string(odd) +
              "\", but 19 of the 20 cells of that column are numbers; correct it or remove its line, or list the text in data.missing, or "
              "the column in data.categories or data.drop");
    CHECK(read_table(parse_csv(column(cells), "f"), {{odd}, {}, "auto"}).table.columns[0].missing == 1);
    CHECK(read_table(parse_csv(column(cells), "f"), {{}, {"x"}, "auto"}).table.columns[0].categories.size() == 2);
    check_error([&] { table_of(parse_csv(column(cells), "f")); }, "line 6, column 1");
  }
  for (std::size_t i = 0; i < 3; ++i) cells[i] = "abc";
  const CsvTable mixed = read_table(parse_csv(column(cells), "f"));
  CHECK(mixed.problem[0].empty());
  CHECK(!mixed.table.columns[0].numeric);
  CHECK(says(warnings_of(column(cells)), "column \"x\" is read as categories: 16 of its 20 cells are numbers, but not \"abc\" on line 2"));
}

TEST_CASE("dates are categories, with a sentence") {
  CHECK(says(warnings_of(column({"2024-01-31", "2024-02-01", "2023-12-24"})),
             "dates and times are read as categories, one for each, in \"x\""));
  CHECK(says(warnings_of(column({"31.1.2024 10:30", "1.2.2024 11:00", "24.12.2023 9:00"})), "dates and times are read"));
  CHECK(says(warnings_of(column({"1/31/24", "2/1/24", "12/24/23"})), "dates and times are read"));
  CHECK(says(warnings_of(column({"08:30", "9:15", "23:59:59"})), "dates and times are read"));
  CHECK(says(warnings_of(column({"8:30 AM", "9:15 PM", "11:59 PM"})), "dates and times are read"));
  CHECK(says(warnings_of(column({"1-Jan-20", "24-Dec-2023", "3/March/21"})), "dates and times are read"));
  CHECK(!says(warnings_of(column({"1:2", "a:30", "12:3x"})), "dates and times are read"));
  CHECK(!says(warnings_of(column({"1-x-2", "1-Jan", "Jan-1-20x"})), "dates and times are read"));
  CHECK(!says(warnings_of(column({"1-2", "a-b-c", "1.2.x"})), "dates and times are read"));
  CHECK(!says(warnings_of(column({"100-10-1000", "555-01-1234", "123-45-6789"})),
              "dates and times are read"));  // numbers of people, of telephones
  CHECK(!says(warnings_of(column({"2024-2023-01", "1-123-24", "1-2-345"})), "dates and times are read"));
}

TEST_CASE("the usual spellings of a missing value are missing, with a sentence, and a specification adds some") {
  for (const std::string& spelling : missing_spellings()) {
    INFO(spelling);
    const std::string text = "x;k\n1.5;a\n\"" + spelling + "\";b\n2.5;c\n";
    const CsvTable read = read_table(parse_csv(text, "f"));
    CHECK(read.table.columns[0].numeric);
    CHECK(read.table.columns[0].missing == 1);
    CHECK(says(warnings_of(text), "count as missing") == !(spelling.empty() || spelling == "?" || spelling == "NA"));
    if (!spelling.empty()) CHECK(read_table(parse_csv(text, "f"), {{}, {"x"}, "auto", {spelling}}).table.columns[0].missing == 0);
  }
  const CsvTable coded = read_table(parse_csv("x;k\n1.5;a\n-99.0;unknown\n2.5;c\n", "f"), {{"-99", "unknown"}, {}, "auto"});
  CHECK(coded.table.columns[0].missing == 1);
  CHECK(coded.table.columns[1].missing == 1);
  for (const char* value : {"none", "no", "0", "missing", "unknown", "n", "x"}) CHECK(!is_missing(value));
}

TEST_CASE("points that may be of thousands are asked about, unless something tells") {
  const auto asked = [](const std::vector<std::string>& cells, const char* separator = ";") {
    return !read_table(parse_csv(column(cells, separator), "f")).problem[0].empty();
  };
  const std::vector<std::string> mixed{"950", "1.200", "12.500"};
  CHECK(read_table(parse_csv(column(mixed), "f")).problem[0].with("field", "f").in("en") ==
        "f line 3, column 1 (\"x\") says \"1.200\", which may have thousands or decimals behind its mark; say which mark is before "
        "decimals by data.decimal, point or comma, or write the numbers without marks of thousands");
  CHECK(!asked({"1.200", "12.500", "3.100"}));  // a matter of unit
  CHECK(asked(mixed, "\t"));
  CHECK(!asked(mixed, ","));                // the comma separates, so the point is before decimals
  CHECK(!asked({"950", "1.200", "1250"}));  // thousands would have been 1.250
  CHECK(!asked({"950", "1.200", "0.500"}));
  CHECK(!asked({"950", "1.200", "1.200.000"}));
  CHECK(numbers(read_table(parse_csv(column(mixed), "f"), {{}, {}, "comma"})) == std::vector<double>{950, 1200, 12500});
  CHECK(numbers(read_table(parse_csv(column(mixed), "f"), {{}, {}, "point"})) == std::vector<double>{950, 1.2, 12.5});
  // Another column has decimal commas, or decimal points.
  CHECK(numbers(read_table(parse_csv("x;k\n950;1,5\n1.200;2,5\n", "f"))) == std::vector<double>{950, 1200});
  CHECK(numbers(read_table(parse_csv("x;k\n950;1.5\n1.200;2.5\n", "f"))) == std::vector<double>{950, 1.2});
}

TEST_CASE("beside a plus the minus is a finding and not a gap") {
  const std::string text = column({"+", "-", "++", "-", "?"});
  const CsvTable read = read_table(parse_csv(text, "f"));
  CHECK(read.table.columns[0].categories == std::vector<std::string>{"+", "++", "-"});
  CHECK(read.table.columns[0].missing == 1);
  CHECK(warnings_of(text).empty());
  CHECK(read_table(parse_csv(text, "f"), {{"-"}, {}, "auto"}).table.columns[0].missing == 3);
}
