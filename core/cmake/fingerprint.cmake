# Run as a script at build time: writes OUTPUT, a header with one hash over the contents of all files listed in LIST. It is
# part of every key of the stage cache, so that no build ever takes another build's figures for its own.
cmake_minimum_required(VERSION 3.24)
file(STRINGS "${LIST}" files)
set(all "")
foreach(file IN LISTS files)
  file(SHA256 "${file}" hash)
  string(APPEND all "${hash}")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING "${hash}" 0 16 hash)
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT "#pragma once
namespace mid {
/// Names the sources of the core that this build was made of.
inline constexpr const char* kSourceFingerprint = \"${hash}\";
}  // namespace mid
")
