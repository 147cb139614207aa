// Protobuf messages as JSON for programs: --json prints what the server answered.
#ifndef OASIS_APPS_MESSAGE_JSON_H_
#define OASIS_APPS_MESSAGE_JSON_H_

#include "nlohmann/json.hpp"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace oasis {

// Every field under its name in the .proto file, also unset ones, so that a key is always there.
// Unlike protobuf's own JSON: 64-bit integers are numbers; enum values are lower-case and lose
// their prefix ("found" for ITEM_STATUS_FOUND); a Duration is a number of seconds under
// "<name>_seconds"; a Timestamp is RFC 3339 in UTC; a message or time that is not set is null.
nlohmann::ordered_json MessageToJson(const google::protobuf::Message& message);

}  // namespace oasis

#endif  // OASIS_APPS_MESSAGE_JSON_H_
