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
