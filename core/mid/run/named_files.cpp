#include "mid/run/named_files.hpp"

#include "mid/base/file.hpp"
#include "mid/base/hash.hpp"

namespace mid {

NamedFiles::NamedFiles(const Json& digests) {
  if (!digests.is_object()) throw Error("files", "must be an object in braces, found " + shown(digests));
  for (const auto& [path, digest] : digests.items()) {
    if (!digest.is_string()) throw Error("files." + path, "must be text, found " + shown(digest));
    digests_[path] = digest.get<std::string>();
  }
}

std::string NamedFiles::id(const Spec& spec) {
  const Json j = spec.json();
  Json bytes = Json::object();  // by field
  for (const Section& section : sections()) {
    const Json& object = j.at(section.name);
    const About& about = section.key.empty() ? section.entries.front() : section.entry(object.at(section.key).get<std::string>());
    if (!about.params) continue;
    for (const Param& p : about.params()) {
      if (!p.names_file || !object.contains(p.name) || !object[p.name].is_string()) continue;
      const auto path = object[p.name].get<std::string>();
      const std::string field = section.name + "." + p.name;
      try {
        if (!digests_.contains(path)) digests_[path] = sha256(read_file(path));
      } catch (const Error& error) {
        throw Error(field, std::string("names a file that cannot be used: ") + error.what());
      }
      bytes[field] = digests_[path];
    }
  }
  return bytes.empty() ? spec.id() : sha256(j.dump() + "\n" + bytes.dump()).substr(0, 16);
}

std::string run_id(const Spec& spec) { return NamedFiles().id(spec); }

}  // namespace mid
