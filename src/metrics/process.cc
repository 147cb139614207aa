#include "metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace oasis {
namespace {

std::string ReadProc(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The boot time of the machine plus the start of the process since then.
std::optional<double> StartTime() {
  const std::string stat = ReadProc("/proc/self/stat");
  // The second field is the program's name in parentheses and may hold anything; count behind it.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<absl::string_view> fields =
      absl::StrSplit(absl::string_view(stat).substr(name_end), ' ');
  constexpr size_t kStartTicks = 20;  // field 22 of proc(5)
  int64_t ticks = 0;
  if (fields.size() <= kStartTicks || !absl::SimpleAtoi(fields[kStartTicks], &ticks)) {
    return std::nullopt;
  }
  constexpr absl::string_view kBootTime = "\nbtime ";
  const std::string machine = ReadProc("/proc/stat");
  const size_t at = machine.find(kBootTime.data());
  if (at == std::string::npos) return std::nullopt;
  const absl::string_view rest = absl::string_view(machine).substr(at + kBootTime.size());
  int64_t boot = 0;
  if (!absl::SimpleAtoi(rest.substr(0, rest.find('\n')), &boot)) return std::nullopt;
  return static_cast<double>(boot) +
         static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::optional<double> OpenFds() {
  std::error_code error;
  double count = -1;  // the one that reads the directory
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count;
}

std::optional<double> MaxFds() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::optional<double> ResidentBytes() {
  const std::string statm = ReadProc("/proc/self/statm");
  const std::vector<absl::string_view> fields = absl::StrSplit(statm, ' ');
  int64_t pages = 0;
  if (fields.size() < 2 || !absl::SimpleAtoi(fields[1], &pages)) return std::nullopt;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void WriteProcessMetrics(Exposition* out) {
  const auto add = [out](Family family, std::optional<double> value) {
    if (value.has_value()) out->Add(family, {}, *value);
  };
  add(Family::kProcessResidentMemory, ResidentBytes());
  add(Family::kProcessCpu, CpuSeconds());
  add(Family::kProcessStartTime, StartTime());
  add(Family::kProcessOpenFds, OpenFds());
  add(Family::kProcessMaxFds, MaxFds());
}

}  // namespace oasis
