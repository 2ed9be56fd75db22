// The WebGPU library: what was checked is what is opened.
#include <dlfcn.h>

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "../temporary_folder.hpp"
#include "gpu/webgpu_library.hpp"
#include "mid/base/file.hpp"

using namespace mid;

namespace {

/// Some shared library of this machine: the one with the cosine.
std::string some_library() {
  Dl_info info{};
  REQUIRE(dladdr(reinterpret_cast<void*>(static_cast<double (*)(double)>(&std::cos)), &info) != 0);
  return info.dli_fname;
}

/// Any library may be opened while this lives.
struct Unverified {
  Unverified() { setenv("MIDLAB_WEBGPU_UNVERIFIED", "1", 1); }
  ~Unverified() { unsetenv("MIDLAB_WEBGPU_UNVERIFIED"); }
};

}  // namespace

TEST_CASE("a library of another build is refused by its hash", "[library]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "other.so", "abc");
  std::string why_not;
  CHECK_FALSE(gpu::CheckedLibrary::of(folder.path() / "other.so", why_not));
  CHECK(why_not.find("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") != std::string::npos);
  CHECK_FALSE(gpu::CheckedLibrary::of(folder.path() / "none.so", why_not));
  CHECK(why_not.find("cannot be read") != std::string::npos);
}

#ifdef __linux__
TEST_CASE("a file that is replaced between check and opening changes nothing", "[library]") {
  const TemporaryFolder folder;
  const Unverified unverified;
  const auto file = folder.path() / "library.so";
  const std::string bytes = read_file(some_library());
  write_file(file, bytes);
  std::string why_not;
  const auto checked = gpu::CheckedLibrary::of(file, why_not);
  INFO(why_not);
  REQUIRE(checked);

  write_file(file, "another one, put in its place");           // by a new file
  std::ofstream(file, std::ios::trunc) << "and written over";  // and in place
  CHECK(read_file(checked->path()) == bytes);
  void* const opened = dlopen(checked->path().c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(opened);
  CHECK(dlsym(opened, "cos") != nullptr);
  dlclose(opened);

  // Nor can the copy be changed, by whoever gets hold of it.
  for (const auto how : {std::ios::out | std::ios::in, std::ios::out | std::ios::trunc, std::ios::out | std::ios::app}) {
    std::ofstream out(checked->path(), how);
    out << "x" << std::flush;
    CHECK_FALSE(out);
  }
  CHECK(read_file(checked->path()) == bytes);
}
#endif
