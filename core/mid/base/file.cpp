#include "mid/base/file.hpp"

#include <atomic>
#include <cstdio>
#include <fstream>
#include <random>

#include "mid/base/error.hpp"

namespace mid {

std::string read_file(const std::filesystem::path& path, std::size_t largest) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Error(path.string(), "is a folder; name a file");
  if (std::filesystem::is_character_file(path, error) || std::filesystem::is_block_file(path, error))
    throw Error(path.string(), "is a device; name a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path.string(), "cannot be read; check that the file exists and that you may read it");
  std::string bytes, block(std::size_t{1} << 18, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    bytes.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > largest) throw Error(path.string(), "has more than the " + megabytes(largest) + " that are read here; check that it is the file you mean");
  }
  if (in.bad()) throw Error(path.string(), "could not be read to its end; check the disk");
  return bytes;
}

std::string megabytes(std::size_t bytes) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  return bytes < kMegabyte ? std::to_string((bytes + 1023) >> 10) + " kB" : std::to_string((bytes + kMegabyte - 1) / kMegabyte) + " MB";
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  // Two programs may write the same cache entry at once, so the temporary name is theirs alone.
  static std::atomic<unsigned> count{0};
  static const unsigned process = std::random_device{}();
  auto temporary = path;
  temporary += ".part-" + std::to_string(process) + "-" + std::to_string(count++);
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) {
      out.close();
      std::filesystem::remove(temporary, error);
      throw Failure(path.string() + " could not be written; check that the folder is writable and the disk has room");
    }
  }
  std::filesystem::rename(temporary, path, error);
  if (error) {
    const std::string why = error.message();
    std::filesystem::remove(temporary, error);
    throw Failure(path.string() + " could not be put in place: " + why);
  }
}

}  // namespace mid
