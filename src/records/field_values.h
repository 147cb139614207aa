// From the fields of a record to values. Each returns what is wrong, or an empty text.
#ifndef OASIS_RECORDS_FIELD_VALUES_H_
#define OASIS_RECORDS_FIELD_VALUES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "records/record_reader.h"

namespace oasis::records {

// Text that must be there and not be empty.
std::string ReadText(absl::string_view column, const Field& field, absl::string_view* text);

// Text that may be absent, null or empty: all of them make `text` empty.
std::string ReadOptionalText(absl::string_view column, const Field& field, absl::string_view* text);

// The market or cohort of a row; `*text` stays as it is when JSON leaves the key out.
std::string ReadAnyOrName(absl::string_view column, const Field& field, absl::string_view* text);

// A finite number of at most kMaxScale. What is too small is 0.
std::string ReadNumber(absl::string_view column, const Field& field, float* number);
std::string ReadNumber(absl::string_view column, const Field& field, double* number);

// RFC 3339, or YYYY-MM-DD at midnight UTC; `*time` stays as it is when there is none.
std::string ReadTime(absl::string_view column, const Field& field, absl::Time* time);

// A campaign's or licensor's name: at most kMaxCampaignNameBytes, no control characters.
std::string NameFault(absl::string_view column, absl::string_view name);

}  // namespace oasis::records

#endif  // OASIS_RECORDS_FIELD_VALUES_H_
