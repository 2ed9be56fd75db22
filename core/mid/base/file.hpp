#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace mid {

/// The whole file as bytes. Throws Error naming `path` when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Writes the whole file under a temporary name in the same folder, then renames: nobody ever sees half of it.
/// Makes missing folders. Throws Failure when the disk refuses.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace mid
