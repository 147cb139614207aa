#include <stdio.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "apps/commands/flags.h"
#include "apps/commands/snapshot_commands.h"
#include "apps/exit_code.h"
#include "apps/interrupt.h"
#include "apps/progress_line.h"
#include "apps/text.h"
#include "oasis/diff.h"
#include "oasis/status.h"

namespace oasis {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::filesystem::path before;
  std::filesystem::path after;
  int movers = kDefaultMoversShown;
  bool json = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("old", options.before, "The earlier snapshot")->required()->type_name("DIR");
  command.add_option("new", options.after, "The later snapshot")->required()->type_name("DIR");
  command.add_option("--movers", options.movers, "How many of the largest moves to show")
      ->check(AtLeast(0))
      ->capture_default_str();
  AddJsonFlag(command, options.json);
}

std::string CountsText(const DiffCounts& counts) {
  return absl::StrCat(FormatCount(counts.added), " added, ", FormatCount(counts.removed),
                      " removed, ", FormatCount(counts.changed), " changed, ",
                      FormatCount(counts.unchanged), " as before");
}

std::string SideText(const DiffSide& side) {
  return absl::StrCat(side.score_set, "/", side.variant, " ", side.snapshot_id, ", made ",
                      FormatInstant(side.created), ": ", FormatCount(side.items), " items, ",
                      FormatCount(side.rows), " rows\n");
}

std::string ContextNames(const std::vector<Context>& contexts) {
  std::vector<std::string> names;
  for (const Context& context : contexts) names.push_back(FormatContext(context));
  return absl::StrJoin(names, ", ");
}

std::string ListsText(const SnapshotDiff& diff) {
  std::string text;
  const auto add = [&](absl::string_view what, const std::string& names) {
    if (!names.empty()) absl::StrAppend(&text, what, ": ", names, "\n");
  };
  add("new signals", absl::StrJoin(diff.added_signals, ", "));
  add("signals that are gone", absl::StrJoin(diff.removed_signals, ", "));
  add("new contexts", ContextNames(diff.added_contexts));
  add("contexts that are gone", ContextNames(diff.removed_contexts));
  return text;
}

std::string SlicesText(const std::vector<SliceDiff>& slices) {
  TextTable table({"surface", "market", ">added", ">removed", ">changed", ">as before", "signal",
                   ">mean", ">-> mean", ">p5", ">-> p5", ">p95", ">-> p95"});
  const auto score = [](double value) { return absl::StrFormat("%.4f", value); };
  for (const SliceDiff& slice : slices) {
    for (const SignalDiff& signal : slice.signals) {
      table.Add({slice.surface, slice.market, FormatCount(slice.rows.added),
                 FormatCount(slice.rows.removed), FormatCount(slice.rows.changed),
                 FormatCount(slice.rows.unchanged), signal.signal, score(signal.before.mean),
                 score(signal.after.mean), score(signal.before.p5), score(signal.after.p5),
                 score(signal.before.p95), score(signal.after.p95)});
    }
  }
  return table.Text();
}

std::string MoversText(const std::vector<Mover>& movers) {
  if (movers.empty()) return "";
  TextTable table({"largest moves", "context", "signal", ">before", ">after", ">move"});
  for (const Mover& mover : movers) {
    table.Add({FormatKey(mover.key), FormatContext(mover.context), mover.signal,
               absl::StrFormat("%.4f", mover.before), absl::StrFormat("%.4f", mover.after),
               absl::StrFormat("%+.4f", mover.after - mover.before)});
  }
  return absl::StrCat("\n", table.Text());
}

ordered_json CountsJson(const DiffCounts& counts) {
  return {{"added", counts.added},
          {"removed", counts.removed},
          {"changed", counts.changed},
          {"unchanged", counts.unchanged}};
}

ordered_json SideJson(const DiffSide& side) {
  return {{"score_set", side.score_set},
          {"variant", side.variant},
          {"snapshot_id", side.snapshot_id},
          {"created", FormatInstant(side.created)},
          {"items", side.items},
          {"rows", side.rows}};
}

ordered_json SummaryJson(const ScoreSummary& scores) {
  return {{"rows", scores.rows}, {"mean", scores.mean}, {"min", scores.min}, {"max", scores.max},
          {"p5", scores.p5},     {"p50", scores.p50},   {"p95", scores.p95}};
}

ordered_json ContextsJson(const std::vector<Context>& contexts) {
  ordered_json json = ordered_json::array();
  for (const Context& context : contexts) json.push_back(FormatContext(context));
  return json;
}

ordered_json ToJson(const SnapshotDiff& diff) {
  ordered_json json;
  json["before"] = SideJson(diff.before);
  json["after"] = SideJson(diff.after);
  json["added_signals"] = diff.added_signals;
  json["removed_signals"] = diff.removed_signals;
  json["added_contexts"] = ContextsJson(diff.added_contexts);
  json["removed_contexts"] = ContextsJson(diff.removed_contexts);
  json["items"] = CountsJson(diff.items);
  json["rows"] = CountsJson(diff.rows);
  json["slices"] = ordered_json::array();
  for (const SliceDiff& slice : diff.slices) {
    ordered_json signals = ordered_json::object();
    for (const SignalDiff& signal : slice.signals) {
      signals[signal.signal] = {{"before", SummaryJson(signal.before)},
                                {"after", SummaryJson(signal.after)}};
    }
    json["slices"].push_back({{"surface", slice.surface},
                              {"market", slice.market},
                              {"rows", CountsJson(slice.rows)},
                              {"signals", signals}});
  }
  json["movers"] = ordered_json::array();
  for (const Mover& mover : diff.movers) {
    json["movers"].push_back({{"item", FormatKey(mover.key)},
                              {"context", FormatContext(mover.context)},
                              {"signal", mover.signal},
                              {"before", mover.before},
                              {"after", mover.after}});
  }
  return json;
}

absl::Status Run(const Options& options) {
  const Interrupt interrupt(kExitInterrupted);
  absl::StatusOr<SnapshotDiff> diff;
  {
    ProgressLine line;
    const auto progress = [&](int64_t done, int64_t total) {
      line.Update("diff", done, total);
      return interrupt.Check();
    };
    diff = DiffSnapshots(options.before, options.after, progress, options.movers);
  }
  OASIS_RETURN_IF_ERROR(diff.status());
  if (options.json) {
    PrintJson(ToJson(*diff));
    return absl::OkStatus();
  }
  const std::string text =
      absl::StrCat("old  ", SideText(diff->before), "new  ", SideText(diff->after), "items  ",
                   CountsText(diff->items), "\nrows   ", CountsText(diff->rows), "\n",
                   ListsText(*diff), "\n", SlicesText(diff->slices), MoversText(diff->movers));
  fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotDiffCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(parent, action, "diff", "Compare two snapshots row by row",
                      "oasis snapshot diff snapshots/sunday snapshots/monday --movers 20",
                      &AddFlags, &Run);
}

}  // namespace oasis
