// Tables as other programs, countries and people write them.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>

#include "check_error.hpp"
#include "folder.hpp"
#include "load.hpp"
#include "mid/data/csv.hpp"
#include "mid/data/csv_number.hpp"
#include "mid/data/own_suspects.hpp"

using namespace mid;

namespace {

using Names = std::vector<std::string>;
constexpr int kRows = 40;

/// A table of an age, a sex, and a column `name` with `cell` of each row, in which y is to be predicted.
std::string table(const std::string& name, const std::function<std::string(int)>& cell) {
  std::string text = "age,sex," + name + ",y\n";
  for (int i = 0; i < kRows; ++i) text += std::to_string(20 + i % 17) + (i % 2 ? ",m," : ",f,") + cell(i) + (i % 3 ? ",yes\n" : ",no\n");
  return text;
}

Data read(const std::string& text, Json more = Json::object()) {
  const Folder folder;
  more["csv"] = folder.write("t.csv", text);
  if (!more.contains("target")) more["target"] = "y";
  if (!more.contains("sensitive")) more["sensitive"] = "sex";
  return load("csv", more);
}

bool says(const Data& data, const std::string& words) {
  const Names said = sentences_in("en", data.warnings);
  return std::any_of(said.begin(), said.end(), [&](const std::string& s) { return s.find(words) != s.npos; });
}

double point(const char* cell) {
  const CellNumber number = read_number(cell);
  INFO(cell);
  CHECK((number.decimal == Decimal::point || number.decimal == Decimal::any));
  return number.by_point;
}

}  // namespace

TEST_CASE("numbers of Fortran, SAP, India and other scripts are read") {
  CHECK(point("1.5D+03") == 1500);
  CHECK(point("-0.25d-01") == -.025);
  CHECK(read_number("1,5D+03").by_comma == 1500);
  CHECK(point("1,234.56-") == -1234.56);
  CHECK(read_number("1.234,56-").by_comma == -1234.56);
  CHECK(point("12,34,567.5") == 1234567.5);
  CHECK(point("1,23,456") == 123456);
  CHECK(point("'18") == 18);
  CHECK(point("\u0664\u0662") == 42);  // Arabic
  CHECK(point("\u06F4\u06F2") == 42);  // Persian
  CHECK(point("\u0661\u066C\u0662\u0663\u0664\u066B\u0665") == 1234.5);
  CHECK(read_number("\u0661\u066B\u0662\u0663\u0664").by_comma == 1.234);  // its own mark, whatever the column's is
  CHECK(point("\uFF0D\uFF11\uFF12\uFF0E\uFF15") == -12.5);                 // full width
  CHECK(point("US$ 12.50") == 12.5);
  CHECK(point("12.50 kr") == 12.5);
  CHECK(kNumberSigns[static_cast<std::size_t>(read_number("R$ 12.50").sign)] == "R$");
  for (const char* text : {"1D2", "D+03", "2-", "12-", "1,2,3", "1,23,45", "123,45,678", "''5"}) {
    INFO(text);
    CHECK(read_number(text).decimal == Decimal::none);
  }
}

TEST_CASE("days with the name of their month are dates") {
  for (const char* date : {"Jan 31, 2024", "31 January 2024", "31. J\u00E4nner 2024", "31JAN2024", "31JAN2024:08:05:00", "31JAN24",
                           "Wed, 31 Jan 2024 08:05"}) {
    INFO(date);
    CHECK(is_date(date));
  }
  for (const char* text : {"Jan 31", "31 2024", "Room 5", "5 10 2024", "12 mg", "a b c", "January", "1 2 x 2024"}) {
    INFO(text);
    CHECK(!is_date(text));
  }
}

TEST_CASE("UTF-16 behind its mark is read, and lines may end in U+2028 or U+0085 where nothing else ends them") {
  const std::u16string wide = u"\uFEFFa\tb\r\n1\t\u00FC\U0001F600\r\n";
  std::string little, big;
  for (const char16_t c : wide) {
    little += static_cast<char>(c & 0xFF), little += static_cast<char>(c >> 8);
    big += static_cast<char>(c >> 8), big += static_cast<char>(c & 0xFF);
  }
  CHECK(as_utf8(little).text == "a\tb\r\n1\t\u00FC\U0001F600\r\n");
  CHECK(as_utf8(big).text == as_utf8(little).text);
  CHECK(as_utf8(little + "x").text == little + "x");  // half a letter
  CHECK(as_utf8(std::string("\xFF\xFE\0\xD8", 4)).text.size() == 4);
  CHECK(as_utf8("a,b\u20281,2\u20293,4\u0085").text == "a,b\n1,2\n3,4\n");
  CHECK(as_utf8("a,b\n1,x\u2028y\n").text == "a,b\n1,x y\n");
}

TEST_CASE("NA is a value where data.present lists it, and that it counts as missing is said") {
  const std::string countries = table("country", [](int i) { return i % 4 ? "DE" : "NA"; });
  CHECK(read(countries).set.input_names == Names{"age", "sex=m", "country=?"});
  CHECK(says(read(countries), "cells that say \"NA\" (10) count as missing; where one of these is a value, list it in data.present"));
  const Data kept = read(countries, {{"present", {"NA"}}});
  CHECK(kept.set.input_names == Names{"age", "sex=m", "country=NA"});
  CHECK(!says(kept, "count as missing"));
  CHECK(read(countries, {{"present", {"NA"}}, {"sensitive", "country"}}).set.secret->values == Names{"DE", "NA"});
  CHECK(!says(read(table("dose", [](int i) { return i % 4 ? "1.5" : "NA"; })), "count as missing"));  // plain in a column of numbers
}

