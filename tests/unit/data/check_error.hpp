#pragma once
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

#include "mid/base/error.hpp"

/// Runs `call`, which must throw mid::Error with `words` in one line that names something. Returns the error's field.
template <class F>
std::string check_error(const F& call, const std::string& words) {
  try {
    call();
  } catch (const mid::Error& error) {
    const std::string what = error.what();
    INFO(what);
    CHECK(what.find(words) != std::string::npos);
    CHECK(what.find('\n') == std::string::npos);
    CHECK(what.size() > 20);
    return error.field();
  }
  FAIL_CHECK("no error, wanted one with: " << words);
  return {};
}
