// Flags that several commands have, each described once.
#ifndef OASIS_APPS_COMMANDS_FLAGS_H_
#define OASIS_APPS_COMMANDS_FLAGS_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "apps/client.h"
#include "apps/commands/commands.h"
#include "nlohmann/json.hpp"

namespace oasis {

// Adds a command whose options are an `Options`: `flags(CLI::App&, Options&)` declares the flags,
// `run(const Options&)` is the action. `example` stands at the end of --help.
template <typename Options>
CLI::App& AddCommand(CLI::App& parent, Action& action, const std::string& name,
                     const std::string& description, const std::string& example,
                     void (*flags)(CLI::App&, Options&), absl::Status (*run)(const Options&)) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.footer("Example:\n  " + example + "\n");
  auto options = std::make_shared<Options>();
  flags(command, *options);
  command.callback([&action, &command, run, options] {
    if (!command.get_subcommands().empty()) return;  // the action is theirs
    action = [run, options] { return run(*options); };
  });
  return command;
}

inline constexpr char kDefaultServingAddress[] = "127.0.0.1:50051";
inline constexpr char kDefaultAdminAddress[] = "127.0.0.1:50052";

// --server of the admin port, of the serving port, and the flags of TLS.
void AddAdminServerFlag(CLI::App& command, Peer& server);
void AddServingServerFlag(CLI::App& command, Peer& server);

// --tls-ca, --tls-cert, --tls-key and --tls-server-name, each also a variable OASIS_CLIENT_TLS_…:
// not OASIS_TLS_…, which are those of `oasis serve` on the same machine.
void AddTlsFlags(CLI::App& command, Peer& server);

// --score-set and --variant, `discovery-mode` and `control` unless given.
struct TableFlags {
  std::string score_set = "discovery-mode";
  std::string variant = "control";
};
void AddTableFlags(CLI::App& command, TableFlags& table);

void AddJsonFlag(CLI::App& command, bool& json);

// One of a few words, each with its value: "csv|jsonl".
template <typename Value>
void AddChoiceFlag(CLI::App& command, const std::string& name, Value& value,
                   const std::vector<std::pair<std::string, Value>>& choices,
                   const std::string& description) {
  std::string words;
  std::string chosen;
  for (const auto& [word, choice] : choices) {
    words += (words.empty() ? "" : "|") + word;
    if (choice == value) chosen = word;
  }
  const CLI::callback_t parse = [&value, choices, name, words](const CLI::results_t& values) {
    for (const auto& [word, choice] : choices) {
      if (word != values.at(0)) continue;
      value = choice;
      return true;
    }
    throw CLI::ValidationError(name, "'" + values.at(0) + "' is none of " + words);
  };
  command.add_option(name, parse, description)->type_name(words)->default_str(chosen);
}

// Durations as "500ms", "10s", "5m", "2h30m"; "inf" is none.
CLI::Option* AddDurationFlag(CLI::App& command, const std::string& name, absl::Duration& duration,
                             const std::string& description);

// RFC 3339: "2026-01-31T12:00:00Z"; a day is its beginning by UTC. A `time` of InfinitePast has no
// default to show.
CLI::Option* AddTimeFlag(CLI::App& command, const std::string& name, absl::Time& time,
                         const std::string& description);

// Makes of a duration the time so long ago, for what AddTimeFlag added.
CLI::Validator Ago();

// A whole number of things, at least 1, that may be written as 1e6. `count` is the default.
void AddCountFlag(CLI::App& command, const std::string& name, int64_t& count,
                  const std::string& description);

// At least that much. (CLI11's own PositiveNumber tells of a range up to 1.8e308.)
CLI::Validator AtLeast(int64_t least);

// A whole number from `least` to `most`, written with digits alone.
CLI::Validator WholeNumber(int64_t least, int64_t most);

// host:port, as every address of a command line must be: "[::1]:50051", "oasis.local:50051".
std::string CheckAddress(const std::string& address);

void PrintJson(const nlohmann::ordered_json& json);

}  // namespace oasis

#endif  // OASIS_APPS_COMMANDS_FLAGS_H_
