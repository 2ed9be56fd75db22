#pragma once
#include <map>
#include <string>

namespace mid::ui {

/// Values on their way: bars, numbers and fades that show cause. Nothing moves once it has arrived.
class Motion {
 public:
  void begin(double now) { now_ = now, moving_ = false; }
  /// With `still` everything is at once where it goes: the visitor's system asks for less motion.
  void be_still(bool still) { still_ = still; }
  /// The value called `name`, which eases to `target` in `seconds` (ease-out). The first time it is there at once.
  float to(const std::string& name, float target, double seconds) {
    if (still_) {
      values_[name] = {target, target, now_};
      return target;
    }
    auto [it, fresh] = values_.try_emplace(name, Value{target, target, now_ - seconds});
    Value& v = it->second;
    const float here = v.at(now_, seconds);
    if (v.target != target) v = {here, target, now_};
    if (now_ - v.since < seconds && v.from != v.target) moving_ = true;
    return v.at(now_, seconds);
  }
  /// Starts `name` again at `from`.
  void restart(const std::string& name, float from) { values_[name] = {from, from, now_}; }
  bool moving() const { return moving_; }
  bool still() const { return still_; }

 private:
  struct Value {
    float from = 0, target = 0;
    double since = 0;
    float at(double now, double seconds) const {
      const double t = (now - since) / seconds;
      if (t >= 1) return target;
      const auto left = static_cast<float>(1 - t);
      return target + (from - target) * left * left * left;
    }
  };
  double now_ = 0;
  bool moving_ = false, still_ = false;
  std::map<std::string, Value> values_;
};

}  // namespace mid::ui
