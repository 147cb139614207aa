// Every bound of Oasis, with its unit. A flag may lower or raise the ones marked "default".
#ifndef OASIS_LIMITS_H_
#define OASIS_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace oasis {

// ---- requests -----------------------------------------------------------------------------------
inline constexpr int kDefaultMaxItemsPerRequest = 4096;
// An item in flight is one whose call was accepted and whose reply has not been sent. This default,
// for each serving thread, bounds memory: some 10 MB of ids. Time is bounded by the next ones.
inline constexpr int64_t kDefaultInflightItemsPerThread = 262'144;
inline constexpr int64_t kMaxInflightCalls = 4096;  // however few items they have
// What a call costs beside its items, as so many items: 22 us and 45 ns (docs/benchmarks.md).
inline constexpr int64_t kItemsWorthOfACall = 512;
// A call that would wait longer for its turn is refused. A pause of the machine leaves a backlog
// that is soon gone: such waits may be long. One that is there for as long as kOverloadMilliseconds
// is overload, and then they must be short, else every caller would wait as long as any may.
inline constexpr int kMaxWaitMilliseconds = 100;
inline constexpr int kOverloadMilliseconds = 100;
inline constexpr int kMaxWaitInOverloadMilliseconds = 5;
// So many calls may wait for a thread however slow it is: some 3 ms of work for a fast one.
inline constexpr int64_t kMaxUnrefusedCalls = 64;
// Of calls whose reply their caller does not take; then they are cancelled.
inline constexpr int kMaxReplySeconds = 10;
// With a rate for each client: those beyond share one, and names are cut.
inline constexpr size_t kMaxTrackedClients = 4096;
inline constexpr size_t kMaxClientNameBytes = 128;
inline constexpr int kMaxSignalsPerRequest = 32;
inline constexpr size_t kMaxUriBytes = 512;
inline constexpr int kMaxReceiveMessageBytes = 4 * 1024 * 1024;
// Of gRPC's buffers for one server; beyond it gRPC reads less and cancels calls.
inline constexpr size_t kMaxTransportBytes = size_t{512} * 1024 * 1024;
inline constexpr int kMaxMetadataBytes = 8 * 1024;  // CVE-2023-1428: larger headers abort gRPC 1.51
inline constexpr int kMaxConcurrentStreamsPerConnection = 256;
// Of one connection, at once: a stream takes 15 KB from when it is opened until it is dealt with,
// 28 bytes can open and reset one, and those of some five reads are under way (decision 0025).
inline constexpr int kMaxReadBytes = 16 * 1024;
inline constexpr int kPostedCallsPerMethod = 8;  // a queue scans its posted calls: keep them few
inline constexpr int kMaxServingThreads = 256;
inline constexpr int kMaxHealthWatchers = 128;  // each has a thread
// Of one gRPC server, for calls that are not answered by serving threads: health and reflection,
// loads that wait for their turn. Beyond it such calls are refused.
inline constexpr int kMaxSyncThreads = 256;
inline constexpr int kHealthWatchMilliseconds = 500;  // how soon a watcher hears of a change
inline constexpr int kMaxDrainedEvents = 64;  // of a queue, before calls among them get their turn
inline constexpr int kCallsPerTurn = 4;       // answered before the queue is looked at again
inline constexpr int kMaxIdleCalls = 16;  // kept for reuse, a thread and method, with their memory
inline constexpr size_t kMaxIdleCallBytes = 1024 * 1024;  // of one; beyond it it is not kept
inline constexpr int kMaxValueBytesInMessage = 96;        // of a request's value quoted in an error
inline constexpr size_t kMaxNamesInMessage = 10;          // of those there are, in an error

// ---- connections --------------------------------------------------------------------------------
inline constexpr int kKeepaliveSeconds = 60;         // a silent connection is pinged
inline constexpr int kKeepaliveTimeoutSeconds = 20;  // and closed when that has no answer
inline constexpr int kMinClientPingSeconds = 10;     // clients that ping oftener are cut off
// Of the serving port: then clients reconnect and find new servers. Calls to the admin port may
// take as long as a load.
inline constexpr int kMaxConnectionAgeSeconds = 600;
inline constexpr int kConnectionGraceSeconds = 30;  // for calls under way on such a connection

// ---- transport security -------------------------------------------------------------------------
inline constexpr size_t kMaxPemBytes = 1024 * 1024;    // of a file of certificates or of a key
inline constexpr size_t kMaxRolesBytes = 1024 * 1024;  // of a file of roles
inline constexpr size_t kMaxIdentityBytes = 512;       // of a certificate's name, as it is shown

