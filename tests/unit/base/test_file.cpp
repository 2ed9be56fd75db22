// Files: whole or not at all.
#include <sys/stat.h>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "../temporary_folder.hpp"
#include "mid/base/archive.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"

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

TEST_CASE("sizes stand in a sentence with three figures", "[file]") {
  CHECK(shown_size(1) == "1 byte");
  CHECK(shown_size(1023) == "1023 bytes");
  CHECK(shown_size(1536) == "1.5 kB");
  CHECK(shown_size(64 << 20) == "64 MB");
  CHECK(shown_size(129ull << 20) == "129 MB");
  CHECK(shown_size(1000ull << 20) == "1000 MB");
  CHECK(shown_size(5ull << 30) == "5 GB");
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

TEST_CASE("what is no regular file, or too large, is refused in a sentence", "[file]") {
  const TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe", large = folder.path() / "large";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_MATCHES(read_file(pipe), Error,
                       Catch::Matchers::Message(pipe.string() + " is a pipe; save what comes out of it as a file and name that"));
  write_file(large, std::string(2'500, 'x'));
  CHECK(read_file(large, 2'500).size() == 2'500);
  CHECK_THROWS_MATCHES(
      read_file(large, 2'499), Error,
      Catch::Matchers::Message(large.string() + " has more than the 2.44 kB that are read here; check that it is the file you mean"));
  CHECK_THROWS_MATCHES(
      read_file(large, 1'024), Error,
      Catch::Matchers::Message(large.string() + " has 2.44 kB, more than the 1 kB that are read here; check that it is the file you mean"));
  CHECK_THROWS_AS(read_file("/dev/zero"), Error);
}

TEST_CASE("of several who create a file one has created it", "[file]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    const fs::path path = folder.path() / std::to_string(i);
    int created[2] = {0, 0};
    std::thread other([&] { created[1] = create_file(path, "b"); });
    created[0] = create_file(path, "a");
    other.join();
    CHECK(created[0] + created[1] == 1);
    CHECK(read_file(path) == (created[0] ? "a" : "b"));
  }
  CHECK(files_in(folder) == 20);
}

TEST_CASE("temporary files that a crash left behind go when they are old", "[file]") {
  const TemporaryFolder folder;
  const fs::path old = folder.path() / "a.part-1-0", fresh = folder.path() / "b.part-1-1", other = folder.path() / "c";
  for (const fs::path& path : {old, fresh, other}) write_file(path, "x");
  for (const fs::path& path : {old, other}) fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(2));
  remove_old_parts(folder.path());
  CHECK_FALSE(fs::exists(old));
  CHECK(fs::exists(fresh));
  CHECK(fs::exists(other));
  remove_old_parts(folder.path() / "missing");
}

TEST_CASE("a path that is no UTF-8 stands in a sentence all the same", "[file]") {
  try {
    (void)read_file("/nowhere/\xff\x1b.csv");
    FAIL("it was read");
  } catch (const Error& e) {
    CHECK_NOTHROW(Json(e.what()).dump());
    CHECK(std::string(e.what()).find('\x1b') == std::string::npos);
  }
}

TEST_CASE("an archive's indices, shapes and switches are checked where they are read", "[archive]") {
  Packer out;
  out.add(5), out.add(Matrix(Matrix::Zero(2, 3)));
  const std::string bytes = out.take();
  int index = 0;
  CHECK_NOTHROW(Unpacker(bytes).get_index(index, 0, 6));
  CHECK_THROWS_AS(Unpacker(bytes).get_index(index, 0, 5), Damaged);
  CHECK_THROWS_AS(Unpacker(bytes).get_index(index, 6, 9), Damaged);
  Matrix same(2, 3), other(3, 2);
  const std::string_view matrix = std::string_view(bytes).substr(sizeof(int));
  CHECK_NOTHROW(Unpacker(matrix).get_same(same));
  CHECK_THROWS_AS(Unpacker(matrix).get_same(other), Damaged);
  VectorXd column;  // one column only
  CHECK_THROWS_AS(Unpacker(matrix).get(column), Damaged);
  bool flag = false;
  CHECK_THROWS_AS(Unpacker("\x02").get(flag), Damaged);
}
