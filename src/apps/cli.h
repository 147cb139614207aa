// The command line of `oasis`: its commands, its exit codes, its errors.
#ifndef OASIS_APPS_CLI_H_
#define OASIS_APPS_CLI_H_

namespace oasis {

// Runs the command that the arguments name. Returns 0, 1 (refused or failed), 2 (wrong usage) or
// 130 (ended by Ctrl-C). Errors go to stderr as "oasis: <what, where, why, what to do>".
int RunCli(int argc, const char* const* argv);

}  // namespace oasis

#endif  // OASIS_APPS_CLI_H_
