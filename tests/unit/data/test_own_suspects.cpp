// What is legal in a stranger's table and yet probably not meant.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>

#include "mid/data/own_suspects.hpp"

using namespace mid;

namespace {

constexpr int kRows = 120;

/// 120 rows of a column `name`, the target y and the secret s, of which only what is said of the first is asked.
std::vector<std::string> said_of(const std::string& name, const std::function<std::string(int)>& value) {
  std::string text = name + ",y,s\n";
  for (int i = 0; i < kRows; ++i) text += "\"" + value(i) + "\"," + (i % 3 ? "a," : "b,") + (i % 5 < 2 ? "f\n" : "m\n");
  const CsvRows csv = parse_csv(text, "f");
  return sentences_in("en", suspects(read_table(csv), {0, 2}, 1, 2));
}

bool says(const std::vector<std::string>& sentences, const std::string& words) {
  return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& s) { return s.find(words) != s.npos; });
}

std::string number(int i) { return std::to_string((i * 37) % 101); }

}  // namespace

TEST_CASE("columns as they should be are not suspected") {
  CHECK(said_of("age", number).empty());
  CHECK(said_of("state", [](int i) { return "state " + std::to_string(i % 24); }).empty());
  CHECK(said_of("bracket", [](int i) { return std::to_string(i % 9 * 10) + "-" + std::to_string(i % 9 * 10 + 9); }).empty());
  CHECK(said_of("dose", [](int i) { return std::to_string(i % 5 * 10) + " mg"; }).empty());      // five categories that are called so
  CHECK(said_of("day", [](int i) { return "2024-01-" + std::to_string(i % 28 + 1); }).empty());  // reading_warnings says so
}

TEST_CASE("texts of which each row has its own are named") {
  CHECK(says(said_of("name", [](int i) { return "Person M" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i / 26); }),
             "in \"name\" few rows share a text"));
  CHECK(says(said_of("pay", [](int i) { return "Fr. " + std::to_string(1000 + 7 * i) + ".-"; }), "in \"pay\" few rows share a text"));
}

TEST_CASE("numbers with a unit are said to be categories, with the unit to leave out") {
  CHECK(says(said_of("age", [](int i) { return std::to_string(20 + i % 60) + " years"; }),
             "column \"age\" is read as categories, one for each text such as \"20 years\"; write its numbers without \"years\""));
  CHECK(says(said_of("weight", [](int i) { return std::to_string(50 + i % 40) + ",5kg"; }), "without \"kg\""));
}

TEST_CASE("numbers that stand for no value in many files are named with how often they come") {
  const auto with = [](const std::string& code) { return [code](int i) { return i % 10 == 0 ? code : number(i); }; };
  CHECK(says(said_of("income", with("-99")), "may stand for no value: -99 (\"income\", 12)"));
  CHECK(says(said_of("income", with("999")), "999 (\"income\", 12)"));
  CHECK(says(said_of("income", [](int i) { return i % 10 == 0   ? "-99"
                                                  : i % 10 == 1 ? "-88"
                                                                : number(i); }),
             "-99 (\"income\", 12), -88 (\"income\", 12)"));
  CHECK(said_of("income", [](int i) { return i == 5 ? "999" : number(i); }).empty());     // one is a value
  CHECK(said_of("income", [](int i) { return std::to_string(900 + i % 100); }).empty());  // 999 is one of many
  CHECK(said_of("balance", [](int i) { return i % 10 == 0 ? "-99" : std::to_string(i - 60); }).empty());
  CHECK(said_of("score", [](int i) { return i % 2 ? "-9" : "3"; }).empty());  // too few values to tell
}

TEST_CASE("a number for no value is told among larger ones by how often it comes") {
  CHECK(says(said_of("income", [](int i) { return i % 10 == 0 ? "9999" : std::to_string(1000 + 731 * i); }), "9999 (\"income\", 12)"));
  CHECK(said_of("income", [](int i) { return i == 3 ? "9999" : std::to_string(1000 + 731 * i); }).empty());
  CHECK(said_of("shift", [](int i) { return std::to_string(90 + i % 12); }).empty());  // each of them comes often
}

