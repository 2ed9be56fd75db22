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
  const mid::Json snapshot = session.snapshot();
  if (snapshot["state"] != "done") {
    std::fprintf(stderr, "%s\n", snapshot["error"].dump().c_str());
    return 1;
  }
  std::printf("midlab %s\n", std::string(mid::kVersion).c_str());
  for (const char* group : {"utility", "privacy", "information"})
    for (const auto& [name, measure] : snapshot["result"][group].items())
      std::printf("%-12s %-16s %s (guessing: %s)\n", group, name.c_str(), measure["value"].dump().c_str(),
                  measure["baseline"].dump().c_str());
}
