// A snapshot as the page reads it from its worker (CBOR, first byte odd) or a program from text (JSON), and an outcome as the stage cache
// reads it (first byte divisible by four).
#include "mid/session/snapshot.hpp"
#include "fuzz.hpp"
#include "mid/experiment/experiment.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t how = input.choice(256);
  const std::string bytes = input.rest();
  fuzz::reads([&] {
    if (how % 4 == 0) {
      Outcome outcome;
      Unpacker in(bytes);
      unpack_members(in, outcome);
      (void)outcome.result.json();
    } else {
      const Snapshot snapshot = Snapshot::from_json(how % 2 ? cbor_or_discarded(bytes, kLargestJson) : json_or_discarded(bytes));
      (void)Snapshot::from_json(snapshot.json());
    }
  });
  return 0;
}
