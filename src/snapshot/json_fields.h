// Reading a JSON object strictly: every field there, of its type, and no other field.
#ifndef OASIS_SNAPSHOT_JSON_FIELDS_H_
#define OASIS_SNAPSHOT_JSON_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/gid.h"

namespace oasis {

using Json = nlohmann::ordered_json;  // keeps the order of the fields

// How the manifest writes what JSON has no type for; the getters below read it back.
// The double with the fewest digits that becomes `number` again as a float: 0.1, not 0.10000000149.
double ShortDouble(float number);

// Takes the fields of one object. The first thing that is wrong is kept, later getters answer with
// zero, and Finish tells it: a list of getters needs one check.
class JsonFields {
 public:
  // `what` names the object in messages; with an index, as one of a list: "files[3]".
  // Both arguments must outlive this.
  JsonFields(const Json& object, absl::string_view what, size_t index = kNoIndex);

  std::string String(const char* name);
  int64_t Integer(const char* name);  // not below 0
  double Number(const char* name);
  float Float(const char* name);
  uint64_t Checksum(const char* name);
  absl::Time Time(const char* name);
  absl::Time TimeOr(const char* name, absl::Time absent);  // the field may be missing
  bool BoolOr(const char* name, bool absent);
  ItemKey Key(const char* name);
  const Json& Array(const char* name);
  const Json& ArrayOrEmpty(const char* name);  // the field may be missing

  // InvalidArgument for the first field that was missing or wrong, or for one that nobody took.
  absl::Status Finish();

 private:
  static constexpr size_t kNoIndex = static_cast<size_t>(-1);

  const Json* Take(const char* name);
  void Fail(absl::string_view name, absl::string_view what);

  const Json& object_;
  absl::string_view what_;
  size_t index_;
  size_t taken_ = 0;
  absl::Status status_;
};

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_JSON_FIELDS_H_
