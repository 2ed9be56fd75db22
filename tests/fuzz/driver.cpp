// The main program of the fuzz targets where there is no libFuzzer: runs the inputs that it is given, files or folders of them.
// libFuzzer's options are left alone.
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "fuzz.hpp"

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  std::vector<fs::path> files;
  const std::string list = "-seed_inputs=@";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with(list)) {
      std::ifstream in(word.substr(list.size()));
      for (std::string file; std::getline(in, file, ',');) files.emplace_back(file);
    } else if (fs::is_directory(word)) {
      for (const auto& file : fs::directory_iterator(word)) files.push_back(file.path());
    } else if (!word.starts_with("-")) {
      files.emplace_back(word);
    }
  }
  for (const fs::path& file : files) {
    std::fprintf(stderr, "%s\n", file.c_str());
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::fprintf(stderr, "%s cannot be read\n", file.c_str()), 1;
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  std::fprintf(stderr, "%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
