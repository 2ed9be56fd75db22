#include "mid/base/file.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"

#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace mid {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPart = ".part-";
constexpr auto kOldPart = std::chrono::hours(1);  // nobody takes that long to write a file
constexpr std::size_t kBlock = 1 << 20;

/// A name in the same folder that is this call's alone: two programs may write the same cache entry at once.
fs::path temporary_name(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  static const unsigned process = std::random_device{}();
  fs::path name = path;
  name += kPart + std::to_string(process) + "-" + std::to_string(count++);
  return name;
}

/// Waits until the disk has what was written to a file, or which names a folder has.
void sync([[maybe_unused]] const fs::path& path) {
#if !defined(_WIN32)
  const int file = open(path.empty() ? "." : path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;  // what cannot be opened to be synced was written all the same
  (void)fsync(file);     // some file systems know no sync of folders
  close(file);
#endif
}

/// Writes everything into a new file beside `path`.
fs::path written_beside(const fs::path& path, std::string_view bytes, Lasting lasting) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  const fs::path temporary = temporary_name(path);
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    fs::remove(temporary, error);
    throw Failure(Message("refusal.file_unwritten").with("field", shown_path(path)));
  }
  if (lasting == Lasting::yes) sync(temporary);
  return temporary;
}

}  // namespace

std::string shown_path(const fs::path& path) { return printable(path.string()); }

std::string shown_size(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  const char* unit = "kB";
  double size = static_cast<double>(bytes) / 1024;
  for (const char* larger : {"MB", "GB"})
    if (size >= 1024) size /= 1024, unit = larger;
  char text[32];
  std::snprintf(text, sizeof text, size < 1000 ? "%.3g %s" : "%.4g %s", size, unit);
  return text;
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
  std::error_code error;
  // Looked at before it is opened: opening a pipe waits for somebody to write.
  switch (fs::status(path, error).type()) {
    case fs::file_type::directory: throw Error(shown_path(path), Message("refusal.file_folder"));
    case fs::file_type::character:
    case fs::file_type::block: throw Error(shown_path(path), Message("refusal.file_device"));
    case fs::file_type::fifo: throw Error(shown_path(path), Message("refusal.file_pipe"));
    case fs::file_type::socket: throw Error(shown_path(path), Message("refusal.file_socket"));
    default: break;
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(shown_path(path), Message("refusal.file_unreadable"));
  const auto check_size = [&](std::uint64_t size, const char* key) {
    if (size <= limit) return;
    const std::string found = shown_size(size), most = shown_size(limit);
    throw Error(shown_path(path), Message(found == most ? "refusal.file_more" : key).with("found", found).with("most", most));
  };
  const std::uintmax_t size = fs::file_size(path, error);
  if (!error) check_size(size, "refusal.file_size");
  std::string bytes;
  if (!error) bytes.reserve(static_cast<std::size_t>(size));
  // Read to its end all the same: it may grow meanwhile, and some files do not know their size.
  for (std::string block(std::min<std::size_t>(kBlock, bytes.capacity() + 1), '\0'); in;) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    bytes.append(block, 0, static_cast<std::size_t>(in.gcount()));
    check_size(bytes.size(), "refusal.file_size_at_least");
  }
  if (in.bad()) throw Error(shown_path(path), Message("refusal.file_end"));
  return bytes;
}

void write_file(const fs::path& path, std::string_view bytes, Lasting lasting) {
  const fs::path temporary = written_beside(path, bytes, lasting);
  std::error_code error;
  fs::rename(temporary, path, error);
  if (error) {
    const std::string why = error.message();
    fs::remove(temporary, error);
    throw Failure(Message("refusal.file_not_in_place").with("field", shown_path(path)).with("why", why));
  }
  if (lasting == Lasting::yes) sync(path.parent_path());
}

bool create_file(const fs::path& path, std::string_view bytes) {
  const fs::path temporary = written_beside(path, bytes, Lasting::yes);
  std::error_code linked, error;
  fs::create_hard_link(temporary, path, linked);  // the one step that fails when the name is taken
  const bool taken = linked && fs::exists(path, error);
  if (linked && !taken)
    fs::rename(temporary, path, error);  // a file system without links
  else
    fs::remove(temporary, error);
  if (!fs::exists(path, error))
    throw Failure(Message("refusal.file_not_in_place").with("field", shown_path(path)).with("why", linked.message()));
  if (!taken) sync(path.parent_path());
  return !taken;
}

bool is_part_file(const fs::path& path) { return path.filename().string().find(kPart) != std::string::npos; }

void remove_old_parts(const fs::path& folder) {
  std::error_code error, gone;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!is_part_file(it->path())) continue;
    const auto time = it->last_write_time(gone);
    if (!gone && fs::file_time_type::clock::now() - time > kOldPart) fs::remove(it->path(), gone);
  }
}

}  // namespace mid
