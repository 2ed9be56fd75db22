#include "mid/base/context.hpp"

namespace mid {

std::string SavePoints::pack() const {
  auto all = known_;
  for (const auto& [name, state] : running_) all[name] = state();
  Packer out;
  out.add(static_cast<std::uint64_t>(all.size()));
  for (const auto& [name, state] : all) out.add(name), out.add(state);
  return out.take();
}

void SavePoints::unpack(std::string_view bytes) {
  known_.clear();
  if (bytes.empty()) return;
  Unpacker in(bytes);
  std::uint64_t n = 0;
  in.get(n);
  for (std::uint64_t i = 0; i < n; ++i) {
    std::string name, state;
    in.get(name);
    in.get(state);
    known_[name] = std::move(state);
  }
}

}  // namespace mid
