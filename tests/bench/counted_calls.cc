// The request path for callgrind to count the instructions of (instructions.py): a call of 500
// items, some of them missing, from the bytes of the request to those of the reply, or the lookup
// alone.
//
//   counted_calls gids|uris|NAME_OF_A_LOOKUP_KERNEL
//
// prints "keys N", or "not here" where the machine cannot run that kernel.
#include <absl/functional/function_ref.h>

#include <cstdio>
#include <string>
#include <vector>

#include "bench/bench_keys.h"
#include "oasis/live_tables.h"
#include "oasis/v1/promotion_scores.pb.h"
#include "score/lookup_kernel.h"
#include "serving/get_handler.h"
#include "serving/get_wire.h"

// Callgrind counts what happens in here.
extern "C" [[gnu::noinline]] void CountedCall(absl::FunctionRef<void()> call) { call(); }

namespace oasis {
namespace {

constexpr int64_t kItems = 20'000;
constexpr int kCalls = 50;

std::shared_ptr<const Table> MakeTable() {
  TableBuilder::Options options;
  options.info = {std::string(kDefaultScoreSet), std::string(kControlVariant), "s1", absl::Now()};
  options.signals = {{"promotion", 1.0F}};
  options.contexts = {
      {"radio", "*", "*"}, {"radio", "*", "new"}, {"radio", "SE", "*"}, {"radio", "SE", "new"}};
  options.items = kItems;
  absl::StatusOr<TableBuilder> builder = TableBuilder::Create(options);
  for (int64_t i = 0; i < kItems; ++i) {
    ItemRow row;
    row.key.gid = GidOfNumber(static_cast<uint64_t>(i));
    row.contexts = {0, 1, 2, 3};
    row.campaigns.assign(4, kNoCampaign);
    row.scores = {1, 2, 3, 4};
    if (!builder->Add(row).ok()) Die("a row was refused");
  }
  return *builder->Build();
}

void CountLookups(const LookupKernel& kernel, const Table& table) {
  UseKernel(kernel);
  const FallbackChain chain = table.contexts().Resolve("radio", "SE", "new");
  RandomKeys random(kItems, /*miss_percent=*/10, /*seed=*/1);
  std::vector<float> scores(kBatch);
  std::vector<int> statuses(kBatch);
  for (int i = 0; i < kCalls; ++i) {
    const std::vector<ItemKey>& keys = random.Next();
    CountedCall(
        [&] { table.Lookup(keys, chain, {0}, absl::MakeSpan(scores), absl::MakeSpan(statuses)); });
  }
}

void CountCalls(bool uris, std::shared_ptr<const Table> table) {
  LiveTables tables;
  if (!tables.Publish(std::move(table)).ok()) Die("the table was refused");
  absl::StatusOr<LiveTables::Reader> reader = tables.NewReader();
  RandomKeys random(kItems, /*miss_percent=*/10, /*seed=*/1);
  GetScratch scratch;
  GetRequest parsed;
  for (int i = 0; i < kCalls; ++i) {
    v1::GetPromotionScoresRequest request;
    request.mutable_context()->set_surface("radio");
    request.mutable_context()->set_market("SE");
    for (const ItemKey& key : random.Next()) {
      std::string gid(kGidBytes, '\0');
      GidToBytes(key.gid, gid.data());
      if (uris) {
        request.add_item_uris(FormatTrackUri(key.gid));
      } else {
        request.mutable_item_gids()->append(gid);
      }
    }
    const std::string bytes = request.SerializeAsString();
    std::string reply(16'384, '\0');
    CountedCall([&] {
      if (!ParseGetRequest(bytes, kBatch, &parsed).ok() ||
          !HandleGet(*reader->Acquire(), {}, absl::Now(), parsed, scratch).ok() ||
          EncodedBytes(scratch.reply) > reply.size()) {
        Die("a call failed");
      }
      EncodeGetReply(scratch.reply, reinterpret_cast<uint8_t*>(reply.data()));
    });
  }
}

int Main(const std::string& what) {
  if (what == "gids" || what == "uris") {
    CountCalls(what == "uris", MakeTable());
  } else {
    const LookupKernel* found = nullptr;
    for (const LookupKernel* kernel : LookupKernels()) {
      if (kernel->name == what) found = kernel;
    }
    if (found == nullptr) return std::puts("not here") < 0;
    CountLookups(*found, *MakeTable());
  }
  return std::printf("keys %zu\n", kBatch * kCalls) < 0;
}

}  // namespace
}  // namespace oasis

int main(int argc, char** argv) { return oasis::Main(argc == 2 ? argv[1] : ""); }
