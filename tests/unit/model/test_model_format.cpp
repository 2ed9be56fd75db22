// What stands in the place of a model's file and is none, or one of another kind.
#include <catch2/catch_test_macros.hpp>

#include "../data/check_error.hpp"
#include "mid/model/model.hpp"

using namespace mid;
using namespace std::string_literals;

TEST_CASE("what is no model is called by its kind, whatever kind of model is wanted") {
  const struct {
    std::string bytes, words;
  } files[] = {{"", "is an empty file"},           {"age,sex,outcome\n1,m,yes\n", "is text"}, {"hello\n", "is text"},
               {"<html></html>", "is a web page"}, {"\x1F\x8B\x08\0"s, "is a gzip archive"},  {"\x80\x04\x95\0"s, "is a Python pickle"}};
  for (const std::string kind : {"network", "linear", "tree"})
    for (const auto& [bytes, words] : files) {
      INFO(kind << ", " << words);
      CHECK(check_error([&] { model_from_bytes(kind, bytes, "m"); }, words) == "m");
    }
}

TEST_CASE("the file of another kind of model is refused with the kind to name") {
  const std::string tensors = "\x10\0\0\0\0\0\0\0"s + R"({"a":{"shape":1}})", tree = "{\n \"tree\": {}\n}\n";
  check_error([&] { model_from_bytes("tree", tensors, "m"); }, "set model.kind to network or linear");
  for (const std::string kind : {"network", "linear"}) check_error([&] { model_from_bytes(kind, tree, "m"); }, "set model.kind to tree");
}
