#include "apps/loadtest/loadtest.h"

#include <stdio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "apps/commands/flags.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  LoadTestOptions test;
  bool allow_errors = false;
  bool json = false;
};

void AddLoadFlags(CLI::App& command, LoadTestOptions& test) {
  AddServingServerFlag(command, test.server);
  AddDurationFlag(command, "--duration", test.duration, "How long to measure");
  AddDurationFlag(command, "--warmup", test.warmup, "Before it; in no figure");
  command.add_option("--threads", test.threads, "Threads of the client")
      ->check(AtLeast(1))
      ->capture_default_str();
  command.add_option("--connections", test.connections, "TCP connections")
      ->check(AtLeast(1))
      ->capture_default_str();
  CLI::Option* concurrency =
      command
          .add_option("--concurrency", test.concurrency,
                      "Closed loop: this many calls under way, each answer sends the next call")
          ->check(AtLeast(1))
          ->capture_default_str();
  command
      .add_option("--rate", test.rate,
                  "Open loop: this many calls a second, whatever the answers take; latency counts "
                  "from when a call was due")
      ->check(AtLeast(1))
      ->excludes(concurrency);
  AddChoiceFlag<Schedule>(command, "--schedule", test.schedule,
                          {{"poisson", Schedule::kPoisson}, {"constant", Schedule::kConstant}},
                          "Open loop: the gaps between calls");
  command
      .add_option("--max-outstanding", test.max_outstanding,
                  "Open loop: calls beyond this many under way are not sent but failed")
      ->capture_default_str();
  AddDurationFlag(command, "--deadline", test.deadline, "Of a call");
  command.add_option("--client", test.client,
                     "The name of this client, for servers that limit each (x-oasis-client)");
}

void AddRequestFlags(CLI::App& command, LoadTestOptions& test) {
  command
      .add_option("--ids", test.ids,
                  "Items to ask for: tracks.csv or one URI a line, also .gz or .zst; - is stdin")
      ->type_name("FILE");
  command.add_option("--batch", test.batch, "Items a call")
      ->check(AtLeast(1))
      ->capture_default_str();
  AddChoiceFlag<IdMode>(command, "--mode", test.mode,
                        {{"gid", IdMode::kGid}, {"uri", IdMode::kUri}}, "How items are named");
  command.add_option("--miss-ratio", test.miss_ratio, "Share of items that no snapshot has")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--surface", test.surfaces, "Surfaces, drawn at random")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command.add_option("--market", test.markets, "Markets, drawn at random")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--cohort", test.cohorts, "Cohorts, drawn at random")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--score-set", test.score_set, "Score set (the server's default)");
  command.add_option("--variant", test.variant, "Experiment arm (the control)");
  command.add_option("--signals", test.signals, "Signals (promotion)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--seed", test.seed, "Same seed, same requests")->capture_default_str();
  command
      .add_option("--prepared", test.prepared,
                  "Different requests, made beforehand and sent in turn")
      ->capture_default_str();
}

void AddFlags(CLI::App& command, Options& options) {
  AddLoadFlags(command, options.test);
  AddRequestFlags(command, options.test);
  command.add_flag("--allow-errors", options.allow_errors, "Failed calls do not fail the command");
  AddJsonFlag(command, options.json);
}

absl::Status Run(const Options& options) {
  const Interrupt interrupt(kExitInterrupted);
  absl::StatusOr<LoadTestResult> result;
  {
    ProgressLine line;
    result = RunLoadTest(options.test, [&](const LoadTestProgress& progress) {
      line.Update(progress.warming_up ? "warm-up" : "load test",
                  absl::ToInt64Milliseconds(progress.done),
                  absl::ToInt64Milliseconds(progress.total));
      return interrupt.seen();
    });
  }
  OASIS_RETURN_IF_ERROR(result.status());
  if (options.json) {
    PrintJson(LoadTestToJson(options.test, *result));
  } else {
    fputs(FormatLoadTest(options.test, *result).c_str(), stdout);
  }
  const int64_t failed = result->figures.failed();
  if (failed > 0 && !options.allow_errors) {
    return absl::AbortedError(absl::StrCat(FormatCount(failed), failed == 1 ? " call" : " calls",
                                           " failed, one by: ", result->figures.first_error,
                                           " (--allow-errors accepts that)"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddLoadTestCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "loadtest", "Measure a server under load, without coordinated omission",
      "oasis loadtest --ids data/tracks.csv --surface radio --market US,SE --duration 10s",
      &AddFlags, &Run);
}

}  // namespace oasis
