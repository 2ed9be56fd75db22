#pragma once
#include "mid/session/session.hpp"

namespace mid {

/// The one that the functions of core_api.cpp work with: each instance of the module has its own.
Session& core_session();

}  // namespace mid
