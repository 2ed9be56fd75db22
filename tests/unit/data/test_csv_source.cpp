#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include "check_error.hpp"
#include "folder.hpp"
#include "load.hpp"

using namespace mid;

namespace {

using Names = std::vector<std::string>;

/// 40 people: age 20..59, sex by parity, city of three, score, a bought/left label.
std::string people() {
  std::string text = "age,sex,city,score,label,set\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(20 + i) + (i % 2 ? ",m," : ",f,") +
            (i % 3 == 0   ? "Rome"
             : i % 3 == 1 ? "Oslo"
                          : "Bern") +
            "," + std::to_string(i * i) + ".5," + (i % 4 ? "left" : "bought") + "," +
            (i < 20   ? "train"
             : i < 30 ? "test"
                      : "auxiliary") +
            "\n";
  return text;
}

Json with(const std::string& path, Json more) {
  more["csv"] = path;
  return more;
}

}  // namespace

TEST_CASE("a stranger's file becomes a data set with classes and a secret") {
  const Folder folder;
  const std::string path = folder.write("people.csv", people());
  const Data data = load("csv", with(path, {{"target", "label"}, {"sensitive", "sex"}, {"drop", {"set"}}}));
  const Dataset& set = data.set;
  CHECK(set.rows() == 40);
  CHECK(set.classes == Names{"bought", "left"});
  CHECK(set.label[0] == 0);
  CHECK(set.label[1] == 1);
  CHECK(set.input_names == Names{"age", "sex=m", "city=Bern", "city=Oslo", "city=Rome", "score"});
  CHECK(set.secret->inputs == std::vector{1});
  CHECK(set.secret->of_row[1] == 1);
  CHECK(set.target_name == "label");
  CHECK(data.split.train.size() == 15);
  CHECK(data.split.test.size() == 10);
  CHECK(data.split.auxiliary.size() == 15);
  CHECK(data.split.attacked == data.split.test);
  CHECK(data.warnings.empty());
  CHECK(set.row_names.empty());
  const VectorXd age = rows_of(set.inputs, data.split.train).col(0).cast<double>();
  CHECK(std::abs(set.input_mean(0, 0) - age.mean()) < 1e-5);
  CHECK(std::abs(set.input_sd(0, 0) - std::sqrt((age.array() - age.mean()).square().mean())) < 1e-5);
  CHECK(set.input_mean(0, 1) == 0);
  CHECK(set.input_sd(0, 1) == 1);
}

TEST_CASE("many different numbers make a regression, few make classes") {
  const Folder folder;
  const std::string path = folder.write("people.csv", people());
  const Data regression = load("csv", with(path, {{"target", "score"}}));
  CHECK(regression.set.classes.empty());
  CHECK(regression.set.label.size() == 0);
  CHECK(regression.set.target[3] == 9.5);
  CHECK(!regression.set.secret);
  const Data scaled = load("csv", with(path, {{"target", "score"}, {"standardize", "all"}}));
  const VectorXd train = rows_of(scaled.set.target, scaled.split.train);
  CHECK(std::abs(train.mean()) < 1e-9);
  CHECK(std::abs(train.array().square().mean() - 1) < 1e-9);
  CHECK(std::abs(scaled.set.target[3] * scaled.set.target_sd + scaled.set.target_mean - 9.5) < 1e-9);
  const std::string few = folder.write("few.csv", "y,x\n10,1\n2,2\n10,3\n2,4\n2,5\n");
  CHECK(load("csv", with(few, {{"target", "y"}})).set.classes == Names{"2", "10"});
}

TEST_CASE("columns, drop and rows choose what the model sees") {
  const Folder folder;
  const std::string path = folder.write("people.csv", people());
  const Data some = load("csv", with(path, {{"target", "label"}, {"sensitive", "sex"}, {"columns", {"score", "age"}}, {"rows", 20}}));
  CHECK(some.set.rows() == 20);
  CHECK(some.set.input_names == Names{"age", "sex=m", "score"});  // file order, and always with the secret
  CHECK(some.set.table.columns.size() == 3);
  const Data raw = load("csv", with(path, {{"target", "label"}, {"columns", {"age"}}, {"standardize", "none"}}));
  CHECK(raw.set.input_sd.isOnes());
}

TEST_CASE("a column can say which row serves what") {
  const Folder folder;
  const std::string path = folder.write("people.csv", people());
  const Data data = load("csv", with(path, {{"target", "label"}, {"sensitive", "sex"}, {"split_column", "set"}}));
  CHECK(data.split.train.size() == 20);
  CHECK(data.split.train[19] == 19);
  CHECK(data.split.test.front() == 20);
  CHECK(data.split.auxiliary.front() == 30);
  CHECK(data.set.table.find("set") == -1);
}

