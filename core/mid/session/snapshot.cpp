#include "mid/session/snapshot.hpp"

#include <utility>

namespace mid {

void Snapshot::take_unseen(Snapshot&& earlier) {
  const auto take = [](auto& mine, auto& theirs) {
    if (!mine) mine = std::move(theirs);
  };
  take(saved, earlier.saved), take(table, earlier.table), take(model, earlier.model), take(file, earlier.file);
  if (result || earlier.tag != tag) return;  // an outcome's parts go together
  if (sheet && !earlier.result) return;
  result = std::move(earlier.result), warnings = std::move(earlier.warnings), sheet = std::move(earlier.sheet),
  beliefs = std::move(earlier.beliefs), tree = std::move(earlier.tree), packed = std::move(earlier.packed);
}

Snapshot Snapshot::from_json(const Json& j) {
  Snapshot s;
  read_members(j, s);
  return s;
}

}  // namespace mid
