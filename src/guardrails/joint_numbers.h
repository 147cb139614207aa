// What two tables name, under common numbers.
#ifndef OASIS_GUARDRAILS_JOINT_NUMBERS_H_
#define OASIS_GUARDRAILS_JOINT_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/context.h"
#include "oasis/table.h"

namespace oasis {

// Names, numbered from 0 as they come.
class Numbering {
 public:
  uint32_t Of(absl::string_view name);
  const std::vector<std::string>& names() const { return names_; }

 private:
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  std::vector<std::string> names_;
};

// The numbers of what one table has.
struct TableNumbers {
  std::vector<uint32_t> surfaces;   // by context
  std::vector<uint32_t> markets;    // by context
  std::vector<uint32_t> slices;     // by context: the surface, as far as there are histograms
  std::vector<uint32_t> licensors;  // by campaign; the last one is of rows without a campaign
  std::vector<bool> running;        // by the same: whether now is within its dates
  std::vector<uint32_t> signals;    // by place in the table's signals
  std::vector<float> bins_a_step;   // by the same: of a histogram, for a quantised score of 1
  std::optional<size_t> promotion;  // its place

  size_t PlaceOf(CampaignId campaign) const {
    return campaign == kNoCampaign ? licensors.size() - 1 : campaign;
  }
};

// Both tables' surfaces, markets, licensors and signals. Immutable.
class JointNumbers {
 public:
  // `live` may be null. Both must outlive this. `now`: for the dates of campaigns.
  JointNumbers(const Table& candidate, const Table* live, absl::Time now);

  const std::vector<std::string>& surfaces() const { return surfaces_.names(); }
  const std::vector<std::string>& markets() const { return markets_.names(); }
  const std::vector<std::string>& licensors() const { return licensors_.names(); }
  const std::vector<std::string>& signals() const { return signals_.names(); }
  const std::vector<double>& scales() const { return scales_; }  // by signal: the larger one

  // Histograms are kept by slice and signal. A slice is a surface; the last slice may be several.
  size_t slices() const { return slices_; }
  std::string SliceName(size_t slice) const;

  const TableNumbers& candidate() const { return candidate_; }
  const TableNumbers& live() const { return live_; }

  // By the candidate's contexts: the same one in the live table, or kNoContext.
  const std::vector<ContextId>& live_contexts() const { return live_contexts_; }

 private:
  void Add(const Table& table, absl::Time now, TableNumbers* numbers);
  void AddSlicesAndBins(const Table& table, TableNumbers* numbers) const;

  Numbering surfaces_;
  Numbering markets_;
  Numbering licensors_;
  Numbering signals_;
  std::vector<double> scales_;
  size_t slices_ = 0;
  TableNumbers candidate_;
  TableNumbers live_;
  std::vector<ContextId> live_contexts_;
};

}  // namespace oasis

#endif  // OASIS_GUARDRAILS_JOINT_NUMBERS_H_