TEST_CASE("rows without target or secret are left out, and the result is told") {
  const Folder folder;
  const std::string path = folder.write("gaps.csv", "y,s,x\na,1,1\n,1,2\nb,?,3\na,2,\nb,1,5\na,2,6\n");
  const Data data = load("csv", with(path, {{"target", "y"}, {"sensitive", "s"}}));
  CHECK(data.set.rows() == 4);
  CHECK(data.set.row_names == Names{"row 1", "row 4", "row 5", "row 6"});
  REQUIRE(data.warnings.size() >= 2);
  CHECK(data.warnings[0].in("en") == "1 of 6 rows are left out: they have no value of \"s\"");
  CHECK(data.set.input_names == Names{"s", "x", "x missing"});
  CHECK((data.set.secret->of_row.array() >= 0).all());
  CHECK(data.set.inputs.allFinite());
}

TEST_CASE("only columns that are used are spoken of") {
  const Folder folder;
  std::string text = "x,y,born,bonus,level,rate\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i % 7) + (i % 2 ? ",a," : ",b,") + std::to_string(1940 + i) + "-01-01," +
            (i % 5 ? "\"1,0" + std::to_string(10 + i) + "\"" : "n/a") + "," + (i % 3 ? std::to_string(i) : "high") + "," +
            std::to_string(i % 9) + " %\n";
  const std::string path = folder.write("used.csv", text);
  CHECK(load("csv", with(path, {{"target", "y"}})).warnings.size() == 5);
  CHECK(load("csv", with(path, {{"target", "y"}, {"columns", {"x"}}})).warnings.empty());
  CHECK(load("csv", with(path, {{"target", "y"}, {"drop", {"born", "bonus", "level", "rate"}}})).warnings.empty());
  CHECK(sentences_in("en", load("csv", with(path, {{"target", "y"}, {"columns", {"x", "born"}}})).warnings) ==
        Names{"dates and times are read as categories, one for each, in \"born\"; numbers (days, years, hours) say more to a model"});
}

TEST_CASE("columns that only name the row are no inputs, unless data.columns names them") {
  const Folder folder;
  std::string text = ",customer_id,age,dose,sex,y\n";
  for (int i = 0; i < 30; ++i)
    text += std::to_string(i) + "," + std::to_string(100037 + 37 * i * i) + "," + std::to_string(20 + i % 9) + "," +
            std::to_string(500 + i * i) + (i % 2 ? ",f" : ",m") + (i % 3 ? ",a\n" : ",b\n");
  const std::string path = folder.write("ids.csv", text);
  const Data data = load("csv", with(path, {{"target", "y"}, {"sensitive", "sex"}}));
  CHECK(data.set.input_names == Names{"age", "dose", "sex=m"});
  REQUIRE(data.warnings.size() == 1);
  CHECK(data.warnings[0].in("en") ==
        "columns \"column 1\" and \"customer_id\" are left out: the values are all different and only say which row this is; to keep them, "
        "name them in data.columns with the others that the model should see");
  CHECK(load("csv", with(path, {{"target", "y"}, {"columns", {"customer_id", "age"}}})).set.input_names == Names{"customer_id", "age"});
  CHECK(load("csv", with(path, {{"target", "y"}, {"drop", {"column 1", "customer_id"}}})).warnings.empty());
  const Data target = load("csv", with(path, {{"target", "customer_id"}}));
  CHECK(target.set.target[1] == 100074);
  CHECK(target.set.input_names == Names{"age", "dose", "sex=m", "y=b"});
}

TEST_CASE("time stamps are told apart as inputs and as a secret") {
  const Folder folder;
  std::string text = "stamp,when,y\n";
  for (int i = 0; i < 40; ++i)
    text +=
        std::to_string(1700000000000 + 997 * (i % 23)) + "," + std::to_string(1700000000000 + i % 3) + "," + std::to_string(i * 1.5) + "\n";
  const Data data = load("csv", with(folder.write("t.csv", text), {{"target", "y"}, {"sensitive", "when"}}));
  CHECK(data.warnings.size() == 2);
  CHECK(data.set.inputs(1, 0) - data.set.inputs(0, 0) == 997);
  CHECK(data.set.secret->values == Names{"1700000000000", "1700000000001", "1700000000002"});
  CHECK(data.set.secret->code(1, 0) - data.set.secret->code(0, 0) == 1);
}

