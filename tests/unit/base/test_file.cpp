// Files: whole or not at all.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "../temporary_folder.hpp"
#include "mid/base/archive.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"

using namespace mid;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a written file is read back as it was, missing folders are made", "[file]") {
  const TemporaryFolder folder;
  const std::string bytes("\0\r\n\xff text", 9);
  write_file(folder.path() / "deep" / "er" / "a.bin", bytes);
  CHECK(read_file(folder.path() / "deep" / "er" / "a.bin") == bytes);
  write_file(folder.path() / "deep" / "er" / "a.bin", "shorter");
  CHECK(read_file(folder.path() / "deep" / "er" / "a.bin") == "shorter");
  write_file(folder.path() / "empty", "");
  CHECK(read_file(folder.path() / "empty").empty());
  CHECK(files_in(folder) == 2);  // no temporary file is left
}

TEST_CASE("a file that cannot be written leaves the old one and nothing else", "[file]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "kept", "old");
  fs::create_directories(folder.path() / "taken" / "by a folder");
  CHECK_THROWS_AS(write_file(folder.path() / "taken", "new"), Failure);  // the last step fails: rename onto a folder
  CHECK(fs::is_directory(folder.path() / "taken"));
  CHECK_THROWS_AS(write_file(folder.path() / "kept" / "below a file", "new"), Failure);
  CHECK(read_file(folder.path() / "kept") == "old");
  CHECK(files_in(folder) == 2);
}

TEST_CASE("readers never see half a file while writers replace it", "[file]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "shared";
  const std::string a(300000, 'a'), b(200000, 'b');
  write_file(path, a);
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) write_file(path, i % 2 ? a : b);
  });
  int whole = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string seen = read_file(path);
    whole += seen == a || seen == b;
  }
  writer.join();
  CHECK(whole == 50);
}

TEST_CASE("a file that cannot be read is named", "[file]") {
  const TemporaryFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  CHECK_THROWS_MATCHES(read_file(missing), Error,
                       Catch::Matchers::Message(missing + " cannot be read; check that the file exists and that you may read it"));
  CHECK_THROWS_MATCHES(read_file(folder.path()), Error, Catch::Matchers::Message(folder.path().string() + " is a folder; name a file"));
}

TEST_CASE("a file is read up to a limit, which the sentence names") {
  TemporaryFolder folder;
  write_file(folder.path() / "a", std::string(3000, 'x'));
  CHECK(read_file(folder.path() / "a", 3000).size() == 3000);
  try {
    read_file(folder.path() / "a", 2999);
    FAIL("too long a file was read");
  } catch (const Error& e) {
    CHECK(std::string(e.what()).find("has more than the 3 kB that are read here") != std::string::npos);
  }
  CHECK(megabytes(1) == "1 kB");
  CHECK(megabytes(64 << 20) == "64 MB");
  CHECK(megabytes((64 << 20) + 1) == "65 MB");
}

TEST_CASE("packed values come back, and cut bytes are refused", "[archive]") {
  struct Both {
    int a = 0;
    Matrix m;
    void pack(Packer& out) const { out.add(a), out.add(m); }
    void unpack(Unpacker& in) { in.get(a), in.get(m); }
  };
  Packer out;
  const Both both{7, Matrix::Constant(2, 3, 1.5f)};
  out.add(both);
  out.add(std::string("text"));
  out.add(std::vector<double>{1, 2});
  out.add(true);
  const std::string bytes = out.take();
  const auto read = [](std::string_view from) {
    Unpacker in(from);
    Both b;
    std::string text;
    std::vector<double> numbers;
    bool flag = false;
    in.get(b), in.get(text), in.get(numbers), in.get(flag);
    CHECK(in.at_end());
    return b.a == 7 && b.m == Matrix::Constant(2, 3, 1.5f) && text == "text" && numbers == std::vector<double>{1, 2} && flag;
  };
  CHECK(read(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_THROWS_AS(read(std::string_view(bytes).substr(0, size)), Failure);
}
