// Flags that can also be keys of a config file and environment variables.
#ifndef OASIS_APPS_SERVE_CONFIG_FILE_H_
#define OASIS_APPS_SERVE_CONFIG_FILE_H_

#include <CLI/App.hpp>
#include <string>

namespace oasis {

// Makes every flag that `command` has so far, say --max-age, also the variable OASIS_MAX_AGE, and
// adds
// --config FILE. The command line wins over the environment, and that over the file.
void MakeConfigurable(CLI::App& command);

// Sets what the file given by --config says and neither the command line nor the environment did.
// To be called once, when `command` has been parsed; does nothing without --config. The file has a
// line `max-age = "2h"` for each flag (TOML or INI, comments with #), at its top or in a section
// [serve]. Throws CLI::ParseError, as the parse itself does, naming the file, the key and what is
// wrong.
void ApplyConfigFile(CLI::App& command);

}  // namespace oasis

#endif  // OASIS_APPS_SERVE_CONFIG_FILE_H_