TEST_CASE("a target that floats cannot hold is counted from nearby and read in its own units") {
  const Folder folder;
  std::string text = "x,y\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i % 7) + "," + std::to_string(1700000000000 + 997 * i) + "\n";
  const std::string path = folder.write("t.csv", text);
  for (const char* how : {"features", "all", "none"}) {
    const Data data = load("csv", with(path, {{"target", "y"}, {"standardize", how}}));
    for (int i = 0; i < 40; ++i)
      CHECK(std::abs(data.set.readable(static_cast<double>(static_cast<float>(data.set.target[i]))) - (1700000000000. + 997 * i)) < 1);
    CHECK(data.warnings.size() == (std::string(how) != "all"));
  }
}

TEST_CASE("classes and secrets that no training row has, and values that look alike, are named") {
  const Folder folder;
  std::string text = "x,s,y,part\n";
  for (int i = 0; i < 20; ++i)
    text += std::to_string(i % 7) +
            (i < 10  ? ",f,"
             : i % 2 ? ",f,"
                     : ",F,") +
            (i < 10 ? (i % 2 ? "yes" : "no") : (i % 2 ? "yes." : "no")) + (i < 10 ? ",train\n" : ",test\n");
  const Data data = load("csv", with(folder.write("t.csv", text), {{"target", "y"}, {"sensitive", "s"}, {"split_column", "part"}}));
  const auto told = [&](const std::string& words) {
    return std::any_of(data.warnings.begin(), data.warnings.end(),
                       [&](const Message& w) { return w.in("en").find(words) != std::string::npos; });
  };
  CHECK(told("no training row has the value \"yes.\" of \"y\", which 5 other rows have"));
  CHECK(told("no training row has the value \"F\" of \"s\", which 5 other rows have"));
  CHECK(told("values of \"y\" are equal but for case, blanks or a final dot and count as different: \"yes\" and \"yes.\""));
  CHECK(told("values of \"s\" are equal but for case"));
}

TEST_CASE("only the columns that are used must be without fault") {
  const Folder folder;
  std::string text = "age,note,y\n";
  for (int i = 0; i < 30; ++i)
    text += (i == 7 ? std::string("unknown") : std::to_string(20 + i % 9)) + "," + std::to_string(i % 5) + (i % 3 ? ",a\n" : ",b\n");
  const std::string path = folder.write("odd.csv", text);
  CHECK(check_error([&] { load("csv", with(path, {{"target", "y"}})); },
                    "line 9, column 1 (\"age\") says \"unknown\", but 29 of the 30 cells") == "data.csv");
  CHECK(load("csv", with(path, {{"target", "y"}, {"drop", {"age"}}})).set.input_names == Names{"note"});
  CHECK(load("csv", with(path, {{"target", "y"}, {"columns", {"note"}}})).set.input_names == Names{"note"});
  CHECK(load("csv", with(path, {{"target", "y"}, {"missing", {"unknown"}}})).set.input_names == Names{"age", "age missing", "note"});
  CHECK(load("csv", with(path, {{"target", "y"}, {"categories", {"age"}}})).set.input_names.size() == 11);
  CHECK(check_error([&] { load("csv", with(path, {{"target", "y"}, {"categories", {"size"}}})); }, "\"size\"; there are age") ==
        "data.categories");
  CHECK(check_error([&] { load("csv", with(path, {{"target", "y"}, {"decimal", "dot"}})); }, "auto, point or comma") == "data.decimal");
}

TEST_CASE("a file in Latin-1 and a gzip file are read, too") {
  const Folder folder;
  const std::string path = folder.write("latin.csv",
                                        "Stra\xDF"
                                        "e,y\nA,1\nB,2\nA,3\nB,1\n");
  CHECK(load("csv", with(path, {{"target", "y"}})).set.input_names == Names{"Stra\xC3\x9F"
                                                                            "e=B"});
}

