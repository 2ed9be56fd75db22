#pragma once
#include <filesystem>

namespace mid {

/// The folder of the program that runs; empty where the system does not tell.
std::filesystem::path program_folder();

/// Where programs keep finished stages for this user: $XDG_CACHE_HOME/midlab/stages, or the system's usual place. Empty where
/// neither that variable nor HOME is set to an absolute path: a folder that others may write to would be believed.
std::filesystem::path user_cache_folder();

/// Where the window keeps what it goes on with at its next start: $XDG_STATE_HOME/midlab, or the system's usual place. Empty as
/// above.
std::filesystem::path user_state_folder();

}  // namespace mid
