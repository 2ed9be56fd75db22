/// @file
/// @ingroup data
#pragma once
#include <span>

#include "mid/base/about.hpp"
#include "mid/base/philox.hpp"
#include "mid/data/dataset.hpp"

namespace mid {

/// A data set that a specification can name: one file in data/source, which defines `const DataSource NAME` in namespace
/// mid::source. About::name is the specification's word ("london-faces"), NAME the file's (london_faces).
struct DataSource {
  About about;  ///< name, title, summary, source, parameters
  /// Reads, encodes and splits. `spec` is the whole object "data"; `random` decides the split. Throws Error with the
  /// field ("data.private") when the specification or a file is at fault.
  Data (*load)(const Json& spec, Stream random);
  /// Files under the data folder that it reads, for `mid data list|verify`; empty for generators.
  std::vector<std::string_view> files;
  std::string_view licence;  ///< of the data, in words
  /// Parameters that say only who is attacked: with other values of theirs a model learns the same, and is not trained anew.
  std::span<const std::string_view> of_victims = {};
};

/// All entries, in order of their names. The list is written by the build (core/cmake/catalogue.cmake).
std::span<const DataSource* const> data_sources();

}  // namespace mid