// ---- metrics ------------------------------------------------------------------------------------
inline constexpr int kMaxLoadSeries = 256;  // tables with their own load counters, then "other"
// Each has one connection at a time, and browsers open some that they do not use: a hundred of
// those hold up a scrape by three seconds.
inline constexpr int kMetricsServerThreads = 32;
inline constexpr int kMetricsServerPatienceSeconds = 1;  // for the bytes of a request
inline constexpr size_t kMinGzipBytes = 1024;            // shorter answers are sent as they are

// ---- status page --------------------------------------------------------------------------------
inline constexpr int kStatusPageRefreshSeconds = 10;
inline constexpr int kStatusPageKeptSeconds = 1;  // answers within it get the same page
inline constexpr size_t kStatusPageRows = 50;     // of each of its tables
inline constexpr size_t kStatusPageLoads = 20;    // the last ones
inline constexpr int kStatusPageJournal = 500;    // entries read at a time to find them
inline constexpr size_t kStatusPageReports = 8;   // of guardrails: the last one of so many tables
inline constexpr size_t kStatusPageCharts = 12;   // of each of these
inline constexpr size_t kStatusPageFaults = 10;   // sentences on what is wrong
inline constexpr int64_t kMaxCountedCampaigns = 100'000;  // of all tables; beyond, none is counted
// Traffic is shown of the time since a page was built: one this long ago, at most and at least, if
// there was one.
inline constexpr int kMaxTrafficWindowSeconds = 60;
inline constexpr int kMinTrafficWindowSeconds = 5;

// ---- logs ---------------------------------------------------------------------------------------
inline constexpr int kDefaultSlowCallMilliseconds = 100;
// Of slow calls, of failed ones of each code, of gRPC, of denied calls; those left out are counted.
inline constexpr uint32_t kCallLinesPerSecond = 10;
// For a log that takes none; beyond it they are left out.
inline constexpr size_t kMaxWaitingLogLines = 1024;
inline constexpr int kLogPatienceSeconds = 1;      // for such a log, at the end of the process
inline constexpr size_t kMaxRequestIdBytes = 128;  // of a caller; a longer one is ignored

// ---- tables -------------------------------------------------------------------------------------
inline constexpr int kMaxReaders = 512;   // threads that may read the live tables at once
inline constexpr int kMaxScoreSets = 64;  // in one server
inline constexpr int kMaxVariants = 64;   // of one score set
inline constexpr size_t kMaxNameBytes =
    64;                                  // score set, variant, snapshot id, signal, surface, cohort
inline constexpr int kMaxSignals = 32;   // of one snapshot
inline constexpr size_t kMaxGates = 64;  // likewise
// Of a signal's scale, and so of its scores: a step of 1/32767 of it is still a whole float, and
// the largest score is none that overflows.
inline constexpr float kMinScale = 1e-30F;
inline constexpr float kMaxScale = 1e30F;
// A cell keeps its context in 15 bits; the two highest values are taken.
inline constexpr int kMaxContexts = 32'766;
inline constexpr uint32_t kMaxCampaigns = 16'000'000;
inline constexpr size_t kMaxCampaignNameBytes = 256;
// Of one snapshot. Far beyond the memory of any machine, and far from the overflow of any sum.
inline constexpr int64_t kMaxItems = 4'000'000'000;
inline constexpr int64_t kMaxRows = 64'000'000'000;
inline constexpr int64_t kMaxSnapshotBytes = int64_t{1} << 60;

// ---- snapshots ----------------------------------------------------------------------------------
inline constexpr size_t kMaxManifestBytes = 256u * 1024 * 1024;
// Of the JSON: its format needs 5 levels and 18 fields at most. A parser's work grows by the square
// of an object's fields, and its stack with the levels.
inline constexpr int kMaxManifestDepth = 8;
inline constexpr int kMaxManifestFields = 64;
// A value is 2 bytes of text but up to 64 of memory: 2 GiB at most. No campaign has a value in
// fewer than 8 bytes, so these reach the limit of bytes first; of full histograms 160,000 have
// room.
inline constexpr size_t kMaxManifestValues = kMaxManifestBytes / 8;
inline constexpr size_t kMaxInputLineBytes = 64 * 1024;
inline constexpr int64_t kRowsPerScoreFile = 16'000'000;
inline constexpr size_t kRunBytes = 16 * 1024;  // of items in a score file; the last one reaches it
inline constexpr int kSentinels = 16;           // ids with expected scores in a manifest
inline constexpr int kHistogramBins = 64;       // a context and signal, over [-scale, +scale]
inline constexpr int kMaxBadRowsShown = 20;
inline constexpr size_t kMaxShownBytes = 80;  // of a value in the message about a bad row