TEST_CASE("codes and words for no value are named where they became classes or secrets") {
  const auto said = [](const std::function<std::string(int)>& values) {
    std::string text = "other,v\n";
    for (int i = 0; i < kRows; ++i) text += number(i) + "," + values(i) + "\n";
    const CsvTable read = read_table(parse_csv(text, "f"));
    const std::vector<std::string> as_target = sentences_in("en", suspects(read, {0}, 1, -1)),
                                   as_secret = sentences_in("en", suspects(read, {0, 1}, -1, 1));
    CHECK(as_target == as_secret);
    return as_target;
  };
  const auto coded = [](std::vector<std::string> values) {
    return [values](int i) { return values[static_cast<std::size_t>(i * 7 % 11) % values.size()]; };
  };
  CHECK(says(said(coded({"0", "1", "-9"})), "may stand for no value: -9 (\"v\""));
  CHECK(says(said(coded({"1", "2", "9"})), "9 (\"v\""));
  CHECK(says(said(coded({"1", "2", "-99", "-98", "99"})), "-99 (\"v\""));
  CHECK(says(said(coded({"no", "yes", "k.A."})), "\"k.A.\" (\"v\") may stand for no value"));
  CHECK(says(said(coded({"m", "f", "Not stated"})), "\"Not stated\" (\"v\")"));
  for (const auto& values :
       {std::vector<std::string>{"0", "1"}, {"-1", "1"}, {"1", "2", "3", "4", "5", "6", "7", "8", "9"}, {"-9", "9"}, {"no", "yes"}})
    CHECK(said(coded(values)).empty());
}

TEST_CASE("a column that counts the rows is named, whatever it is called") {
  CHECK(says(said_of("subject", [](int i) { return std::to_string(i + 1); }), "\"subject\" count the rows up one by one"));
  CHECK(says(said_of("X", [](int i) { return std::to_string(i); }), "\"X\" count the rows"));
  CHECK(said_of("year", [](int i) { return std::to_string(1900 + i); }).empty());
  CHECK(said_of("age", [](int i) { return std::to_string(i == 60 ? 59 : i); }).empty());
}

TEST_CASE("numbers of people that come more than once are named") {
  CHECK(says(said_of("patient_id", [](int i) { return std::to_string(1000 + i / 3); }), "come more than once is an input: \"patient_id\""));
  CHECK(says(said_of("patient_id", [](int i) { return std::to_string(1000 + (i == 7 ? 6 : i)); }), "\"patient_id\""));
  CHECK(said_of("visit number", [](int i) { return std::to_string(i % 6); }).empty());
}

TEST_CASE("columns that say the same as target or secret are named") {
  CHECK(says(said_of("label", [](int i) { return i % 3 ? "1" : "0"; }), "\"label\" and the target \"y\" say the same in every row"));
  CHECK(says(said_of("gender", [](int i) { return i % 5 < 2 ? "female" : "male"; }),
             "\"gender\" and the secret \"s\" say the same in every row"));
  CHECK(said_of("label", [](int i) { return i % 3 && i != 50 ? "1" : "0"; }).empty());
  CHECK(said_of("finer", [](int i) { return i % 3 ? "1" : i % 2 ? "2" : "3"; }).empty());  // says more than the target
}

TEST_CASE("a number that is the target in other units is named") {
  const auto said = [](const std::function<std::string(int)>& other) {
    std::string text = "other,y\n";
    for (int i = 0; i < kRows; ++i) text += other(i) + "," + (i == 7 ? "" : std::to_string((i * 37) % 113 + 900)) + "\n";
    return sentences_in("en", suspects(read_table(parse_csv(text, "f")), {0}, 1, -1));
  };
  const auto target = [](int i) { return (i * 37) % 113 + 900; };
  CHECK(
      says(said([&](int i) { return i == 7 ? "" : std::to_string(target(i) * 100 - 3); }), "\"other\" and the target \"y\" say the same"));
  CHECK(said([&](int i) { return i == 7 ? "" : std::to_string(target(i) * 100 + i % 9); }).empty());  // nearly
  CHECK(said([&](int i) { return std::to_string(target(i)); }).empty());                              // has more values
  CHECK(said([](int) { return "5"; }).empty());
}