TEST_CASE("a second line of names or units is called so") {
  const std::string text = table("income", [](int i) { return std::to_string(1000 + i * i); });
  const auto below = [&](const std::string& line) { return std::string(text).insert(text.find('\n') + 1, line); };
  CHECK(check_error([&] { read(below("(years),,EUR,\n")); }, "line 2, column 1 (\"age\") says \"(years)\", and no column of numbers has") ==
        "data.csv");
  check_error([&] { read(below("---:,---,---:,---\n")); }, "if it is a second line of names or units, remove it");
  // One cell of the first row is wrong, another is right.
  check_error([&] { read(below("old,f,1000,no\n")); }, "of that column are numbers; correct it");
  // Of few rows, too, where one text among them is more than a tenth.
  check_error([] { read("age,sex,y\nyears,,\n1,f,a\n2,m,b\n3,f,a\n4,m,b\n5,f,a\n"); }, "second line of names");
  check_error([] { parse_csv(",age,inc,inc\n,mean,mean,std\ntown,,,\nUlm,5,2,3\n", "f"); }, "if names stand in several lines");
  check_error([] { parse_csv("a,b,a\n1,2,3\n", "f"); }, "every column needs a name of its own");
  check_error([] { parse_csv("a,b,a\nx,y,z\nu,v,w\n", "f"); }, "every column needs a name of its own");
}

TEST_CASE("the header among the rows and names in single quotes are refused") {
  check_error([] { parse_csv("a,b\nx,y\na,b\nx,z\n", "f"); }, "line 3 is the same as line 1, which names the columns");
  CHECK(parse_csv("a\nx\na\n", "f").rows() == 2);
  CHECK(parse_csv("1,a\n2,b\n1,a\n", "f").rows() == 2);  // no header at all, which others say
  check_error([] { parse_csv("'a','b'\n'1','2'\n", "f"); }, "line 1 has its names in single quotes (\"'a'\")");
  CHECK(parse_csv("'a',b\n1,2\n", "f").names()[0] == "'a'");
}

TEST_CASE("a row of totals is refused where it holds sums, and named where only its word says so") {
  int ages = 0, doses = 0;
  const auto dose = [](int i) { return std::to_string(i * 7 % 11); };
  for (int i = 0; i < kRows; ++i) ages += 20 + i % 17, doses += i * 7 % 11;
  const std::string text = table("dose", dose), sums = std::to_string(ages) + ",," + std::to_string(doses) + ",\n";
  CHECK(check_error([&] { read(text + sums); },
                    "line 42, the last, holds the sum of the rows above in \"age\" and \"dose\"; remove it, or set data.rows to 40") ==
        "data.csv");
  CHECK(read(text + sums, {{"rows", kRows}}).set.rows() == kRows);
  check_error([&] { read(text + std::to_string(ages) + ",Total:,,\n"); }, "holds the sum of the rows above in \"age\"");
  CHECK(read(text + std::to_string(ages) + ",f,1,no\n").set.rows() == kRows + 1);  // one sum without a word may be chance
  CHECK(says(read(text + "30,m,5,Total\n", {{"target", "age"}}), "line 42, the last, says \"Total\"; if it sums up"));
  CHECK(!says(read(table("brand", [](int i) { return i % 2 ? "Total" : "Shell"; })), "Total"));
}

TEST_CASE("columns of merged cells are named, and are no target and no secret") {
  const std::string wards = table("ward", [](int i) { return i % 8 ? "" : std::string(1, static_cast<char>('A' + i / 8)); });
  CHECK(says(read(wards), "in \"ward\" the cells are empty below each text, as merged cells are"));
  CHECK(check_error([&] { read(wards, {{"sensitive", "ward"}}); }, "fill them with the text above") == "data.sensitive");
  CHECK(check_error([&] { read(wards, {{"target", "ward"}}); }, "fill them with the text above") == "data.target");
  CHECK(!says(read(table("note", [](int i) { return i % 8 ? "" : "late"; })), "merged"));
}

TEST_CASE("postcodes and dates without marks are numbers, with a sentence") {
  const auto postcode = [](int i) { return i % 3 ? "01067" : "80331"; };
  CHECK(says(read(table("zip", postcode)), "cells such as \"01067\" in \"zip\" begin with a zero, as postcodes"));
  CHECK(!says(read(table("zip", postcode), {{"categories", {"zip"}}}), "begin with a zero"));
  CHECK(!says(read(table("n", [](int i) { return i % 3 ? "007" : "1234"; })), "begin with a zero"));
  CHECK(!says(read(table("hour", [](int i) { return i % 3 ? "07" : "12"; })), "begin with a zero"));
  CHECK(says(read(table("day", [](int i) { return "202401" + std::to_string(10 + i % 20); })),
             "numbers in \"day\" are dates written as 20240131"));
  CHECK(!says(read(table("n", [](int i) { return "202413" + std::to_string(10 + i % 20); })), "are dates"));
}

TEST_CASE("columns that say nothing are named together") {
  const Data data = read(table("a,b,c,d", [](int) { return ",7,,x"; }));
  CHECK(says(data, "columns \"a\" and \"c\" have no value in any row and are no inputs"));
  CHECK(says(data, "columns \"b\" and \"d\" have the same value in every row and are no inputs"));
}