// ---- building snapshots -------------------------------------------------------------------------
inline constexpr int kMaxScoreFiles = 65'535;  // of one build: a row keeps its file in 16 bits
inline constexpr size_t kInputBufferBytes = 256 * 1024;
inline constexpr int kProgressEveryLines = 16'384;  // also how soon a cancelled build stops
inline constexpr size_t kDefaultSortMemoryBytes = size_t{1} << 30;
// The sort's memory is so many chunks: one is filled while others are sorted or written.
inline constexpr int kSortChunks = 8;
inline constexpr size_t kMinSortChunkRecords = 64;
inline constexpr size_t kMinSortReadBytes = 64 * 1024;  // a run on disk, while merging
inline constexpr size_t kMaxSortReadBytes = 4 * 1024 * 1024;

// ---- comparing snapshots ------------------------------------------------------------------------
inline constexpr int kDefaultMoversShown = 20;
inline constexpr int kDiffHistogramHalf = 512;  // bins on each side of 0; a slice, signal and side

// ---- store and loader ---------------------------------------------------------------------------
inline constexpr int kMaxLoadThreads = 4;  // of one load; it takes no more than there are CPUs
// Of its threads beside live tables: on CPUs that are always busy niceness 19 gets 1.5 % of one,
// niceness 5 a quarter.
inline constexpr int kLoadNiceness = 19;
inline constexpr int kSwitchNiceness = 5;
inline constexpr size_t kMaxRejectedSnapshots = 100;  // remembered for a score set and variant
inline constexpr int kDefaultKeptSnapshots = 3;  // a score set and variant, the live one included
inline constexpr int64_t kKeptWriteNumbers = 1'000;  // of writes of the state; lost ones are missed
inline constexpr int kMaxJournalEntries = 10'000;
// Of these, notes: checks, what the watcher did not take and refused overrides, together. Beyond it
// they drop only their like.
inline constexpr int kMaxJournalNotes = 1'000;
inline constexpr int kMaxJournalDays = 400;
inline constexpr int kDefaultJournalEntries = 100;    // of a list, where a call names no number
inline constexpr size_t kMaxJournalTextBytes = 2048;  // of each text of an entry; cut beyond
inline constexpr size_t kMaxReasonBytes = 1024;       // of a call to the admin service
inline constexpr size_t kMaxPathBytes = 1024;         // of a directory named in one
inline constexpr int kDefaultWatchPollSeconds = 10;
// Until the watcher tries again what failed for a reason that may pass; doubled each time.
inline constexpr int kMinLoadRetrySeconds = 10;
inline constexpr int kMaxLoadRetrySeconds = 600;
// How far ahead of this server's clock a snapshot may have been created: one from the far future
// would keep all later ones from coming.
inline constexpr int kMaxClockSkewSeconds = 600;
inline constexpr int64_t kProgressEveryRows = 65'536;  // also how soon a cancelled load stops
inline constexpr int64_t kProgressEveryBytes = 64 * 1024 * 1024;  // likewise
inline constexpr size_t kFilePieceBytes = 1024 * 1024;            // of a file, read at once
inline constexpr int kAskAgainMilliseconds = 100;         // whether a waiting load was cancelled
inline constexpr int kProgressMessageMilliseconds = 100;  // between messages of one phase

// ---- overrides
// -----------------------------------------------------------------------------------
inline constexpr int kMaxOverrides = 20'000;  // in one server, those that have expired not counted
// Of these, the last are not for batches, so that one more campaign can always be stopped.
inline constexpr int kReservedOverrides = 1'000;
inline constexpr int kMaxOverrideDays = 90;  // then it must be renewed
// In the store, should the clock have been wrong that said that it is over.
inline constexpr int kKeptExpiredOverrideDays = 30;
inline constexpr size_t kMaxListBytes = 2 * 1024 * 1024;  // of one message of a list, about

// ---- shutdown -----------------------------------------------------------------------------------
inline constexpr int kDefaultDrainSeconds = 10;

