// Figures that the maker of a snapshot vouches for.
#include <string>
#include <utility>
#include <vector>

#include "oasis/gate.h"
#include "oasis/limits.h"
#include "oasis/manifest.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<Manifest> Write(const TempDir& dir, std::vector<Gate> gates) {
  Manifest description = SampleDescription();
  description.gates = std::move(gates);
  return WriteSnapshot(dir.path(), description, SampleRows(3));
}

TEST(ManifestGatesTest, AreReadAsTheyWereWritten) {
  const TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest written,
                             Write(dir, {{"gap", 3.5e-5, 1e-4}, {"violation", 0.0, 1e-6}}));
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest read, ReadManifest(dir.path()));
  EXPECT_TRUE(read == written);
  EXPECT_EQ(read.gates.size(), 2u);
}

TEST(ManifestGatesTest, AreNotInAManifestThatHasNone) {
  const TempDir dir;
  ASSERT_THAT(Write(dir, {}), IsOk());
  EXPECT_THAT(ReadFile(dir / "MANIFEST.json"), Not(HasSubstr("gates")));
}

TEST(ManifestGatesTest, AreRefusedWhenTheyCannotBeJudged) {
  const auto refused = [](std::vector<Gate> gates, const std::string& why) {
    const TempDir dir;
    EXPECT_THAT(Write(dir, std::move(gates)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why)));
  };
  refused({{"", 0.0, 1.0}}, "gate ''");
  refused({{"gap", 0.0, 1.0}, {"gap", 0.0, 1.0}}, "gap stands twice");
  refused({{"gap", -1.0, 1.0}}, "its value -1 is not from 0");
  refused({{"gap", 1.0, 0.0}}, "its limit 0 is not above 0");
  refused(std::vector<Gate>(kMaxGates + 1, {"gap", 0.0, 1.0}), "one snapshot can have 64");
}

}  // namespace
}  // namespace oasis::testing
