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
  for (std::size_t left = in.count(2 * sizeof(std::uint64_t)); left > 0; --left) {
    std::string name, state;
    in.get(name);
    in.get(state);
    known_[name] = std::move(state);
  }
  Unpacker::expect(in.at_end());
}

void SavePoints::add_along(Packer& out) const {
  out.add(static_cast<std::uint64_t>(along_.size()));
  for (const auto& [name, along] : along_) out.add(name), out.add(along->now_());
}

void SavePoints::get_along(Unpacker& in) const {
  for (std::size_t left = in.count(sizeof(std::uint64_t) + sizeof(double)); left > 0; --left) {
    std::string name;
    double number = 0;
    in.get(name), in.get(number);
    // Of a loop that ended before this part of the run began, others may be missing.
    if (const auto at = along_.find(name); at != along_.end()) at->second->restored_(number);
  }
}

Along::Along(SavePoints& saves, std::string name, std::function<double()> now, std::function<void(double)> restored)
    : saves_(saves), name_(std::move(name)), now_(std::move(now)), restored_(std::move(restored)) {
  saves_.along_[name_] = this;
}

Along::~Along() { saves_.along_.erase(name_); }

Stopwatch::Stopwatch(SavePoints& saves, std::string name)
    : along_(
          saves, std::move(name), [this] { return seconds(); },
          [this](double seconds) { before_ = seconds, start_ = std::chrono::steady_clock::now(); }) {}

double Stopwatch::seconds() const { return before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

}  // namespace mid
