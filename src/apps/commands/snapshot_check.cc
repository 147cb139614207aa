#include <stdio.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "apps/commands/admin_call.h"
#include "apps/commands/flags.h"
#include "apps/commands/server_directory.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/serve/serve_options.h"
#include "apps/table_of_snapshot.h"
#include "machine/parallel.h"
#include "oasis/guardrails.h"
#include "oasis/manifest.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  std::filesystem::path candidate;
  std::filesystem::path against;  // empty: none
  std::filesystem::path policy;   // empty: the defaults
  std::filesystem::path html;     // empty: no page
  Peer server;                    // no address: it is checked here
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("new", options.candidate, "The snapshot to check")
      ->required()
      ->type_name("DIR");
  CLI::Option* against =
      command
          .add_option("--against", options.against,
                      "The snapshot that is live; without one only what needs none is checked")
          ->type_name("DIR");
  CLI::Option* policy =
      command
          .add_option("--policy", options.policy,
                      "Thresholds, as in docs/guardrails.md; without one the defaults")
          ->type_name("FILE");
  command
      .add_option("--server", options.server.address,
                  "The admin address of a server: to be checked there, with its live snapshot, its "
                  "policy and what it was asked of late; NEW is as the server sees it")
      ->type_name("HOST:PORT")
      ->check(CheckAddress)
      ->excludes(against)
      ->excludes(policy);
  options.server.admin = true;
  AddTlsFlags(command, options.server);
  command.add_option("--html", options.html, "Write the report as a page, too")->type_name("FILE");
  AddJsonFlag(command, options.json);
}

absl::Status CheckSameTable(const TableInfo& candidate, const TableInfo& live) {
  if (candidate.score_set == live.score_set && candidate.variant == live.variant) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("snapshot '", candidate.snapshot_id, "' is one of ", candidate.score_set, "/",
                   candidate.variant, " and '", live.snapshot_id, "' of ", live.score_set, "/",
                   live.variant, ": compare snapshots of one score set and variant"));
}

absl::StatusOr<GuardrailReport> Compare(const Options& options, const GuardrailPolicies& policies,
                                        const Interrupt& interrupt) {
  ProgressLine line;
  const auto step = [&](absl::string_view what) {
    return [&line, &interrupt, what](absl::string_view of, int64_t done, int64_t total) {
      line.Update(absl::StrCat(what, ": ", of), done, total);
      return interrupt.Check();
    };
  };
  OASIS_ASSIGN_OR_RETURN(const std::shared_ptr<const Table> candidate,
                         TableOfSnapshot(options.candidate, step("new")));
  std::shared_ptr<const Table> live;
  if (!options.against.empty()) {
    OASIS_ASSIGN_OR_RETURN(live, TableOfSnapshot(options.against, step("live")));
    OASIS_RETURN_IF_ERROR(CheckSameTable(candidate->info(), live->info()));
  }
  GuardrailRun run;
  run.now = absl::Now();
  run.threads = LoadThreads();
  run.progress = [&](int64_t done, int64_t total) {
    line.Update("compare", done, total);
    return interrupt.Check();
  };
  OASIS_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(options.candidate));
  if (live != nullptr) {
    OASIS_ASSIGN_OR_RETURN(const Manifest other, ReadManifest(options.against));
    run.reuses_id = other.snapshot_id == manifest.snapshot_id &&
                    EncodeManifest(other) != EncodeManifest(manifest);
  }
  run.gates = std::move(manifest.gates);
  return CheckGuardrails(*candidate, live.get(), policies.Of(candidate->info().score_set), run);
}

absl::Status WritePage(const std::filesystem::path& file, const std::string& page) {
  std::ofstream out(file, std::ios::binary);
  out << page;
  out.close();
  if (out) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(file.string(), ": cannot be written; is there such a directory, and room?"));
}

absl::Status Blocked(absl::string_view snapshot_id, absl::string_view summary) {
  return absl::FailedPreconditionError(absl::StrCat("snapshot '", snapshot_id, "' is ", summary));
}

absl::Status RunOnServer(const Options& options) {
  v1::CheckSnapshotRequest request;
  request.set_directory(ServerDirectory(options.candidate));
  request.set_json(options.json);
  request.set_page(!options.html.empty());
  const absl::StatusOr<v1::LoadResult> result =
      AwaitLoad(options.server, [&](v1::SnapshotAdmin::Stub& stub, grpc::ClientContext* context) {
        return stub.CheckSnapshot(context, request);
      });
  if (!result.ok()) return ExplainUnseen(result.status(), options.candidate);
  const v1::GuardrailResult& guardrails = result->guardrails();
  fputs(absl::StrCat(guardrails.report(), options.json ? "\n" : "").c_str(), stdout);
  if (!options.html.empty()) OASIS_RETURN_IF_ERROR(WritePage(options.html, guardrails.page()));
  if (guardrails.verdict() != v1::GuardrailResult::VERDICT_BLOCK) return absl::OkStatus();
  return Blocked(result->snapshot_id(), guardrails.summary());
}

absl::Status Run(const Options& options) {
  if (!options.server.address.empty()) return RunOnServer(options);
  if (options.policy == kNoPolicy) {
    return absl::InvalidArgumentError(
        "--policy none: that leaves nothing to check; give a file, or leave it out for the "
        "defaults");
  }
  GuardrailPolicies policies;
  if (!options.policy.empty()) {
    OASIS_ASSIGN_OR_RETURN(policies, GuardrailPolicies::Read(options.policy));
  }
  const Interrupt interrupt(kExitInterrupted);
  OASIS_ASSIGN_OR_RETURN(const GuardrailReport report, Compare(options, policies, interrupt));
  fputs(options.json ? absl::StrCat(GuardrailJson(report), "\n").c_str()
                     : GuardrailText(report).c_str(),
        stdout);
  if (!options.html.empty()) {
    OASIS_RETURN_IF_ERROR(WritePage(options.html, GuardrailHtml(report)));
  }
  if (report.verdict != Verdict::kBlock) return absl::OkStatus();
  return Blocked(report.candidate.info.snapshot_id, GuardrailSummary(report));
}

}  // namespace

void AddSnapshotCheckCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "check", "Check a snapshot against guardrails",
                      "oasis snapshot check snapshots/monday --against snapshots/sunday "
                      "--html report.html",
                      &AddFlags, &Run);
}

}  // namespace oasis
