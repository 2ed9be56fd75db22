#include "adapter.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#include <cstdio>
#include <string>

using namespace mid;

namespace {

std::shared_ptr<gpu::Gpu> shared;  // opened once: tests that break their device open another

/// Says at the end where the tests ran.
class Told : public Catch::EventListenerBase {
 public:
  using EventListenerBase::EventListenerBase;
  void testRunEnded(const Catch::TestRunStats&) override {
    if (!shared) return;
    const gpu::AdapterFacts& facts = shared->facts();
    std::printf("adapter: %s, %s, %s%s; %llu dispatches on the shared device\n", facts.name.c_str(), facts.driver.c_str(),
                facts.backend.c_str(), facts.software ? " (software)" : "", static_cast<unsigned long long>(shared->dispatches()));
    std::fflush(stdout);
    shared.reset();
  }
};
CATCH_REGISTER_LISTENER(Told)

}  // namespace

std::unique_ptr<gpu::GpuDevice> gpu_for_test() {
  std::string why_not;
  if (!shared) shared = gpu::Gpu::open(why_not);
  INFO(why_not);
  REQUIRE(shared);
  return std::make_unique<gpu::GpuDevice>(shared);
}