TEST_CASE("a bad CSV specification is refused by a sentence that names the field") {
  const Folder folder;
  const std::string path = folder.write("people.csv", people());
  const std::string same = folder.write("same.csv", "y,x,s\n1,1,a\n1,2,a\n1,3,a\n1,4,a\n");
  const std::string short_ = folder.write("short.csv", "y,x\n1,1\n2,2\n");
  const std::string ragged = folder.write("ragged.csv", "y,x\n1,1\n2\n");
  const std::string empty = folder.write("empty.csv", "");
  const std::string binary = folder.write("binary.csv", std::string("\x7f"
                                                                    "ELF\0\0\0",
                                                                    7));
  const std::string sheet = folder.write("sheet.csv", "PK\x03\x04 and more");
  std::string names = "y,name\n";
  for (int i = 0; i < 300; ++i) names += std::to_string(i % 2) + ",n" + std::to_string(i) + "\n";
  const std::string identifiers = folder.write("names.csv", names);
  std::string texts = "y,x\n";
  for (int i = 0; i < 1001; ++i) texts += "t" + std::to_string(i) + "," + std::to_string(i) + "\n";
  const std::string free_text = folder.write("texts.csv", texts);

  const struct {
    Json spec;
    std::string field, words;
  } bad[] = {
      {{{"target", "label"}}, "data.csv", "is missing"},
      {{{"csv", ""}, {"target", "label"}}, "data.csv", "is missing"},
      {{{"csv", 7}, {"target", "label"}}, "data.csv", "must be text"},
      {{{"csv", "no/such/file.csv"}, {"target", "label"}}, "data.csv", "cannot be read"},
      {{{"csv", folder.path().string()}, {"target", "label"}}, "data.csv", "is a folder"},
      {{{"csv", "/dev/null"}, {"target", "label"}}, "data.csv", "device"},
      {{{"csv", ragged}, {"target", "y"}}, "data.csv", "line 3 has 1 fields"},
      {{{"csv", empty}, {"target", "y"}}, "data.csv", "is empty"},
      {{{"csv", binary}, {"target", "y"}}, "data.csv", "not text"},
      {{{"csv", sheet}, {"target", "y"}}, "data.csv", "spreadsheet"},
      {{{"csv", folder.write("headless.csv", "1,2,x\n3,4,y\n5,6,x\n7,8,y\n")}, {"target", "y"}},
       "data.csv",
       "the first line must name the columns"},
      {{{"csv", folder.write("adult.csv", "39,State-gov,13,Male,<=50K\n50,Private,9,Male,>50K\n38,Private,9,Female,>50K\n")},
        {"target", "income"}},
       "data.csv",
       "the first line must name the columns"},
      {{{"csv", folder.write("latex.csv", "a & b\n1 & 2\n")}, {"target", "a"}}, "data.csv", "line 1 has one field"},
      {{{"csv", folder.write("titled.csv", "# from a web page\nscores\n1\n2\n")}, {"target", "scores"}},
       "data.csv",
       "line 2 has one field"},
      {{{"csv", "https://example.org/people.csv"}, {"target", "y"}}, "data.csv", "download the file"},
      {{{"csv", path}}, "data.target", "age, sex, city, score, label or set"},
      {{{"csv", path}, {"target", "income"}}, "data.target", "\"income\"; there are age, sex"},
      {{{"csv", path}, {"target", "label"}, {"sensitive", "gender"}}, "data.sensitive", "\"gender\"; there are age"},
      {{{"csv", path}, {"target", "label"}, {"sensitive", "label"}}, "data.sensitive", "another column than the target"},
      {{{"csv", path}, {"target", "label"}, {"sensitive", "age"}}, "data.sensitive", "\"age\" has 40"},
      {{{"csv", path}, {"target", "label"}, {"columns", {"colour"}}}, "data.columns", "\"colour\""},
      {{{"csv", path}, {"target", "label"}, {"columns", {"label"}}}, "data.columns", "never is an input"},
      {{{"csv", path}, {"target", "label"}, {"drop", {"colour"}}}, "data.drop", "\"colour\""},
      {{{"csv", path}, {"target", "label"}, {"drop", "sex"}}, "data.drop", "must be a list of texts"},
      {{{"csv", path}, {"target", "label"}, {"sensitive", "sex"}, {"drop", {"sex"}}}, "data.drop", "the secret"},
      {{{"csv", path}, {"target", "label"}, {"drop", {"age", "sex", "city", "score", "set"}}}, "data.columns", "no input"},
      {{{"csv", path}, {"target", "label"}, {"split_column", "when"}}, "data.split_column", "\"when\""},
      {{{"csv", path}, {"target", "label"}, {"split_column", "city"}}, "data.split_column", "\"Rome\" in row 1"},
      {{{"csv", path}, {"target", "set"}, {"split_column", "set"}}, "data.split_column", "another column"},
      {{{"csv", path}, {"target", "label"}, {"split_column", "set"}, {"rows", 20}}, "data.split_column", "no test"},
      {{{"csv", path}, {"target", "label"}, {"split_column", "set"}, {"private", 20}}, "data.split_column", "cannot go together"},
      {{{"csv", path}, {"target", "label"}, {"private", 50}}, "data.private", "there are 40 rows"},
      {{{"csv", path}, {"target", "label"}, {"private", 0}}, "data.private", "found 0"},
      {{{"csv", path}, {"target", "label"}, {"held_out", -3}}, "data.held_out", "found -3"},
      {{{"csv", path}, {"target", "label"}, {"auxiliary", 1e10}}, "data.auxiliary", "below 2,147,483,648"},
      {{{"csv", path}, {"target", "label"}, {"test_fraction", 1.5}}, "data.test_fraction", "found 1.5"},
      {{{"csv", path}, {"target", "label"}, {"test_fraction", "half"}}, "data.test_fraction", "must be a number"},
      {{{"csv", path}, {"target", "label"}, {"rows", 2}}, "data.rows", "found 2"},
      {{{"csv", path}, {"target", "label"}, {"standardize", "yes"}}, "data.standardize", "none, features or all"},
      {{{"csv", path}, {"target", "label"}, {"shuffle", true}}, "data.shuffle", "is unknown"},
      {{{"csv", same}, {"target", "y"}}, "data.target", "the same in every row"},
      {{{"csv", same}, {"target", "x"}, {"sensitive", "s"}}, "data.sensitive", "the same in every row"},
      {{{"csv", short_}, {"target", "y"}}, "data.rows", "leaves 2 rows"},
      {{{"csv", identifiers}, {"target", "y"}}, "data.drop", "300 different texts"},
      {{{"csv", free_text}, {"target", "y"}}, "data.target", "1001 different texts"},
  };
  for (const auto& [spec, field, words] : bad) {
    INFO(spec.dump());
    CHECK(check_error([&, &given = spec] { load("csv", given); }, words) == field);
  }
}

