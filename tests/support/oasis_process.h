// Runs the real `oasis` binary in a test. Needs OASIS_BINARY, which oasis_cli_test() defines.
#ifndef OASIS_TESTS_SUPPORT_OASIS_PROCESS_H_
#define OASIS_TESTS_SUPPORT_OASIS_PROCESS_H_

#include <absl/strings/str_cat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/http.h"
#include "support/process.h"

namespace oasis::testing {

inline std::vector<std::string> OasisCommand(std::vector<std::string> args) {
  args.insert(args.begin(), OASIS_BINARY);
  return args;
}

// `oasis <args>` run to its end; the patience is that of a machine that is busy with other tests.
inline RunResult RunOasis(std::vector<std::string> args,
                          const Process::Environment& environment = {}) {
  return RunProgram(OasisCommand(std::move(args)), environment, std::chrono::minutes(3));
}

// A running `oasis serve` on free ports of the loopback. Killed when this object goes.
class OasisServer {
 public:
  // Starts it on `data_dir` and waits until it listens; ok() tells whether it does.
  explicit OasisServer(const std::filesystem::path& data_dir, std::vector<std::string> more = {},
                       std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    const std::string port_file = absl::StrCat(data_dir.string(), ".ports");
    std::filesystem::remove(port_file);
    std::vector<std::string> args = {"serve",       "--data-dir",       data_dir.string(),
                                     "--listen",    "127.0.0.1:0",      "--admin-listen",
                                     "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                                     "--port-file", port_file};
    args.insert(args.end(), more.begin(), more.end());
    process_ = std::make_unique<Process>(OasisCommand(std::move(args)));
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!std::filesystem::exists(port_file)) {  // written whole, by a rename
      const bool ended = process_->WaitExit(std::chrono::milliseconds(5));
      if (ended || std::chrono::steady_clock::now() > until) return;
    }
    ports_ = nlohmann::json::parse(std::ifstream(port_file));
  }

  bool ok() const { return !ports_.is_null(); }
  std::string listen() const { return Address("listen"); }
  std::string admin() const { return Address("admin"); }
  int metrics_port() const { return ports_.at("metrics").get<int>(); }
  std::string MetricsPage() const { return HttpGet(metrics_port(), "/metrics"); }
  Process& process() { return *process_; }

  // Whether it logs `text`, or has; its lines are written by a thread that nobody waits for.
  bool Logs(const std::string& text,
            std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (process_->err().find(text) == std::string::npos) {
      const bool ended = process_->WaitExit(std::chrono::milliseconds(5));
      if (ended || std::chrono::steady_clock::now() > until) {
        return process_->err().find(text) != std::string::npos;
      }
    }
    return true;
  }

 private:
  std::string Address(const char* name) const {
    return absl::StrCat("127.0.0.1:", ports_.at(name).get<int>());
  }

  std::unique_ptr<Process> process_;
  nlohmann::json ports_;
};

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_OASIS_PROCESS_H_
