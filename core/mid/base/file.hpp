#pragma once
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

namespace mid {

/// The whole file as bytes. Throws Error naming `path` when it cannot be read, or has more than `largest` bytes: no more than that is
/// ever held.
std::string read_file(const std::filesystem::path& path, std::size_t largest = std::numeric_limits<std::size_t>::max());

/// "16 MB", "12 kB", rounded up: a size as it stands in a sentence.
std::string megabytes(std::size_t bytes);

/// Writes the whole file under a temporary name in the same folder, then renames: nobody ever sees half of it.
/// Makes missing folders. Throws Failure when the disk refuses.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace mid
