#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace mid {

inline constexpr std::uint64_t kFileLimit = 1ull << 30;     ///< bytes that read_file takes at most where nobody says otherwise
inline constexpr std::uint64_t kJsonLimit = 64ull << 20;    ///< of JSON, which takes several times as much memory as it has bytes

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

/// A path as it stands in a sentence: bytes that are no UTF-8 and control characters are replaced.
std::string shown_path(const std::filesystem::path& path);

/// "1.5 MB": a number of bytes as it stands in a sentence.
std::string shown_size(std::uint64_t bytes);

}  // namespace mid
