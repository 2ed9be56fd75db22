#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace mid {

inline constexpr std::uint64_t kFileLimit = 1ull << 30;  ///< bytes that read_file takes at most where nobody says otherwise

/// The whole file as bytes. Throws Error naming `path` when it cannot be read, is no regular file (a folder, a pipe, a device) or
/// has more than `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = kFileLimit);

/// Whether a file has to be there after a power cut. What can be computed again need not: syncing takes milliseconds.
enum class Lasting { yes, no };

/// Writes the whole file under a temporary name in the same folder, then renames: nobody ever sees half of it.
/// Makes missing folders. Throws Failure when the disk refuses.
void write_file(const std::filesystem::path& path, std::string_view bytes, Lasting lasting = Lasting::yes);

/// The same, unless the file exists already: false then. Of several programs that try at once, one gets true.
bool create_file(const std::filesystem::path& path, std::string_view bytes);

/// Whether this is a temporary file of write_file, which a program that was ended in the middle leaves behind.
bool is_part_file(const std::filesystem::path& path);
/// Removes from `folder` the temporary files that no program can be writing any more: those older than an hour.
void remove_old_parts(const std::filesystem::path& folder);

/// A path as it stands in a sentence: printable (base/text.hpp).
std::string shown_path(const std::filesystem::path& path);

/// "64 MB", "1.5 kB" of 1,024 bytes each: a number of bytes as it stands in a sentence.
std::string shown_size(std::uint64_t bytes);

}  // namespace mid
