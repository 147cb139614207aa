// The flags of a command as keys of a config file and as environment variables.
#ifndef OASIS_APPS_CONFIG_CONFIG_H_
#define OASIS_APPS_CONFIG_CONFIG_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "apps/config/config_lines.h"

namespace oasis {

// Where a value comes from; each wins over those before it.
enum class ConfigSource { kDefault, kFile, kVariable, kFlag };

struct Setting {
  std::string key;                   // "max-age"
  std::optional<std::string> value;  // nothing: not set, and there is no default
  ConfigSource source = ConfigSource::kDefault;
  std::string place;  // "oasis.toml:3", "OASIS_MAX_AGE", "--max-age"; empty for a default
};

// Makes each flag, say --max-age, also the variable OASIS_MAX_AGE and the key max-age of the file
// that --config or OASIS_CONFIG names. All three are known from the one declaration of the flag.
//
// CLI11 could read variables and files by itself; but it would read the variables whatever the
// command is, stop at the first fault, and know no lines.
class Config {
 public:
  // Takes the flags that `command` has so far, and adds --config FILE. `command` must outlive this.
  explicit Config(CLI::App& command);
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  // Sets what the variables and the file say. To be called once, when the command has been parsed.
  // Throws CLI::ParseError, as the parse itself does, with every fault of the file and the
  // variables, each with its place; also of those values that others win over.
  void Apply();

  // Only looks for the faults of one file, in place of Apply. InvalidArgument with all of them, or
  // why it cannot be read.
  absl::Status Check(const std::string& file);

  std::vector<Setting> Settings() const;  // in the order of the flags

  // Of variables that look like those that are known, misspelt. Others may be called OASIS_… too:
  // Kubernetes names the addresses of a service `oasis` so.
  std::vector<std::string> Doubts() const;

 private:
  struct Key {
    std::string name;
    CLI::Option* option = nullptr;
    std::vector<std::string> said;  // on the command line
    ConfigSource source = ConfigSource::kDefault;
    std::string place;
  };

  void AddFault(std::string fault);
  absl::Status Faults() const;
  std::string File() const;
  absl::Status ReadFile(const std::string& file);
  void TakeLine(const std::string& file, const ConfigLine& line);
  void TakeVariables();
  void TakeFlags();
  void Set(Key& key, const std::string& value, ConfigSource source, const std::string& place);
  // The key without its section, which must be [serve] or none.
  std::string WithoutSection(const std::string& place, const std::string& key);
  Key* Find(const std::string& name);
  std::vector<std::string> Names() const;

  std::vector<Key> keys_;
  std::string file_;                      // as --config says
  std::set<std::string> wrong_sections_;  // that were told
  std::vector<std::string> faults_;       // the first kMaxConfigFaultsShown
  int64_t fault_count_ = 0;
};

}  // namespace oasis

#endif  // OASIS_APPS_CONFIG_CONFIG_H_
