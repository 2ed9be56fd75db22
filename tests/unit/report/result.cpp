#include "mid/report/result.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <set>

#include "example.hpp"
#include "mid/base/error.hpp"
#include "mid/version.hpp"

using namespace mid;

TEST_CASE("the JSON of a result has the contract's keys") {
  const Json j = example_result().json();
  std::set<std::string> keys;
  for (const auto& [key, value] : j.items()) keys.insert(key);
  CHECK(keys ==
        std::set<std::string>{"id", "spec", "utility", "privacy", "information", "timing", "device", "warnings", "failed", "version"});
  CHECK(j["version"] == kVersion);
  CHECK(j["failed"].is_null());
  CHECK(j["timing"] == Json::parse(R"({"train_s":0.31,"attack_s":0.12})"));
  CHECK(j["privacy"]["line_up"] == Json::parse(R"({"value":0.47,"baseline":0.1,"low":0.36,"high":0.585,"n":40,"unit":"proportion"})"));
}

TEST_CASE("a result survives JSON, warnings once") {
  const Json j = example_result().json();
  CHECK(Result::from_json(Json::parse(j.dump())).json() == j);
}

TEST_CASE("what is undefined or infinite is null and has a warning") {
  Result r = example_result();
  r.warnings.clear();
  r.privacy["psnr"].value = std::numeric_limits<double>::infinity();
  r.privacy["ssim"].baseline = std::numeric_limits<double>::quiet_NaN();
  r.information["kl_bound"].value.reset();
  const Json j = r.json();
  CHECK(j["privacy"]["psnr"]["value"].is_null());
  CHECK(j["privacy"]["ssim"]["baseline"].is_null());
  REQUIRE(j["warnings"].size() == 3);
  CHECK(j["warnings"][0].get<std::string>().starts_with("psnr "));
  CHECK(j["warnings"][1].get<std::string>().starts_with("ssim "));
  CHECK(j["warnings"][2].get<std::string>().starts_with("kl_bound "));
  r.warnings = {Message::plain("kl_bound is null: without the defence mid there is no noise to bound it by")};
  CHECK(r.json()["warnings"].size() == 3);  // explained already
}

TEST_CASE("the attack's own figures come along, a failed run says where and why") {
  Result r = example_result();
  r.notes = {{"ridge", 0.03}};
  r.failed = RunFailure{"training", "the loss is no longer a number; lower train.learning_rate"};
  const Result back = Result::from_json(r.json());
  CHECK(back.notes == r.notes);
  REQUIRE(back.failed);
  CHECK(back.failed->sentence == r.failed->sentence);
}

TEST_CASE("a figure under the name that an earlier version gave it is left out of a result, and a warning names the new one") {
  Json j = example_result().json();
  j["privacy"]["detail_back"] = j["privacy"]["line_up"];
  const Result r = Result::from_json(j);
  CHECK_FALSE(r.privacy.contains("detail_back"));
  CHECK_FALSE(r.privacy.contains("r_squared"));
  CHECK(r.privacy.contains("line_up"));
  REQUIRE(r.warnings.size() == j["warnings"].size() + 1);
  CHECK(r.warnings.back().in("en").find("detail_back") != std::string::npos);
  CHECK(r.warnings.back().in("en").find("r_squared") != std::string::npos);
}

TEST_CASE("a damaged result names the field") {
  Json j = example_result().json();
  j.erase("timing");
  CHECK_THROWS_AS(Result::from_json(j), Error);
  CHECK_THROWS_AS(Result::from_json(Json::array()), Error);
  j = example_result().json();
  j["privacy"]["line_up"]["value"] = "high";
  CHECK_THROWS_AS(Result::from_json(j), Error);
  j = example_result().json();
  j["warnings"] = {1, 2};
  try {
    Result::from_json(j);
    FAIL("accepted");
  } catch (const Error& e) {
    CHECK(e.field() == "warnings");
  }
}
