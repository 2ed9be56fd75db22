// The window's file chooser, with programs in the place of zenity and kdialog.
#include <catch2/catch_test_macros.hpp>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "../temporary_folder.hpp"
#include "desktop/file_chooser.hpp"

using mid::desktop::FileChooser;
namespace fs = std::filesystem;

namespace {

/// A PATH on which there is nothing but what add() writes, as long as this lives.
class Programs {
 public:
  Programs() { setenv("PATH", folder_.path().c_str(), 1), setenv("XDG_CURRENT_DESKTOP", "GNOME", 1); }
  ~Programs() { setenv("PATH", path_.c_str(), 1), unsetenv("XDG_CURRENT_DESKTOP"); }

  /// A script of that name; `arguments` beside it gets its words, one a line.
  void add(const std::string& name, const std::string& script) {
    const fs::path file = folder_.path() / name;
    std::ofstream(file) << "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" << (folder_.path() / "arguments").string() << "'\n" << script;
    fs::permissions(file, fs::perms::owner_all);
  }
  std::string arguments() const {
    std::ifstream file(folder_.path() / "arguments");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  TemporaryFolder folder_;
  const std::string path_ = std::getenv("PATH");
};

/// A chooser, and a wait for its answer.
struct Asked {
  std::mutex mutex;
  std::condition_variable told;
  int answers = 0;
  FileChooser chooser{[this] {
    const std::lock_guard lock(mutex);
    ++answers;
    told.notify_all();
  }};

  FileChooser::Choice answer() {
    std::unique_lock lock(mutex);
    const int before = taken++;
    told.wait(lock, [&] { return answers > before; });
    lock.unlock();
    auto choice = chooser.take();
    REQUIRE(choice);
    CHECK_FALSE(chooser.take());
    return *choice;
  }
  int taken = 0;
};

}  // namespace

TEST_CASE("the file that was chosen comes whole, whatever its name", "[chooser]") {
  Programs programs;
  Asked asked;
  programs.add("zenity", "echo '/home/a b/Gäste\nund mehr.csv'\n");
  REQUIRE(asked.chooser.open("Choose a file"));
  const auto choice = asked.answer();
  CHECK(choice.path == fs::u8path("/home/a b/Gäste\nund mehr.csv"));
  CHECK(choice.failed.empty());
  CHECK(programs.arguments() == "--file-selection\n--title=Choose a file\n");
  // Again, with the other program: that of the desktop comes first.
  programs.add("kdialog", "echo /tmp/m.onnx\n");
  setenv("XDG_CURRENT_DESKTOP", "KDE", 1);
  REQUIRE(asked.chooser.open("Choose a file"));
  CHECK(asked.answer().path == "/tmp/m.onnx");
  CHECK(programs.arguments() == "--title\nChoose a file\n--getopenfilename\n.\n");
}

TEST_CASE("a chooser that is closed chooses nothing, one that cannot open says so", "[chooser]") {
  Programs programs;
  Asked asked;
  programs.add("zenity", "exit 1\n");
  REQUIRE(asked.chooser.open("t"));
  auto choice = asked.answer();
  CHECK((choice.path.empty() && choice.failed.empty()));
  programs.add("zenity", "exit 5\n");
  REQUIRE(asked.chooser.open("t"));
  choice = asked.answer();
  CHECK(choice.path.empty());
  CHECK(choice.failed == "zenity: exit status 5");
}

TEST_CASE("without a chooser open says so", "[chooser]") {
  Programs programs;
  Asked asked;
  CHECK_FALSE(asked.chooser.open("t"));
  programs.add("kdialog", "echo /x.csv\n");  // installed meanwhile; the other desktop's will do
  REQUIRE(asked.chooser.open("t"));
  CHECK(asked.answer().path == "/x.csv");
}

TEST_CASE("one chooser is open at a time, and closes with the window", "[chooser]") {
  Programs programs;
  TemporaryFolder folder;
  const fs::path opened = folder.path() / "opened";
  programs.add("zenity", "echo x >> '" + opened.string() + "'\nwhile :; do :; done\n");
  {
    Asked asked;
    REQUIRE(asked.chooser.open("t"));
    while (!fs::exists(opened) || fs::file_size(opened) == 0) std::this_thread::yield();
    CHECK(asked.chooser.open("t"));
    CHECK_FALSE(asked.chooser.take());
  }  // ends although the program would never
  CHECK(fs::file_size(opened) == 2);
}
