// mid-studio: the stories in a window, with the core of this machine.
#include <SDL.h>

#include <cstdio>

#include "mid/base/error.hpp"
#include "mid/base/text.hpp"
#include "opened_file.hpp"
#include "studio.hpp"

namespace {

int complain(const char* sentence, int code) {
  std::fprintf(stderr, "mid-studio: %s\n", mid::printable(sentence).c_str());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace mid;
  constexpr int kRunFailed = 1, kBadInput = 2;
  try {
    desktop::Options options;
    if (const int code = options.read(argc, argv); code >= 0) return code;
    const Json spec = options.open.empty() || desktop::is_table(options.open) ? Json() : desktop::opened_spec(options.open);
    if (const std::string model = options.model.string(); !model.empty()) {
      if (spec.is_object()) throw Error(model, "is attacked on a table; name that first: mid-studio people.csv m.onnx");
      if (!desktop::is_model(options.model)) throw Error(model, "is no model; name an .onnx, .safetensors or tree.json file that is there");
    }
    desktop::Studio studio(options, spec);
    if (options.screenshot.empty())
      studio.run();
    else
      studio.take_picture();
    return 0;
  } catch (const Error& e) {
    return complain(e.what(), kBadInput);
  } catch (const Failure& e) {
    return complain(e.what(), kRunFailed);
  } catch (const std::exception& e) {  // nothing we know of: still a sentence and an exit code, not an abort
    return complain((std::string("an unexpected error: ") + e.what()).c_str(), kRunFailed);
  }
}
