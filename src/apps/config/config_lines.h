// The lines of a config file, before anyone knows what they mean.
#ifndef OASIS_APPS_CONFIG_CONFIG_LINES_H_
#define OASIS_APPS_CONFIG_CONFIG_LINES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis {

struct ConfigLine {
  int number = 0;   // from 1
  std::string key;  // with its section in front: "serve.max-age"; "max-age" outside of any
  std::string value;
  std::string fault;  // what keeps it from being a key and its value; empty: nothing
};

// Takes a text of lines `key = value`, of which blank ones and those that are comments are left
// out. A subset of TOML: sections `[serve]`, comments from # on, values "text" (with \" \\ \n \r
// \t), 'text as it is', and, as in INI files, text without quotes that has no blank and no comma.
std::vector<ConfigLine> ParseConfigLines(absl::string_view text);

// The same of a file. NotFound or InvalidArgument, naming it, when it cannot be read.
absl::StatusOr<std::vector<ConfigLine>> ReadConfigLines(const std::string& file);

// `value` as the right side of such a line.
std::string ConfigValue(absl::string_view value);

}  // namespace oasis

#endif  // OASIS_APPS_CONFIG_CONFIG_LINES_H_
