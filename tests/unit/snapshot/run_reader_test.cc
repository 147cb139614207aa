#include "snapshot/run_reader.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "oasis/status.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/sst_file_writer.h"
#include "snapshot/row_codec.h"
#include "snapshot/sst_options.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

std::string RunOf(const std::vector<ItemRow>& rows) {
  std::string run;
  std::string item;
  for (const ItemRow& row : rows) {
    EncodeRow(row, &item);
    run += item;
  }
  return run;
}

// The status of reading all runs of a file that has these records.
absl::Status Read(const std::vector<std::pair<std::string, std::string>>& records) {
  const TempDir dir;
  rocksdb::SstFileWriter writer({}, SstOptions());
  EXPECT_TRUE(writer.Open(dir / "sst").ok());
  for (const auto& [key, run] : records) EXPECT_TRUE(writer.Put(key, run).ok());
  EXPECT_TRUE(writer.Finish().ok());
  rocksdb::SstFileReader file(SstOptions());
  EXPECT_TRUE(file.Open(dir / "sst").ok());
  const std::unique_ptr<rocksdb::Iterator> runs(file.NewIterator(ScanOptions()));
  const Manifest manifest = SampleDescription();
  RunReader reader(manifest);
  for (runs->SeekToFirst(); runs->Valid(); runs->Next()) {
    OASIS_RETURN_IF_ERROR(reader.Begin(*runs));
    while (!reader.AtLast()) OASIS_RETURN_IF_ERROR(reader.Next());
  }
  return absl::OkStatus();
}

const std::string kFirst = EncodeKey(SampleRow(1).key);
const std::string kThird = EncodeKey(SampleRow(3).key);

TEST(RunReaderTest, ReadsRunsWhoseItemsAscend) {
  EXPECT_THAT(
      Read({{kFirst, RunOf({SampleRow(1), SampleRow(2)})}, {kThird, RunOf({SampleRow(3)})}}),
      IsOk());
}

TEST(RunReaderTest, RefusesAKeyThatIsNone) {
  EXPECT_THAT(Read({{"key", RunOf({SampleRow(1)})}}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("key 6b6579: it is not a key")));
}

TEST(RunReaderTest, RefusesARunUnderTheKeyOfAnotherItem) {
  EXPECT_THAT(Read({{kFirst, RunOf({SampleRow(2)})}}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("the key of its run is that of")));
}

TEST(RunReaderTest, RefusesAnEmptyRun) {
  EXPECT_THAT(Read({{kFirst, ""}}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("byte 0 of the run: it ends")));
}

TEST(RunReaderTest, RefusesBytesAfterTheLastItemOfARun) {
  EXPECT_THAT(Read({{kFirst, RunOf({SampleRow(1)}) + "more"}}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("of the run: it ends within")));
}

TEST(RunReaderTest, RefusesItemsThatDoNotAscendWithinARun) {
  EXPECT_THAT(Read({{kFirst, RunOf({SampleRow(1), SampleRow(1)})}}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not come after")));
}

TEST(RunReaderTest, RefusesARunThatBeginsBeforeTheEndOfTheLast) {
  EXPECT_THAT(
      Read({{kFirst, RunOf({SampleRow(1), SampleRow(4)})}, {kThird, RunOf({SampleRow(3)})}}),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not come after")));
}

}  // namespace
}  // namespace oasis::testing
