// Regressions as files: what was written comes back, other programs' files are read, and hostile ones are refused by name.
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "../data/check_error.hpp"
#include "mid/model/file/safetensors.hpp"

using namespace mid;

namespace {

std::string file_of(const std::string& header, const std::vector<double>& data) {
  const std::uint64_t length = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + header + std::string(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(double));
}

Linear read_linear(const std::string& bytes, Json* spec = nullptr) { return linear_from_safetensors(bytes, "m.safetensors", spec); }

constexpr const char* kFlat =
    R"({"bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"weight":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}})";

}  // namespace

TEST_CASE("a regression comes back from its file bit by bit", "[linear][safetensors]") {
  const Linear model{Eigen::Vector3d(.1, -2e-300, 1. / 3), 5.25};
  const Json spec = {{"seed", 7}, {"model", {{"kind", "linear"}}}};
  const std::string bytes = to_safetensors(model, spec);
  Json found;
  const Linear back = read_linear(bytes, &found);
  CHECK(back.weight == model.weight);
  CHECK(back.bias == model.bias);
  CHECK(found == spec);
  CHECK(to_safetensors(back, spec) == bytes);
  CHECK(bytes.find(R"("shape":[1,3])") != std::string::npos);
  CHECK(bytes.find("F32") == std::string::npos);
}

TEST_CASE("another program's regression is read", "[linear][safetensors]") {
  Json spec = 1;
  const Linear model = read_linear(file_of(kFlat, {.5, 1, 2}), &spec);
  CHECK(model.weight == Eigen::Vector2d(1, 2));
  CHECK(model.bias == .5);
  CHECK(spec.is_null());
}

TEST_CASE("a regression of other numbers, names and shapes is read, and says what was assumed", "[linear][safetensors]") {
  const auto read_with = [](const std::string& bytes, const std::string& remark) {
    std::vector<Message> remarks;
    const Linear model = linear_from_safetensors(bytes, "m.safetensors", nullptr, &remarks);
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].in("en") == remark);
    return model;
  };
  const float halves[] = {.5f, 1.f};
  double packed = 0;
  std::memcpy(&packed, halves, sizeof packed);
  CHECK(
      read_with(
          file_of(
              R"({"linear.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"linear.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}})",
              {packed}),
          "its numbers are F32 and were taken as F64, which changes none of them")
          .weight[0] == 1);
  const Linear column =
      read_with(file_of(R"({"weight":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]}})", {1, 2}), "it has no bias, taken as 0");
  CHECK(column.weight == Eigen::Vector2d(1, 2));
  CHECK(column.bias == 0);
}

TEST_CASE("names and target of a regression come back", "[linear][safetensors]") {
  Linear model{Eigen::Vector2d(1, 2), 3, .5};
  model.input_names = {"age", "sex=m"}, model.target = {"dose", 4, 2, true};
  const Linear back = read_linear(to_safetensors(model, Json()));
  CHECK(back.input_names == model.input_names);
  CHECK((back.target.name == "dose" && back.target.mean == 4 && back.target.sd == 2 && back.target.root));
  model.input_names.pop_back();
  CHECK(check_error([&] { read_linear(to_safetensors(model, Json())); }, "metadata \"inputs\" with 1 names, and the model has 2 of them") ==
        "m.safetensors");
  model.input_names.clear(), model.target.sd = 0;
  CHECK(check_error([&] { read_linear(to_safetensors(model, Json())); }, "must hold name, mean, sd (above 0) and root") == "m.safetensors");
}

TEST_CASE("files that hold no regression are refused by name", "[linear][safetensors]") {
  const auto refused = [](const std::string& bytes, const std::string& words) {
    CHECK(check_error([&] { read_linear(bytes); }, words) == "m.safetensors");
  };
  refused(file_of(kFlat, {.5, 1}), "within the file's 16 bytes");
  refused(file_of(kFlat, {.5, 1, 0 / 0.}), "finite numbers");
  refused(file_of(R"({"bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", {1}), "lacks the tensor weight; it holds bias");
  refused(file_of(R"({"weight":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]}})", {1, 2, 3, 4}),
          "gives 2 numbers, and a regression gives one; set model.kind to network");
  refused(file_of(R"({"weight":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", {1}), "must have dtype F16, BF16, F32 or F64");
  refused(
      file_of(
          R"({"0.weight":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"2.weight":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})",
          {1, 2}),
      "has 2 layers, and a regression has one; set model.kind to network");
  refused(file_of(R"({"bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"head":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},)"
                  R"("weight":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})",
                  {1, 2, 3}),
          "not part of a regression");
  refused("short", "is no safetensors file");
}
