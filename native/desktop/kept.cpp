#include "kept.hpp"

#include <algorithm>

#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/base/user_folders.hpp"

namespace mid::desktop {

std::filesystem::path kept_file() {
  const std::filesystem::path folder = user_state_folder();
  return folder.empty() ? folder : folder / "studio.json";
}

Kept Kept::read(const std::filesystem::path& file) {
  Kept kept;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return kept;
  Json j;
  try {
    j = json_or_discarded(read_file(file, kLargestJson), kLargestJson);
  } catch (const Error&) {
    return kept;
  }
  if (!j.is_object()) return kept;
  if (j.contains("page") && j["page"].is_string()) kept.page = j["page"].get<std::string>();
  if (j.contains("text_scale") && j["text_scale"].is_number()) kept.text_scale = std::clamp(j["text_scale"].get<float>(), .5f, 4.f);
  if (j.contains("device") && (j["device"] == "gpu" || j["device"] == "auto")) kept.device = j["device"].get<std::string>();
  return kept;
}

void Kept::write(const std::filesystem::path& file) const {
  if (file.empty()) return;
  write_file(file, Json{{"version", 1}, {"page", page}, {"text_scale", text_scale}, {"device", device}}.dump(1) + "\n");
}

}  // namespace mid::desktop