TEST_CASE("numbers of rows beyond 2^53 are told apart by their digits") {
  const Folder folder;
  std::string text = "tweet_id,x,y\n", same = text;
  for (int i = 0; i < 40; ++i) {
    const std::string rest = "," + std::to_string(i % 7) + (i % 2 ? ",a\n" : ",b\n");
    text += std::to_string(1234567890123456789 + 3 * i) + rest;
    same += std::to_string(1234567890123456789 + 3000 * (i / 2)) + rest;
  }
  CHECK(load("csv", with(folder.write("ids.csv", text), {{"target", "y"}})).set.input_names == Names{"x"});
  CHECK(load("csv", with(folder.write("same.csv", same), {{"target", "y"}})).set.input_names == Names{"tweet_id", "x"});
}

TEST_CASE("what is probably not meant in a stranger's table is said of the columns that are used") {
  const Folder folder;
  std::string text = "income,gender,sex,label\n";
  for (int i = 0; i < 60; ++i)
    text += (i % 10 ? std::to_string(i * 11 % 83) : "-99") + (i % 2 ? ",male,m," : ",female,f,") + (i % 3 ? "left\n" : "bought\n");
  const std::string path = folder.write("suspects.csv", text);
  const Json spec = with(path, {{"target", "label"}, {"sensitive", "sex"}});
  const std::vector<std::string> said = sentences_in("en", load("csv", spec).warnings);
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("-99 (\"income\", 6)") != std::string::npos);
  CHECK(said[1].find("\"gender\" and the secret \"sex\" say the same in every row") == 0);
  Json mended = spec;
  mended["drop"] = {"gender"}, mended["missing"] = {"-99"};
  CHECK(load("csv", mended).warnings.empty());
}

TEST_CASE("names are found however their accents and unseen marks are written") {
  const Folder folder;
  std::string text =
      "\xE2\x80\xAE"
      "age\xE2\x80\xAC,Ge\xCC\x81nero,y\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + (i % 3 ? ",a," : ",b,") + (i % 2 ? "yes\n" : "no\xE2\x80\x8E\n");
  const std::string path = folder.write("marks.csv", text);
  for (const char* name : {"Ge\xCC\x81nero", "G\xC3\xA9nero"}) {
    const Data data = load("csv", with(path, {{"target", "y"},
                                              {"sensitive", name},
                                              {"columns",
                                               {"\xE2\x80\xAE"
                                                "age\xE2\x80\xAC"}}}));
    CHECK(data.set.secret->name == "G\xC3\xA9nero");
    CHECK(data.set.input_names == Names{"age", "G\xC3\xA9nero=b"});
    CHECK(data.set.classes == Names{"no", "yes"});
  }
}
