#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>

#include "check_error.hpp"
#include "mid/data/csv.hpp"

using namespace mid;

namespace {

std::vector<std::string> cells(const std::string& text) {
  const CsvRows csv = parse_csv(text, "f.csv");
  std::vector<std::string> out;
  for (int r = 0; r < csv.rows(); ++r)
    for (int c = 0; c < csv.columns(); ++c) out.emplace_back(csv.cell(r, c));
  return out;
}
using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("a plain table is cut into its cells") {
  const std::string text = "a,b\n1,x\n2,y\n";
  const CsvRows csv = parse_csv(text, "f.csv");
  CHECK(csv.names() == Cells{"a", "b"});
  CHECK(csv.rows() == 2);
  CHECK(csv.cell(1, 1) == "y");
  CHECK(csv.line(1) == 3);
  CHECK(csv.column("b") == 1);
}

TEST_CASE("line ends, blanks, blank lines and a byte order mark make no difference") {
  const Cells want{"1", "x", "2", "y"};
  CHECK(cells("a,b\r\n1,x\r\n2,y\r\n") == want);
  CHECK(cells("a,b\r1,x\r2,y") == want);
  CHECK(cells("\xEF\xBB\xBF"
              "a,b\n1,x\n2,y") == want);
  CHECK(cells("\n a , b\n\n 1,x \n2,\ty\n\n\n") == want);
  CHECK(parse_csv("\xEF\xBB\xBF"
                  "a,b\n1,2",
                  "f")
            .names()[0] == "a");
}

TEST_CASE("semicolons and tabs separate where the header uses them") {
  CHECK(cells("a;b\n1,5;x") == Cells{"1,5", "x"});
  CHECK(cells("a\tb\n1\t") == Cells{"1", ""});
  CHECK(cells("\"a;b;c\",b\n1,2") == Cells{"1", "2"});
}

TEST_CASE("quoted fields keep separators, doubled quotes and line ends") {
  CHECK(cells("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n") == Cells{"x,y", "say \"hi\""});
  CHECK(cells("a,b\n\"x\ny\",2\n") == Cells{"x\ny", "2"});
  CHECK(cells("a,b\n\"\",\"\"\"\"\n") == Cells{"", "\""});
  CHECK(cells("a,b\n5\" pipe,2\n") == Cells{"5\" pipe", "2"});
  const CsvRows csv = parse_csv("a,b\n\"x\r\ny\",2\n3,4\n", "f");
  CHECK(csv.line(1) == 4);
}

TEST_CASE("a table of one quoted empty cell is a row, a blank line is not") { CHECK(cells("a\n\"\"\n\n1\n") == Cells{"", "1"}); }

TEST_CASE("without a header the first line is data and columns are numbered") {
  const CsvRows csv = parse_csv("1,2\n3,4", "f", CsvHeader::absent);
  CHECK(csv.rows() == 2);
  CHECK(csv.names() == Cells{"column 1", "column 2"});
}

TEST_CASE("what is wrong with a CSV file is said with line and column") {
  const std::string huge(70'000, 'x');
  const struct {
    std::string text, words;
  } bad[] = {
      {"", "is empty"},
      {"\n\n  \n", "is empty"},
      {"\xEF\xBB\xBF", "is empty"},
      {"a,b\n", "no rows"},
      {"a,b\n1,2\n3\n", "line 3 has 1 fields; the first line has 2"},
      {"a,b\n1,2,3\n", "line 2 has 3 fields"},
      {"a,b\n\"x\ny\",2\n1\n", "line 4 has 1 fields"},
      {"a,b,a\n1,2,3\n", "columns 1 and 3 both \"a\""},
      {"a,b\n1,\"x\n2,3\n", "line 2, column 2 opens a quote"},
      {"a,b\n1,\"x\"y\n", "line 2, column 2 has text behind a closing quote"},
      {"a,b\n1," + huge + "\n", "line 2, column 2 is a field of more than 65536 bytes"},
      {"a,b\n1,\"" + huge + "\"\n", "line 2, column 2 is a field of more than 65536 bytes"},
      {std::string("a,b\n1,\0\n", 8), "is not text: byte 6 is zero"},
      {std::string("PK\x03\x04zip", 7), "spreadsheet"},
      {"\xD0\xCF\x11\xE0old", "spreadsheet"},
      {std::string("\xFF\xFE"
                   "a\0",
                   4),
       "UTF-16"},
      {std::string(20'001, ','), "more than 10000 columns"},
  };
  for (const auto& [text, words] : bad) {
    INFO(text.substr(0, 40));
    CHECK(check_error([&] { parse_csv(text, "f.csv"); }, words) == "f.csv");
  }
}

TEST_CASE("an unknown column is answered with those that exist") {
  const CsvRows csv = parse_csv("a,b\n1,2", "f.csv");
  check_error([&] { csv.column("c"); }, "has no column \"c\"; it has a or b");
}

TEST_CASE("decimal numbers are read exactly, nothing else is") {
  const struct {
    const char* text;
    double value;
  } good[] = {{"0", 0},
              {"7", 7},
              {"-1.5", -1.5},
              {"+2", 2},
              {".5", .5},
              {"5.", 5},
              {"1e3", 1000},
              {"1E-3", .001},
              {"007", 7},
              {"0.1", 0.1},
              {"0.30000000000000004", 0.30000000000000004},
              {"1.7976931348623157e307", 1.7976931348623157e307},
              {"9007199254740993", 9007199254740992.},
              {"123456789012345678", 123456789012345678.},
              {"2.2250738585072014e-308", 2.2250738585072014e-308},
              {"1e-999999999", 0},
              {"-0.0", 0},
              {"0e99999", 0},
              {"3.141592653589793238462643", 3.141592653589793},
              {"8.5e-17", 8.5e-17}};
  for (const auto& [text, value] : good) {
    INFO(text);
    REQUIRE(parse_number(text));
    CHECK(*parse_number(text) == value);
  }
  for (const char* text :
       {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "inf", "-inf", "nan", "1,5", "1 2", "1f", "--1", "1e999", "١"}) {
    INFO(text);
    CHECK(!parse_number(text));
  }
}

TEST_CASE("a column is numeric when every value is a number, missing ones aside") {
  const std::string text = "n,c,m,e\n1,x,1,\n?,y,b,\n2.5,NA,,NA\n";
  const Table table = table_of(parse_csv(text, "f"));
  CHECK(table.columns[0].numeric);
  CHECK(table.columns[0].missing == 1);
  CHECK(std::isnan(table.values(1, 0)));
  CHECK(table.values(2, 0) == 2.5);
  CHECK(!table.columns[1].numeric);
  CHECK(table.columns[1].categories == Cells{"x", "y"});
  CHECK(table.columns[1].missing == 1);
  CHECK(table.columns[2].categories == Cells{"1", "b"});
  CHECK(table.columns[3].missing == 3);
  CHECK(!table.columns[3].numeric);
}

TEST_CASE("categories are sorted, whatever the order of the rows") {
  const Table table = table_of(parse_csv("c,d\nz,1\na,1\nm,1\na,1\n", "f"));
  CHECK(table.columns[0].categories == Cells{"a", "m", "z"});
  CHECK(table.values.col(0) == (VectorXd(4) << 2, 0, 1, 0).finished());
}

TEST_CASE("a number that no float holds is refused with its place") {
  check_error([] { table_of(parse_csv("a,b\n1,2\n3,4e30\n", "f.csv")); }, "line 3, column 2 holds 4e30");
}

TEST_CASE("bytes that are no UTF-8 are read as Windows-1252, each for itself, and a sentence says so") {
  CHECK(as_utf8("\x80 \x93q\x94 \x96 \x9F").text == "\xE2\x82\xAC \xE2\x80\x9Cq\xE2\x80\x9D \xE2\x80\x93 \xC5\xB8");
  const CsvText one = as_utf8(
      "gr\xC3\xB6\xC3\x9F"
      "e,b\nn\xF6rth,2\n");
  CHECK(one.text ==
        "gr\xC3\xB6\xC3\x9F"
        "e,b\nn\xC3\xB6rth,2\n");
  REQUIRE(one.warnings.size() == 1);
  CHECK(one.warnings[0].in("en").find("1 byte is read as Windows-1252, the first on line 2") != std::string::npos);
  CHECK(as_utf8("gr\xC3\xB6\xC3\x9F"
                "e")
            .warnings.empty());
  CHECK(as_utf8("caf\xC3\xA9").text == "caf\xC3\xA9");
  CHECK(as_utf8("caf\xE9").text == "caf\xC3\xA9");
  CHECK(as_utf8("\xC0\xAF").text == "\xC3\x80\xC2\xAF");  // overlong
  CHECK(as_utf8("\xED\xA0\x80").text != "\xED\xA0\x80");  // surrogate
  CHECK(as_utf8("\xF0\x9F\x98\x80").text == "\xF0\x9F\x98\x80");
  CHECK(as_utf8("\xF4\x90\x80\x80").text != "\xF4\x90\x80\x80");  // beyond U+10FFFF
  CHECK(as_utf8("x\xE9").text == "x\xC3\xA9");                    // cut off at the end
  CHECK(describe_csv("na\xEFve,b\n1,2").columns[0].name == "na\xC3\xAFve");
}

TEST_CASE("a schema says of each column what it is and what it holds") {
  const CsvSchema schema = describe_csv("age,sex,id\n30,f,1\n40,m,2\n,f,3\n30,f,4\n");
  CHECK(schema.rows == 4);
  REQUIRE(schema.columns.size() == 3);
  CHECK(schema.columns[0].numeric);
  CHECK(schema.columns[0].missing == 1);
  CHECK(schema.columns[0].distinct == 2);
  CHECK(schema.columns[0].values == Cells{"30", "40"});
  CHECK(!schema.columns[1].numeric);
  CHECK(schema.columns[1].values == Cells{"f", "m"});
  std::string many = "a,b\n";
  for (int i = 0; i < 50; ++i) many += std::to_string(i) + ".5,x\n";
  CHECK(describe_csv(many).columns[0].distinct == 50);
  CHECK(describe_csv(many).columns[0].values.size() == 20);
  CHECK(describe_csv(many).columns[0].values[1] == "1.5");
}

TEST_CASE("blanks that do not break are blanks, and letters without width are gone, so that names can be typed") {
  CHECK(as_utf8("outcome\xC2\xA0,a\xE2\x80\xAF"
                "b\n")
            .text == "outcome ,a b\n");
  CHECK(as_utf8("\xEF\xBB\xBF"
                "a\xE2\x80\x8B"
                "b\xEF\xBB\xBF")
            .text ==
        "\xEF\xBB\xBF"
        "ab");
  CHECK(as_utf8("caf\xE9\xA0,b").text == "caf\xC3\xA9 ,b");
  CHECK(describe_csv("outcome\xC2\xA0,b\n\xC2\xA0north,2\n").columns[0].name == "outcome");
}

TEST_CASE("what stands around a table is passed over, or refused with the way out") {
  const Cells want{"1", "x", "2", "y"};
  CHECK(cells("a|b\n1|x\n2|y\n") == want);
  CHECK(cells("sep=;\na;b\n1;x\n2;y\n") == want);
  CHECK(cells("\"sep=|\"\r\na|b\r\n1|x\r\n2|y\r\n") == want);
  CHECK(cells("a,b\n1,x\n2,y\n\x1A") == want);
  CHECK(cells("# exported on Monday\n\n# by ward 7\na,b\n1,x\n2,y\n") == want);
  CHECK(parse_csv("# exported\na,b\n1,x\n", "f").warnings().size() == 1);
  CHECK(parse_csv("# exported\na,b\n1,x\n", "f").line(0) == 3);
  CHECK(parse_csv("#id,b\n1,x\n", "f").names() == Cells{"#id", "b"});
  CHECK(cells("a,b\n1,x,\n2,y,\n") == want);
  CHECK(parse_csv("a,b\n1,x,\n2,y,\n", "f").warnings().size() == 1);
  CHECK(cells("a,b\n=\"1\",x\n2,=\"y\"\n") == want);
  CHECK(cells("a,b\n=1+1,x\n=\"y\"&\"z\",2\n") == Cells{"=1+1", "x", "=\"y\"&\"z\"", "2"});
  CHECK(parse_csv(",b\n1,x\n", "f").named(1));
  CHECK(!parse_csv(",b\n1,x\n", "f").named(0));
  const struct {
    std::string text, words;
  } bad[] = {
      {"a,b\n1,x,\n2,y,z\n", "line 3 has 3 fields"},
      {"a,b\n1,x,\n2,y\n", "line 3 has 2 fields"},
      {"a,b\n1,x\n2,y,\n", "line 3 has 3 fields"},
      {"a,b\n1,x\n# the end\n", "if it is a comment, remove it"},
      {"Report of ward 7\na,b\n1,x\n", "line 1 has one field and the lines below have 2; if it is a title"},
      {"Report\n\na;b;c\n1;2;3\n", "line 1 has one field and the lines below have 3"},
      {"Report,,\na,b,c\n1,2,3\n", "line 1 names one of 3 columns; if it is a title"},
      {"a b\n1 2\n3 4\n", "separate the columns by commas, semicolons, tabs or bars"},
      {"\n <!doctype HTML>\n<html>", "is a web page"},
      {"\xEF\xBB\xBF<html><body>", "is a web page"},
      {"<?xml version=\"1.0\"?><a/>", "is XML or HTML"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"},
      {"[{\"a\": 1}]", "is JSON"},
      {"{\"a\": 1}", "is JSON"},
      {"%PDF-1.7", "a PDF or RTF document"},
      {std::string("PAR1\0\0", 6), "a Parquet file"},
      {"@RELATION people\n@ATTRIBUTE age NUMERIC\n", "ARFF"},
  };
  for (const auto& [text, words] : bad) {
    INFO(text);
    CHECK(check_error([&] { parse_csv(text, "f.csv"); }, words) == "f.csv");
  }
}

TEST_CASE("no prefix of a file and no flipped byte makes the reader crash") {
  const std::string text = "a,\"b\"\"c\",d\r\n1,\"x\ny\",\xE9\n2,,NA\n";
  for (std::size_t n = 0; n <= text.size(); ++n) try {
      describe_csv(text.substr(0, n));
    } catch (const Error&) {
    }
  for (std::size_t at = 0; at < text.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      try {
        describe_csv(changed);
      } catch (const Error&) {
      }
    }
  SUCCEED();
}
