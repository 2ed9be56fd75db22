// What a stranger's columns need before a model sees them.
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <functional>

#include "check_error.hpp"
#include "mid/data/own_columns.hpp"

using namespace mid;

namespace {

/// Thirty rows of two columns: `value` of each row under `name`, and a group.
std::string table(const std::string& name, const std::function<std::string(int)>& value) {
  std::string text = name + ",group\n";
  for (int i = 0; i < 30; ++i) text += value(i) + (i % 2 ? ",a\n" : ",b\n");
  return text;
}

bool is_id(const std::string& name, const std::function<std::string(int)>& value) {
  const std::string text = table(name, value);
  const CsvRows csv = parse_csv(text, "f");
  return !row_ids(csv, read_table(csv).table).empty();
}

std::string counting_up(int i) { return std::to_string(i); }
std::string scattered(int i) { return std::to_string(100037 + 37 * i * i); }

Table numbers(const std::vector<double>& values) {
  Table t;
  t.columns.emplace_back().name = "x";
  t.values = Eigen::Map<const VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
  return t;
}

}  // namespace

TEST_CASE("an index without a name and numbers that are called ids only name the row") {
  CHECK(is_id("", counting_up));
  CHECK(is_id("", [](int i) { return std::to_string(i + 1); }));
  CHECK(is_id("", [](int i) { return std::to_string((7 * i) % 30); }));  // after a shuffle
  CHECK(is_id("", [](int i) { return "\"row " + std::to_string(i) + "\""; }));
  CHECK(is_id("Unnamed: 0", counting_up));
  for (const char* name : {"id", "ID", "Id.", "customer_id", "customerId", "CustomerID", "patientid", "Nr.", "nr", "Kundennr",
                           "Kundennummer", "No.", "#", "index", "primary key", "account number", "PassengerId", "row-id", "rowid"}) {
    INFO(name);
    CHECK(is_id(name, scattered));
  }
  CHECK(is_id("id", [](int i) { return "p" + std::to_string(i); }));
}

TEST_CASE("doses, incomes, time stamps and numbers that return are no ids") {
  for (const char* name : {"dose", "income", "timestamp", "amount_paid", "bid", "number of visits", "number_of_visits", "grid", "humid",
                           "identity", "turkey", "monkey"}) {
    INFO(name);
    CHECK(!is_id(name, scattered));
  }
  CHECK(!is_id("id", [](int i) { return std::to_string(i / 2); }));
  CHECK(!is_id("id", [](int i) { return std::to_string(i) + ".5"; }));
  CHECK(!is_id("", [](int i) { return std::to_string(i % 20); }));
  CHECK(!is_id("", [](int i) { return std::to_string(i) + ".25"; }));
}

TEST_CASE("numbers that a float cannot tell apart are counted from nearby") {
  std::vector<double> stamps;
  for (int i = 0; i < 50; ++i) stamps.push_back(1.7e12 + 1000. * i);
  Table t = numbers(stamps);
  const std::vector<std::string> sentences = sentences_in("en", count_from_nearby(t, {0}));
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].find("column \"x\" is counted from 17000000") == 0);
  for (int i = 0; i < 50; ++i) {
    CHECK(t.values(i, 0) + t.columns[0].offset == stamps[static_cast<std::size_t>(i)]);
    CHECK(static_cast<double>(static_cast<float>(t.values(i, 0))) == t.values(i, 0));
  }
  // Whatever a float holds well enough stays as it is.
  for (const std::vector<double>& plain :
       {std::vector<double>{1, 2, 3}, {1990, 2024, 2001}, {0.1, 0.2, 0.7}, {1e9, 2e9, 5e9}, {48213.37, 51002.12, 77000.5}, {5, 5, 5}, {}}) {
    Table same = numbers(plain);
    CHECK(count_from_nearby(same, {0}).empty());
    CHECK(same.columns[0].offset == 0);
  }
  Table dates = numbers({20240101, 20240102, 20240103, 20240517});  // floats are even numbers here
  CHECK(count_from_nearby(dates, {0}).size() == 1);
  Table tiny = numbers({1e-50, 2e-50, 3e-50});
  CHECK(check_error([&] { count_from_nearby(tiny, {0}); }, "must list \"x\"") == "data.drop");
}

TEST_CASE("values that look alike are named") {
  Table t;
  t.columns = {{"y", false, {"NO", "No", "no", "yes", "yes."}, 0, 0},
               {"s", false, {"f", "m"}, 0, 0},
               {"c", false, {"K\xC3\x96ln", "New York", "NewYork", "k\xC3\xB6ln"}, 0, 0}};
  const std::vector<std::string> sentences = sentences_in("en", look_alikes(t, {0, 1, 2}));
  REQUIRE(sentences.size() == 2);
  CHECK(sentences[0] ==
        "values of \"y\" are equal but for case, blanks or a final dot and count as different: \"NO\", \"No\" and \"no\"; \"yes\" and "
        "\"yes.\"; make them one in the file if they are");
  CHECK(sentences[1].find("\"K\xC3\x96ln\" and \"k\xC3\xB6ln\"; \"New York\" and \"NewYork\"") != std::string::npos);
}
