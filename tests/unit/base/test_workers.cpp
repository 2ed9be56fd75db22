// Threads that share the pieces of a loop.
#include "mid/base/workers.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace mid;

TEST_CASE("every piece of a loop is done once, whatever the number of threads", "[workers]") {
  for (int threads : {1, 2, 5}) {
    const auto workers = worker_threads(threads);
    CHECK(workers->count() == threads);
    for (int pieces : {0, 1, 2, 3, 100}) {
      // Thousands of short loops, so that threads come late, sleep and wake between them.
      for (int loop = 0; loop < 500; ++loop) {
        std::vector<std::atomic<int>> done(static_cast<std::size_t>(pieces));
        workers->share(pieces, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
        for (const auto& times : done) REQUIRE(times == 1);
      }
    }
  }
}

TEST_CASE("workers sleep while there is nothing to do, and wake", "[workers]") {
  const auto workers = worker_threads(3);
  for (int loop = 0; loop < 20; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::atomic<int> sum = 0;
    workers->share(10, [&](int i) { sum += i; });
    CHECK(sum == 45);
  }
}

TEST_CASE("two pieces run at the same time", "[workers]") {
  const auto workers = worker_threads(2);
  std::atomic<int> here = 0;
  workers->share(2, [&](int) {  // each waits for the other
    ++here;
    while (here < 2) std::this_thread::yield();
  });
  CHECK(here == 2);
}

TEST_CASE("what a piece throws arrives when all have ended, and the next loop is whole", "[workers]") {
  const auto workers = worker_threads(3);
  for (int loop = 0; loop < 50; ++loop) {
    std::atomic<int> others = 0;
    CHECK_THROWS_AS(workers->share(20,
                                   [&](int i) {
                                     if (i == 7) throw std::runtime_error("the seventh");
                                     ++others;
                                   }),
                    std::runtime_error);
    CHECK(others == 19);
    std::atomic<int> all = 0;
    workers->share(20, [&](int) { ++all; });
    CHECK(all == 20);
  }
}

TEST_CASE("a loop within a loop, and one of another thread, are done by their callers", "[workers]") {
  const auto workers = worker_threads(2);
  std::atomic<int> inner = 0;
  workers->share(4, [&](int) { workers->share(5, [&](int) { ++inner; }); });
  CHECK(inner == 20);
  std::atomic<int> sum = 0;
  std::vector<std::thread> callers;
  for (int c = 0; c < 3; ++c)
    callers.emplace_back([&] {
      for (int loop = 0; loop < 200; ++loop) workers->share(4, [&](int i) { sum += i; });
    });
  for (std::thread& t : callers) t.join();
  CHECK(sum == 3 * 200 * 6);
}
