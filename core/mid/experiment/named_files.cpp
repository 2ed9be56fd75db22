#include "mid/experiment/named_files.hpp"

#include <filesystem>
#include <system_error>

#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"
#include "mid/base/known_params.hpp"

namespace mid {

namespace {

/// Whether a word of a command names a file that may change under its name: not a program by name alone, which the system looks for.
bool is_own_file(const std::string& word) {
  std::error_code error;
  return !word.empty() && std::filesystem::is_regular_file(word, error);
}

}  // namespace

const std::string& NamedFiles::digest_of(const std::string& path, const std::string& field) {
  try {
    if (!digests_.contains(path)) digests_[path] = sha256(read_file(path));
  } catch (const Error& error) {
    throw Error(field, Message("refusal.csv_unusable").with("why", error.message()));
  }
  return digests_[path];
}

NamedFiles::NamedFiles(const Json& digests) {
  if (!digests.is_object()) throw Error("files", Message("refusal.object").with("found", shown(digests)));
  for (const auto& [path, digest] : digests.items()) {
    if (!digest.is_string())
      throw Error("files." + path, Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(digest)));
    digests_[path] = digest.get<std::string>();
  }
}

std::string NamedFiles::id(const Spec& spec) {
  const Json j = spec.json();
  Json bytes = Json::object();  // by field
  for (const Section& section : sections()) {
    const Json& object = j.at(section.name);
    const About& about = section.key.empty() ? section.entries.front() : section.entry(object.at(section.key).get<std::string>());
    for (const Param& p : known_params(about)) {
      if (!p.names_file || !object.contains(p.name)) continue;
      const std::string field = section.name + "." + p.name;
      if (object[p.name].is_array()) {  // a command: what of it is a file
        for (const Json& word : object[p.name]) {
          const auto path = word.get<std::string>();
          if (digests_.contains(path) || is_own_file(path)) bytes[field + " " + path] = digest_of(path, field);
        }
      } else if (object[p.name].is_string()) {
        bytes[field] = digest_of(object[p.name].get<std::string>(), field);
      }
    }
  }
  return sha256(bytes.empty() ? j.dump() : j.dump() + "\n" + bytes.dump()).substr(0, 16);
}

std::string run_id(const Spec& spec) { return NamedFiles().id(spec); }

}  // namespace mid
