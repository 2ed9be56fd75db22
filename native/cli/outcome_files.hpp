#pragma once
#include <string>

#include "mid/experiment/experiment.hpp"

/// What mid run --out writes for other programs (docs/results.md).
namespace mid::cli {

/// arrays.npz: what there is to look at as arrays, by the names that they have in Python (midlab.Pictures and midlab.Beliefs:
/// "pictures.guess", "beliefs.after"); arrays that a run does not have are left out. Empty: it has none.
std::string arrays_npz(const Outcome& outcome);

/// Of how many victims there are lines and rows in these files, and how many were attacked (or classes drawn).
struct VictimsWritten {
  int written = 0, attacked = 0;
};
VictimsWritten victims_written(const Outcome& outcome);

/// records.csv: a line each victim of arrays.npz, in its order. Of an attack on an attribute, a class or membership: what the attacker
/// knows of it, the truth, the guess, how sure it is. Of one on pictures: the errors of the attacker's. `datasets` reads the records
/// that the beliefs are about. Empty: there are none.
std::string records_csv(const Outcome& outcome, DatasetCache& datasets);

}  // namespace mid::cli
