#include "snapshot/load/table_from_store.h"

#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "machine/parallel.h"
#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/statistics.h"

namespace oasis {
namespace {

absl::Status CheckSentinel(const Table& table, const Sentinel& sentinel, const Context& context) {
  const FallbackChain chain =
      table.contexts().Resolve(context.surface, context.market, context.cohort);
  std::vector<int> signals(table.signals().size());
  std::iota(signals.begin(), signals.end(), 0);
  std::vector<float> scores(signals.size());
  int status = 0;
  table.Lookup({&sentinel.key, 1}, chain, signals, absl::MakeSpan(scores), {&status, 1});
  if (status != static_cast<int>(ItemStatus::kFound)) {
    return absl::DataLossError("expected a score, the table has none");
  }
  for (size_t i = 0; i < signals.size(); ++i) {
    const Signal& signal = table.signals()[i];
    if (SameScore(sentinel.scores[i], scores[i], signal)) continue;
    return absl::DataLossError(absl::StrCat("signal ", signal.name, ": expected ",
                                            sentinel.scores[i], ", the table answers ", scores[i]));
  }
  const Explanation why = table.Explain(sentinel.key, chain, 0);
  if (why.context == sentinel.context) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the table answers from the row of ",
                                          FormatContext(table.contexts().contexts()[why.context])));
}

}  // namespace

TableBuilder::Options TableOptions(const Manifest& manifest, bool huge_pages) {
  TableBuilder::Options options;
  options.info = {manifest.score_set, manifest.variant, manifest.snapshot_id, manifest.created};
  options.signals = manifest.signals;
  options.contexts = manifest.contexts;
  options.campaigns = manifest.campaigns;
  options.items = manifest.items;
  options.huge_pages = huge_pages;
  return options;
}

absl::StatusOr<BuiltTable> BuildTable(const Store& store, const Manifest& manifest, bool huge_pages,
                                      const Progress& progress) {
  TableBuilder::Options options = TableOptions(manifest, huge_pages);
  absl::StatusOr<std::shared_ptr<const Table>> kept = store.ReadTable(manifest, options, progress);
  if (kept.ok()) return BuiltTable{*std::move(kept), absl::OkStatus()};
  if (absl::IsCancelled(kept.status())) return kept.status();

  OASIS_ASSIGN_OR_RETURN(TableBuilder builder, TableBuilder::Create(std::move(options)));
  std::vector<TableBuilder::Adder> adders;
  const int threads = LoadThreads();
  for (int i = 0; i < threads; ++i) adders.emplace_back(builder);
  const auto add = [&](int thread, const ItemRow& row) {
    return adders[static_cast<size_t>(thread)].Add(row);
  };
  const TableName name = {manifest.score_set, manifest.variant};
  OASIS_RETURN_IF_ERROR(
      store.ReadRows(name, manifest.snapshot_id, manifest, threads, add, progress));
  for (TableBuilder::Adder& adder : adders) OASIS_RETURN_IF_ERROR(adder.Finish());
  OASIS_ASSIGN_OR_RETURN(std::shared_ptr<const Table> table, builder.Build());
  return BuiltTable{std::move(table), kept.status()};
}

absl::StatusOr<std::shared_ptr<const Table>> BuildTableOfFiles(const std::filesystem::path& dir,
                                                               const Manifest& manifest,
                                                               bool huge_pages,
                                                               const Progress& progress) {
  OASIS_ASSIGN_OR_RETURN(TableBuilder builder,
                         TableBuilder::Create(TableOptions(manifest, huge_pages)));
  OASIS_RETURN_IF_ERROR(ReadRows(
      dir, manifest, [&](const ItemRow& row) { return builder.Add(row); }, progress));
  return builder.Build();
}

absl::Status CheckSentinels(const Table& table, const Manifest& manifest) {
  const std::string name = absl::StrCat("snapshot '", manifest.snapshot_id, "' of ",
                                        manifest.score_set, "/", manifest.variant);
  for (const Sentinel& sentinel : manifest.sentinels) {
    const Context& context = manifest.contexts[sentinel.context];
    const absl::Status status = CheckSentinel(table, sentinel, context);
    if (!status.ok()) {
      const std::string place = absl::StrCat(name, ": sentinel ", FormatKey(sentinel.key), " in ",
                                             FormatContext(context));
      return WithRemedy(Annotate(status, place), kLoadAgain);
    }
  }
  return absl::OkStatus();
}

}  // namespace oasis
