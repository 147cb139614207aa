// What this program was built from.
#ifndef OASIS_METRICS_BUILD_INFO_H_
#define OASIS_METRICS_BUILD_INFO_H_

namespace oasis {

struct BuildInfo {
  const char* version;   // of the project: "0.1.0"
  const char* commit;    // twelve hex digits; "unknown" outside git
  const char* compiler;  // "gcc 12.2.0"
};
const BuildInfo& GetBuildInfo();

}  // namespace oasis

#endif  // OASIS_METRICS_BUILD_INFO_H_
