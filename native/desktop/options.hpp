#pragma once
#include <filesystem>
#include <string>

namespace mid::desktop {

/// What the words of mid-studio's command line mean.
struct Options {
  std::filesystem::path open;   ///< a specification, a result, a run's folder or a table
  std::filesystem::path model;  ///< to attack on that table
  std::string preset;           ///< a story
  std::string state;            ///< the text of a link
  int width = 1280, height = 720;
  float scale = 0;     ///< of the text; 0: as kept
  std::string theme;   ///< light, dark, or as kept
  std::string device;  ///< cpu, gpu or auto, or as kept
  std::filesystem::path screenshot;
  double wait = 120;  ///< seconds until the picture must be ready
  std::filesystem::path cache;

  /// Reads the command line. Returns the exit code if there is nothing more to do (help, version, bad usage: one sentence
  /// on standard error), else -1. Throws Error for a file or link that cannot be used.
  int read(int argc, char** argv);
};

}  // namespace mid::desktop
