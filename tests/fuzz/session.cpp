// Commands to a Session: JSON, one a line, or (first byte odd) CBOR, one after the other. The folder it works in holds a table of
// classes, one of numbers and models for them. Work is bounded: other data sets are not there, numbers are small.
#include "small_data.hpp"

using namespace mid;

namespace {

constexpr int kUnits = 40, kMostCommands = 12;

/// Large numbers are honest wishes for much work, which is not asked about here.
void make_small(Json& j, int depth = 0) {
  if (depth > 60) return;
  if (j.is_number_float() && std::abs(j.get<double>()) > 30)
    j = 30.0;
  else if (j.is_number() && !j.is_number_float() && std::abs(j.get<double>()) > 30)
    j = 30;
  else if (j.is_structured())
    for (Json& part : j) make_small(part, depth + 1);
}

void work(Session& session, Json command) {
  make_small(command);
  // What is not given takes a data set's own size; a generated one would be large.
  if (command.is_object() && command.contains("preset")) return;
  session.command(command);
  session.advance_units(kUnits);
  fuzz::send(session.snapshot());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***);
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  setenv("MIDLAB_DATA", (fuzz::folder().path() / "no-data").c_str(), 1);
  fuzz::folder().write("classes.csv", fuzz::small_table(true));
  fuzz::folder().write("numbers.csv", fuzz::small_table(false));
  std::filesystem::current_path(fuzz::folder().path());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool cbor = input.choice(2) == 1;
  Session session;
  if (cbor) {
    for (int i = 0; i < kMostCommands && !input.empty(); ++i) {
      const std::size_t length = input.choice(256) * 256 + input.choice(256);  // of what comes next
      work(session, cbor_or_discarded(input.part(length), kLargestSpec));
    }
  } else {
    for (int i = 0; i < kMostCommands && !input.empty(); ++i) work(session, json_or_discarded(input.until('\n')));
  }
  return 0;
}
