#include "mid/base/known_params.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace mid {

const std::vector<Param>& known_params(const About& about, const std::string& model) {
  static const std::vector<Param> none;
  if (!about.params) return none;
  static std::mutex mutex;
  static std::map<std::pair<std::vector<Param> (*)(), std::string>, std::vector<Param>> known;
  const std::lock_guard lock(mutex);
  const auto [at, fresh] = known.try_emplace({about.params, model});
  if (fresh) at->second = model.empty() ? about.all_params() : about.params_for(model);
  return at->second;
}

}  // namespace mid
