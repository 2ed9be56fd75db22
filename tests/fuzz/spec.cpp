// A specification as JSON text; or, where it begins with '-', a line as of --set or --vary.
#include "mid/experiment/spec.hpp"
#include "fuzz.hpp"
#include "mid/sweep/sweep.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('-')) {
    const std::string line = text.substr(1);
    fuzz::reads(
        [&] {
          Json spec = preset("confidence");
          set_field(spec, line);
          (void)check_spec(spec);
        },
        line);
    fuzz::reads([&] { (void)plan_sweep(preset("confidence"), {read_vary(line)}, 1); }, line);
    return 0;
  }
  fuzz::reads(
      [&] {
        const Spec spec = check_spec(parse_spec(text, "the specification"));
        const Spec again = check_spec(parse_spec(spec.json().dump(), "its own text"));
        fuzz::expect(again.id() == spec.id(), "a specification that is written and read is another");
      },
      text);
  return 0;
}
