#pragma once
#include <map>
#include <string>

#include "mid/experiment/spec.hpp"

namespace mid {

/// The files that specifications name (Param::names_file; of a command the words that are files), by their bytes: each is read once
/// and looked at no more.
class NamedFiles {
 public:
  NamedFiles() = default;
  /// Believes `digests`, what json() gave: those files are not read, which may have changed or moved since.
  explicit NamedFiles(const Json& digests);
  /// Names the experiment: Spec::id(), and where it names files, their bytes, too, so that a model trained anew under its old
  /// name makes another experiment. Throws Error naming the field whose file cannot be read.
  std::string id(const Spec& spec);
  /// {PATH: SHA-256} of all that id() has seen.
  Json json() const { return Json(digests_); }

 private:
  const std::string& digest_of(const std::string& path, const std::string& field);
  std::map<std::string, std::string> digests_;
};

/// NamedFiles::id() of one specification.
std::string run_id(const Spec& spec);

}  // namespace mid
