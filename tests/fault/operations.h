// What a server does to its disk: each operation on a directory that is made ready for it.
#ifndef OASIS_TESTS_FAULT_OPERATIONS_H_
#define OASIS_TESTS_FAULT_OPERATIONS_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fault/fault_server.h"

namespace oasis::testing {

inline const TableName kModelTable = {"discovery-mode", "control"};
inline const Caller kOperator = {"alice", "a test"};

// The snapshots of all operations, by id: "s1", "s2", "s3", and "s4", which guardrails block.
ModelSnapshot ModelSnapshotOf(const std::string& id);

struct Operation {
  std::string name;
  // Before it s1 and s2 are kept, s2 is live, and two overrides hold; and this was done:
  std::function<void(FaultServer& server, const std::filesystem::path& data)> prepare;
  // OK when it says that it was done. `sources` has a directory for each snapshot.
  std::function<absl::Status(FaultServer& server, const std::filesystem::path& sources)> run;
  bool starts_server = false;  // the operation is the start itself; `run` is not called
};

const std::vector<Operation>& Operations();
const Operation& OperationOf(const std::string& name);

// Runs it at a time of its own: it does the same whatever the start did before.
absl::Status RunAt(const Operation& operation, FaultServer& server,
                   const std::filesystem::path& sources);

// OK when the report says that something was published.
absl::Status OutcomeOf(const LoadReport& report);

// Writes the snapshots to directories of their names.
void WriteSources(const std::filesystem::path& sources);

// A closed store on which `operation` can be run.
void Prepare(const Operation& operation, const std::filesystem::path& sources,
             const std::filesystem::path& data);

// What is seen after a start on a copy of `data`, on which `operation` was run before if `done`.
View ViewAfterStart(const Operation& operation, const std::filesystem::path& sources,
                    const std::filesystem::path& data, bool done);

}  // namespace oasis::testing

#endif  // OASIS_TESTS_FAULT_OPERATIONS_H_
