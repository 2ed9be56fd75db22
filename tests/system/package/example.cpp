// Loads data, trains with the mutual-information defence, attacks, prints: midlab as a library.
#include <cstdio>
#include <mid/mid.hpp>
#include <mid/version.hpp>

int main() {
  const mid::Json spec = {
      {"data", {{"name", "digits"}}},
      {"model", {{"kind", "network"}, {"hidden", {64}}, {"bottleneck", 8}}},
      {"train", {{"epochs", 5}}},
      {"defense", {{"kind", "mid"}, {"beta", 0.01}}},
      {"attack", {{"kind", "ridge_inversion"}}},
  };
  mid::Session session;
  session.command({{"do", "run"}, {"spec", spec}});
  while (session.advance(50)) {
  }
  const mid::Snapshot snapshot = session.snapshot();
  if (!snapshot.result) {
    std::fprintf(stderr, "%s\n", session.error().c_str());
    return 1;
  }
  std::printf("midlab %s\n", std::string(mid::kVersion).c_str());
  for (const mid::Measures* group : {&snapshot.result->utility, &snapshot.result->privacy, &snapshot.result->information})
    for (const auto& [name, measure] : *group)
      std::printf("%-12s %g (guessing: %g)\n", name.c_str(), measure.value.value_or(0), measure.baseline.value_or(0));
}
