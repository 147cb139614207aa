// What a run of `oasis` can end with.
#ifndef OASIS_APPS_EXIT_CODE_H_
#define OASIS_APPS_EXIT_CODE_H_

namespace oasis {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;         // refused or failed; stderr says why
inline constexpr int kExitUsage = 2;          // the command line or the config file is wrong
inline constexpr int kExitInterrupted = 130;  // 128 + SIGINT, as shells have it

}  // namespace oasis

#endif  // OASIS_APPS_EXIT_CODE_H_
