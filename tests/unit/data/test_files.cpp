#include <catch2/catch_test_macros.hpp>

#include "check_error.hpp"
#include "folder.hpp"
#include "mid/base/hash.hpp"
#include "mid/data/files.hpp"
#include "mid/data/source.hpp"

using namespace mid;

TEST_CASE("every delivered file is as its checksum says") {
  const auto checks = verify_data();
  CHECK(checks.size() >= 24);
  for (const FileCheck& check : checks) {
    INFO(check.name);
    CHECK(check.state == FileCheck::State::good);
  }
}

TEST_CASE("every file that a source names is delivered and has a checksum") {
  const auto checks = verify_data();
  for (const DataSource* source : data_sources())
    for (std::string_view file : source->files) {
      INFO(file);
      CHECK(std::any_of(checks.begin(), checks.end(), [&](const FileCheck& check) { return check.name == file; }));
    }
}

TEST_CASE("a changed and a missing file are told apart") {
  const Folder folder;
  folder.write("a", "good");
  folder.write("b", "changed");
  folder.write("SHA256SUMS", sha256("good") + "  a\n" + sha256("before") + "  b\n" + sha256("") + "  gone\n");
  const DataFolderIs here(folder.path());
  const auto checks = verify_data();
  REQUIRE(checks.size() == 3);
  CHECK(checks[0].state == FileCheck::State::good);
  CHECK(checks[1].state == FileCheck::State::changed);
  CHECK(checks[2].state == FileCheck::State::missing);
}

TEST_CASE("a list of checksums that is none is refused") {
  const Folder folder;
  const DataFolderIs here(folder.path());
  check_error([] { verify_data(); }, "cannot be read");
  for (const char* bad : {"hello", "0123  a\n", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789  a\n"}) {
    folder.write("SHA256SUMS", bad);
    check_error([] { verify_data(); }, "line 1 is not a SHA-256");
  }
}

TEST_CASE("MIDLAB_DATA decides where data are, and a missing file says so") {
  const Folder folder;
  folder.write("x/plain.txt", "content");
  const DataFolderIs here(folder.path());
  CHECK(data_folder() == folder.path());
  CHECK(read_data_file("x/plain.txt") == "content");
  CHECK(has_data_file("x/plain.txt"));
  CHECK(!has_data_file("x/other.txt"));
  check_error([] { read_data_file("x/other.txt"); }, "is missing; set MIDLAB_DATA");
}

TEST_CASE("a file is found with .gz behind its name and unpacked") {
  const std::string packed = read_file(data_folder() / "mnist10k/labels.idx1-ubyte.gz");
  const std::string content = read_data_file("mnist10k/labels.idx1-ubyte.gz");
  const Folder folder;
  folder.write("x.gz", packed);
  const DataFolderIs here(folder.path());
  CHECK(read_data_file("x") == content);
  CHECK(read_data_file("x.gz") == content);
  folder.write("x", "plain wins");
  CHECK(read_data_file("x") == "plain wins");
}
