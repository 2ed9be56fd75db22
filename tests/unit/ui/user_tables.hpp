#pragma once
// Strangers' tables for the tests of the wizard.
#include <string>

#include "../temporary_folder.hpp"
#include "mid/base/file.hpp"

namespace mid::test {

/// The path of a new file.
inline std::string write_table(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  const std::string path = (folder.path() / name).string();
  write_file(path, text);
  return path;
}

/// 240 rows with long names of columns and values, gaps, a column that names the rows and one that never changes. Columns: 0 id,
/// 1 age, 2 planet, 3 town (the secret: four values), 4 pay (a number to predict), 5 a long name (three classes), 6 and on: numbers.
inline std::string strangers_table() {
  const char* towns[] = {"Llanfairpwllgwyngyllgogerychwyrndrobwll", "Oslo", "Villingen-Schwenningen am Neckar", "Rome"};
  const char* classes[] = {"hardly anything at all", "rather much", "more than anybody could want"};
  std::string text = "id,age,planet,town,pay,\"a column with a name that goes on and on, and then some more\"";
  for (int c = 0; c < 20; ++c) text += ",n" + std::to_string(c);
  text += "\n";
  for (int i = 0; i < 240; ++i) {
    const int town = (i * 7 / 3) % 4, pay = 12000 + 137 * (i % 60) + 9000 * town;
    text += "p" + std::to_string(i) + "," + (i % 9 == 0 ? "" : std::to_string(20 + i % 40)) + ",Earth," + towns[town] + "," +
            std::to_string(pay) + "," + classes[(town + (i % 5 == 0)) % 3];
    for (int c = 0; c < 20; ++c) text += "," + std::to_string((i * (c + 3)) % 17 + .5);
    text += "\n";
  }
  return text;
}

}  // namespace mid::test
