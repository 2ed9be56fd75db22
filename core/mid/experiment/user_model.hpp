#pragma once
#include <string>
#include <vector>

#include "mid/experiment/dataset_cache.hpp"
#include "mid/experiment/user_table.hpp"

namespace mid {

/// What was recognised of a model that somebody brings beside a table of their own.
struct UserModel {
  std::string path;                  ///< where it lies
  std::string file;                  ///< its name
  std::string target, secret;        ///< the columns that it was looked at for
  std::vector<Message> found;        ///< what it is, how it was fitted to the table, and what had to be assumed: a part of a sentence each
  std::vector<std::string> attacks;  ///< those on the secret that go with it, by their names; the first is the specification's
  int attacked = 0;                  ///< rows that are attacked
  Json spec;                         ///< the story of this model and that table, complete
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("path", self.path), each("file", self.file), each("target", self.target), each("secret", self.secret), each("found", self.found),
        each("attacks", self.attacks), each("attacked", self.attacked), each("spec", self.spec);
  }
};

/// Reads the model at `path` (ONNX, safetensors, or the tree.json of a run), fits it to the table, of which `target` is predicted and
/// `secret` is the secret, and makes the specification that attacks it as it is: nothing is trained, and of several attacks that go with
/// it the one that reads its inside comes first. Throws Error, one sentence, where the file is no such model or not one for this table.
UserModel user_model(DatasetCache& datasets, const UserTable& table, const std::string& target, const std::string& secret,
                     const std::string& path);

}  // namespace mid
