// What shaders/ must hold for core/mid/nn/ops.def.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "gpu/kernels.hpp"

using namespace mid;

TEST_CASE("every element operation and every optimiser of ops.def has its function in element.wgsl, and no other has", "[gpu]") {
  const std::string text(gpu::shader("element"));
  std::size_t wanted = 0, found = 0;
  for (const OpInfo& op : op_catalogue()) {
    if (op.family != OpFamily::element && op.family != OpFamily::update) continue;
    INFO(op.name);
    ++wanted;
    CHECK(text.find("fn op_" + std::string(op.name) + "(") != std::string::npos);
  }
  for (std::size_t at = 0; (at = text.find("fn op_", at)) != std::string::npos; ++at) ++found;
  CHECK(found == wanted);
}
