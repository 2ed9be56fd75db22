// What people hand in as a table though it is none, and tables whose columns are kept apart in other ways.
#include <catch2/catch_test_macros.hpp>

#include "check_error.hpp"
#include "mid/data/csv.hpp"

using namespace mid;
using namespace std::string_literals;

TEST_CASE("a file of another program is called by its kind") {
  const struct {
    std::string bytes, words;
  } files[] = {
      {"PAR1\x15\0"s, "a Parquet file"},
      {"\x1F\x8B\x08\0"s, "a gzip file"},
      {"RDX3\nX\n\0"s, "an R data file"},
      {"X\n\0\0\0\x03"s, "an R data file"},
      {"\x80\x04\x95\0"s, "a Python pickle file"},
      {"\x93NUMPY\x01\0"s, "a NumPy file"},
      {"MATLAB 5.0 MAT-file\0"s, "a MATLAB file"},
      {"<stata_dta><header>\0"s, "a Stata file"},
      {"\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60"s, "a SAS file"},
      {"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"s, "a SAS file"},
      {"ASCII SPSS PORT FILE   "s, "an SPSS file"},
      {"Obj\x01\x04\0"s, "an Avro file"},
      {"ORC\n\0"s, "an ORC file"},
      {"\0\0\x08\x01\0\0"s, "an IDX file"},
      {"\x89PNG\r\n\x1A\n\0"s, "a PNG file"},
      {"data.csv"s + std::string(249, '\0') + "ustar"s, "a tar file"},
      {"a\0,\0b\0\n\0"s, "is UTF-16 text"},
      {"\0a\0,\0b\0\n"s, "is UTF-16 text"},
      {"[\n  {\n    \"age\": 1,\n    \"sex\": \"m\"\n  }\n]\n"s, "is JSON"},
      {"{ \"age\": 1, \"sex\": \"m\" }\n{ \"age\": 2, \"sex\": \"f\" }\n"s, "is JSON"},
      {"[1, 2]\n[3, 4]\n"s, "is JSON"},
      {"<rows>\n<row/>\n</rows>\n"s, "is XML or HTML"},
      {"<!-- saved -->\n<html></html>"s, "is XML or HTML"},
      {"<svg width='1', height='2'/>"s, "is XML or HTML"},
      {"% Iris\n%\n\n@RELATION iris\n"s, "is an ARFF file"},
  };
  for (const auto& [bytes, words] : files) {
    INFO(words);
    CHECK(check_error([&] { parse_csv(bytes, "f.csv"); }, words) == "f.csv");
  }
}

TEST_CASE("a header that begins like another format is a header") {
  for (const std::string header : {"<DATE>,<CLOSE>", "<18,18-65", "[id],[name]", "{id},{name}", "% fat,x"}) {
    INFO(header);
    CHECK(parse_csv(header + "\n1,2\n", "f.csv").columns() == 2);
  }
}

TEST_CASE("the separator is the one that cuts the lines below alike") {
  const CsvRows csv = parse_csv("age;dose, total, mg, day;net, EUR\n31;1,5;2\n40;2,5;3\n", "f.csv");
  CHECK(csv.separator() == ';');
  CHECK(csv.names() == std::vector<std::string>{"age", "dose, total, mg, day", "net, EUR"});
  // Where none does, the most frequent one: the sentence speaks of it.
  check_error([] { parse_csv("a,b,c;d\n1,2\n", "f.csv"); }, "line 2 has 2 fields; the first line has 3");
  CHECK(parse_csv("a,b,\"c;d;e;f\"\n1,2,3,\n4,5,6,\n", "f.csv").separator() == ',');
}

TEST_CASE("columns that are kept apart by something else are said to be one field") {
  for (const std::string text :
       {"age   sex outcome\n 31   m   yes\n  4   f   no\n", "\"age\" \"sex\"\n\"1\" 31 \"m\"\n\"2\" 40 \"f\"\n", "age^sex\n31^m\n40^f\n",
        "age\x01sex\n31\x01m\n40\x01"
        "f\n",
        "age:sex\n31:m\n"}) {
    INFO(text);
    check_error([&] { parse_csv(text, "f.csv"); }, "line 1 has one field");
  }
  check_error([] { parse_csv("\"age,sex\"\n\"31,m\"\n", "f.csv"); }, "line 1 stands in quotes as a whole");
  CHECK(parse_csv("first name\nAnna Maria Luise\nBo\n", "f.csv").columns() == 1);
}

TEST_CASE("values in the place of names are said to be values, also where two are alike") {
  check_error([] { parse_csv("63,7.66,0,0\n40,1.5,1,0\n", "f.csv"); }, "the first line must name the columns");
  check_error([] { parse_csv("age,x,y,x\n40,1.5,1,0\n", "f.csv"); }, "columns 2 and 4 both \"x\"");
}
