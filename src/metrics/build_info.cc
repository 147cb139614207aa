#include "metrics/build_info.h"

namespace oasis {

const BuildInfo& GetBuildInfo() {
  static constexpr BuildInfo kInfo = {OASIS_VERSION, OASIS_COMMIT,
#ifdef __clang__
                                      "clang " __clang_version__
#else
                                      "gcc " __VERSION__
#endif
  };
  return kInfo;
}

}  // namespace oasis
