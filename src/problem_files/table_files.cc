#include "problem_files/table_files.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace oasis::problem_files {
namespace {

constexpr absl::string_view kEdges = "edges";
constexpr absl::string_view kEdgeParts = "edges-";
constexpr absl::string_view kSuffixes[] = {".csv",   ".csv.gz",   ".csv.zst",
                                           ".jsonl", ".jsonl.gz", ".jsonl.zst"};

// "contexts" of "contexts.csv.gz"; empty when the file is no table of any problem.
std::string TableOf(absl::string_view file) {
  for (const absl::string_view suffix : kSuffixes) {
    if (absl::EndsWith(file, suffix))
      return std::string(file.substr(0, file.size() - suffix.size()));
  }
  return {};
}

// By table, its files in the order of their names.
using FilesByTable = std::map<std::string, std::vector<std::string>>;

absl::StatusOr<FilesByTable> List(const std::filesystem::path& dir) {
  std::error_code error;
  FilesByTable files;
  for (std::filesystem::directory_iterator it(dir, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    const std::string table = TableOf(name);
    if (!table.empty()) files[table].push_back(name);
  }
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot list the tables of ", dir.string()));
  }
  for (auto& [table, names] : files) std::sort(names.begin(), names.end());
  return files;
}

}  // namespace

absl::StatusOr<TableFiles> FindTableFiles(const std::filesystem::path& dir,
                                          records::BadRows* faults) {
  absl::StatusOr<FilesByTable> listed = List(dir);
  if (!listed.ok()) return listed.status();
  TableFiles tables;
  const auto use = [&](const std::string& table) -> std::string {
    const auto found = listed->find(table);
    if (found == listed->end()) return {};
    const std::vector<std::string>& names = found->second;
    if (names.size() > 1) {
      faults->Add(absl::StrCat(dir.string(), ": ", absl::StrJoin(names, " and "),
                               " are several files for one table: leave one"));
    }
    const std::filesystem::path path = dir / names.front();
    std::error_code ignored;
    tables.bytes += static_cast<int64_t>(std::filesystem::file_size(path, ignored));
    return path.string();
  };
  const auto missing = [&](absl::string_view table, absl::string_view more) {
    faults->Add(absl::StrCat(dir.string(), ": there is no ", table, ".csv or ", table,
                             ".jsonl (plain, .gz or .zst)", more));
  };
  for (const auto& [table, member] :
       {std::pair("contexts", &TableFiles::contexts), std::pair("zones", &TableFiles::zones),
        std::pair("items", &TableFiles::items), std::pair("campaigns", &TableFiles::campaigns),
        std::pair("terms", &TableFiles::terms),
        std::pair("constraints", &TableFiles::constraints)}) {
    tables.*member = use(table);
  }
  for (const auto& [table, names] : *listed) {
    if (table == kEdges || absl::StartsWith(table, kEdgeParts)) tables.edges.push_back(use(table));
  }
  if (tables.contexts.empty()) missing("contexts", "");
  if (tables.items.empty()) missing("items", "");
  if (tables.edges.empty()) missing(kEdges, ", nor edges-….csv or edges-….jsonl");
  if (tables.edges.size() > 1 && listed->contains(std::string(kEdges))) {
    faults->Add(absl::StrCat(dir.string(), ": there are both edges.… and edges-….…: name all of ",
                             "them edges-…, or leave one table"));
  }
  return tables;
}

}  // namespace oasis::problem_files
