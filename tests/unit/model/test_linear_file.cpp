// Regressions as files: what was written comes back, other programs' files are read, and hostile ones are refused by name.
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "../data/check_error.hpp"
#include "mid/model/safetensors.hpp"

using namespace mid;

namespace {

std::string file_of(const std::string& header, const std::vector<double>& data) {
  const std::uint64_t length = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + header + std::string(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(double));
}

Linear read(const std::string& bytes, Json* spec = nullptr) { return linear_from_safetensors(bytes, "m.safetensors", spec); }

constexpr const char* kFlat = R"({"bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"weight":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}})";

}  // namespace

TEST_CASE("a regression comes back from its file bit by bit", "[linear][safetensors]") {
  const Linear model{Eigen::Vector3d(.1, -2e-300, 1. / 3), 5.25};
  const Json spec = {{"seed", 7}, {"model", {{"kind", "linear"}}}};
  const std::string bytes = to_safetensors(model, spec);
  Json found;
  const Linear back = read(bytes, &found);
  CHECK(back.weight == model.weight);
  CHECK(back.bias == model.bias);
  CHECK(found == spec);
  CHECK(to_safetensors(back, spec) == bytes);
  CHECK(bytes.find(R"("shape":[1,3])") != std::string::npos);
  CHECK(bytes.find("F32") == std::string::npos);
}

TEST_CASE("another program's regression is read", "[linear][safetensors]") {
  Json spec = 1;
  const Linear model = read(file_of(kFlat, {.5, 1, 2}), &spec);
  CHECK(model.weight == Eigen::Vector2d(1, 2));
  CHECK(model.bias == .5);
  CHECK(spec.is_null());
}

TEST_CASE("files that hold no regression are refused by name", "[linear][safetensors]") {
  const auto refused = [](const std::string& bytes, const std::string& words) {
    CHECK(check_error([&] { read(bytes); }, words) == "m.safetensors");
  };
  refused(file_of(kFlat, {.5, 1}), "within the file's 16 bytes");
  refused(file_of(kFlat, {.5, 1, 0 / 0.}), "finite numbers");
  refused(file_of(R"({"weight":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", {1}), "lacks the tensor bias");
  refused(file_of(R"({"weight":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]}})", {1, 2}), "shape [inputs], found [2,1]");
  refused(file_of(R"({"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", {1}), "must have dtype \"F64\"");
  refused(file_of(R"({"bias":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"head":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},)"
                  R"("weight":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}})", {1, 2, 3}), "not part of a regression");
  refused("short", "is no safetensors file");
}