// ---- configuration ------------------------------------------------------------------------------
inline constexpr size_t kMaxConfigBytes = 64 * 1024;
inline constexpr size_t kMaxConfigFaultsShown = 20;

// ---- command line -------------------------------------------------------------------------------
inline constexpr int kClientPatienceSeconds =
    10;  // of a command for an answer; loads have no limit
inline constexpr int kConnectPatienceSeconds = 5;  // of the load test, for each connection
inline constexpr size_t kItemsPerGetCall = 1000;   // `oasis scores get` splits longer lists
inline constexpr int kMaxRowsPerGeneratedTrack = 64;

// ---- allocation ---------------------------------------------------------------------------------
inline constexpr int64_t kMaxEdges = 4'000'000'000;
inline constexpr uint32_t kMaxOffers = 1'000'000'000;
inline constexpr int kMaxFaultsShown = 20;
inline constexpr int kMaxSolveThreads = 64;
// Of a context's slots, what other content must have without promotion: a rest that is nothing
// could not become anything, whatever it costs.
inline constexpr double kMinRestShare = 1e-6;
// An organic share is this or 0: weights of less would be lost among those that promotion lifts.
inline constexpr double kMinOrganic = 1e-12;
inline constexpr double kMinTau = 1e-6;
// Supplies, bounds and prices; sums of them stay far from what a double cannot hold.
inline constexpr double kMaxAmount = 1e15;
inline constexpr double kMaxEdgeValue = 1e6;
// Logarithmic fairness counts a group's delivery from here, in parts of its target: who gets
// nothing costs much, not infinitely much.
inline constexpr double kFairnessFloor = 1e-3;
inline constexpr int64_t kMaxMpsEdges = 2'000'000;  // an MPS file has some 200 bytes for each
inline constexpr double kDefaultScoreLimit = 1.5;   // importance weights stay within 0.22 and 4.5
// The score of an item that a hard limit allows nothing: 1e-13 of its organic share.
inline constexpr double kLeastScore = -30.0;
// And the least that is written into a snapshot, 0.7 % of the organic share: the largest score
// decides in what steps all of them are kept, and one of 5 is blocked by guardrails.
inline constexpr float kLeastWrittenScore = -4.9F;
// Of a report: groups of a kind (licensors, artists…) that are named, points of an exposure curve.
inline constexpr size_t kReportedGroups = 50;
inline constexpr size_t kCurvePoints = 100;
// A snapshot of a plan that breaks a hard constraint by more than this part of it is warned of.
inline constexpr double kMaxPlanViolation = 1e-6;
// Likewise of one whose plan, before scores are limited, may be that far from the best.
inline constexpr double kMaxPlanGap = 1e-4;
inline constexpr size_t kMaxPricesBytes = 1024 * 1024 * 1024;  // of a file of prices
inline constexpr size_t kSummaryRows = 10;  // of each table of an allocation's summary
// Of a table and of a chart in the page of an allocation's report.
inline constexpr size_t kMaxPageRows = 50;
inline constexpr size_t kMaxPageBars = 20;

// ---- guardrails ---------------------------------------------------------------------------------
// Of the requests of each table a serving thread keeps one every so often, to replay them on the
// next one; 3 MB a table.
inline constexpr int kRecentRequestMilliseconds = 200;
inline constexpr size_t kMaxRecentRequests = 256;
inline constexpr size_t kMaxRecentRequestItems = 500;
inline constexpr size_t kMaxPolicyBytes = 1024 * 1024;  // of a policy file
inline constexpr size_t kMaxPolicySentinels = 1000;     // of one score set
inline constexpr size_t kMaxChecksInSummary = 5;
inline constexpr size_t kMaxFindingsPerCheck = 50;  // in a report, the worst
inline constexpr size_t kMaxDistributions = 48;     // in a report, those that drifted most
inline constexpr int kDistributionBins = 64;        // of such a one, as it is drawn
// The scores of a surface and signal are counted in so many bins on each side of 0. A prime, so
// that round scores do not lie on a border, where two scales would put one score into two bins.
inline constexpr int kGuardrailHistogramHalf = 509;
// Pairs of surface and signal with a histogram each, of 8 KiB; surfaces beyond share the last one.
inline constexpr size_t kMaxGuardrailHistograms = 1024;
inline constexpr size_t kGuardrailTopItems = 1000;         // or a tenth of a small table's
inline constexpr int64_t kGuardrailItemsPerPart = 65'536;  // also how soon a check can be cancelled

}  // namespace oasis

#endif  // OASIS_LIMITS_H_
