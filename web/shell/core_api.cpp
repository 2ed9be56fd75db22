// The core as a handful of C functions: all that the worker, the page without workers and node know of it.
#include "core_api.hpp"

#include <emscripten.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

std::vector<std::uint8_t> snapshot_bytes;

}  // namespace

namespace mid {

Session& core_session() {
  static Session one;  // the page's sleeps while a worker works
  return one;
}

}  // namespace mid

using mid::core_session;

extern "C" {

/// A command as JSON text; what is wrong with it is in the next snapshot.
EMSCRIPTEN_KEEPALIVE void mid_command(const char* json) { core_session().command(mid::json_or_discarded(json)); }

/// Works for about `milliseconds`. 0: nothing to do.
EMSCRIPTEN_KEEPALIVE int mid_advance(double milliseconds) { return core_session().advance(milliseconds) ? 1 : 0; }

/// Changes whenever mid_snapshot() would.
EMSCRIPTEN_KEEPALIVE double mid_serial() { return static_cast<double>(core_session().serial()); }

/// The newest snapshot as CBOR, of mid_snapshot_size() bytes, valid until the next call. `everything`: with result and
/// pictures even if they were in an earlier one.
EMSCRIPTEN_KEEPALIVE const std::uint8_t* mid_snapshot(int everything) {
  snapshot_bytes = mid::Json::to_cbor(core_session().snapshot(everything != 0).json());
  return snapshot_bytes.data();
}
EMSCRIPTEN_KEEPALIVE int mid_snapshot_size() { return static_cast<int>(snapshot_bytes.size()); }

/// Session::catalogue() as JSON text.
EMSCRIPTEN_KEEPALIVE const char* mid_catalogue() {
  static const std::string text = mid::Session::catalogue().dump();
  return text.c_str();
}

}  // extern "C"

/// Instances in a worker or in node are only called; the page's begins with mid_page_open() (page.cpp).
int main() { return 0; }
