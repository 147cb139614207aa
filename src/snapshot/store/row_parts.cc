#include "snapshot/store/row_parts.h"

#include <algorithm>

#include "oasis/status.h"
#include "snapshot/remedies.h"
#include "snapshot/rocksdb_status.h"
#include "snapshot/run_reader.h"
#include "snapshot/slices.h"

namespace oasis {
namespace {

__extension__ using Wide = unsigned __int128;

Wide ToWide(const Gid& gid) { return static_cast<Wide>(gid.hi) << 64 | gid.lo; }

ItemKey KeyAt(Wide gid) {
  return {{static_cast<uint64_t>(gid >> 64), static_cast<uint64_t>(gid)}, ItemKind::kTrack};
}

}  // namespace

std::vector<RowPart> CutIntoParts(const Manifest& manifest, int64_t items_per_part) {
  std::vector<RowPart> parts;
  for (size_t i = 0; i < manifest.files.size(); ++i) {
    const ScoreFile& file = manifest.files[i];
    const Wide first = ToWide(file.first_key.gid);
    const auto count = static_cast<Wide>(std::max<int64_t>(1, file.items / items_per_part));
    const Wide step = (ToWide(file.last_key.gid) - first) / count;
    std::optional<ItemKey> begin;
    for (Wide cut = 1; cut < count && step > 0; ++cut) {
      const ItemKey end = KeyAt(first + cut * step);
      parts.push_back({i, begin, end});
      begin = end;
    }
    parts.push_back({i, begin, std::nullopt});
  }
  return parts;
}

absl::StatusOr<PartContent> ReadPart(const RowPart& part, const Manifest& manifest,
                                     rocksdb::Iterator& runs, absl::string_view place,
                                     const std::function<absl::Status(const ItemRow&)>& row) {
  PartContent content;
  RunReader reader(manifest);
  const ItemRow& item = reader.row();
  if (part.begin.has_value()) {
    runs.Seek(ToSlice(EncodeKey(*part.begin)));
  } else {
    runs.SeekToFirst();
  }
  for (; runs.Valid(); runs.Next()) {
    OASIS_RETURN_IF_ERROR(Annotate(reader.Begin(runs), place));
    if (part.end.has_value() && item.key >= *part.end) break;
    if (content.items == 0) content.first_key = item.key;
    while (true) {
      content.items += 1;
      content.rows += static_cast<int64_t>(item.contexts.size());
      OASIS_RETURN_IF_ERROR(row(item));
      if (reader.AtLast()) break;
      OASIS_RETURN_IF_ERROR(Annotate(reader.Next(), place));
    }
    content.last_key = item.key;
  }
  OASIS_RETURN_IF_ERROR(ReadError(runs.status(), place));
  return content;
}

absl::Status CheckContents(const std::vector<RowPart>& parts,
                           const std::vector<PartContent>& contents, const Manifest& manifest,
                           absl::string_view what) {
  std::vector<PartContent> files(manifest.files.size());
  int64_t rows = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (contents[i].items == 0) continue;
    PartContent& file = files[parts[i].file];
    if (file.items == 0) {
      file.first_key = contents[i].first_key;
    } else if (contents[i].first_key <= file.last_key) {
      return Damaged(what, ": ", FormatKey(contents[i].first_key), ": it does not come after ",
                     FormatKey(file.last_key));
    }
    file.last_key = contents[i].last_key;
    file.items += contents[i].items;
    rows += contents[i].rows;
  }
  for (size_t i = 0; i < files.size(); ++i) {
    const ScoreFile& file = manifest.files[i];
    if (files[i].items != file.items) {
      return Damaged(what, ": holds ", files[i].items, " items of ", file.name,
                     "; the manifest says ", file.items);
    }
    if (files[i].first_key != file.first_key || files[i].last_key != file.last_key) {
      return Damaged(what, ": the keys of ", file.name, " are from ", FormatKey(files[i].first_key),
                     " to ", FormatKey(files[i].last_key), "; the manifest says ",
                     FormatKey(file.first_key), " to ", FormatKey(file.last_key));
    }
  }
  if (rows == manifest.rows) return absl::OkStatus();
  return Damaged(what, ": holds ", rows, " rows; the manifest says ", manifest.rows);
}

}  // namespace oasis
