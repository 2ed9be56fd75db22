#pragma once
#include <string>
#include <vector>

#include "mid/base/about.hpp"

namespace mid {

/// The parameters of an entry for a model of this kind; `model` empty: all of them. The same as About::params_for and all_params, which
/// make them anew at every call, made once: a small run is checked in less time than a list of parameters is made. Any thread.
const std::vector<Param>& known_params(const About& about, const std::string& model = {});

}  // namespace mid
