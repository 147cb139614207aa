#include "apps/message_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <charconv>
#include <string>

#include "absl/strings/numbers.h"
#include "apps/enum_word.h"
#include "apps/text.h"
#include "rpc/time.h"

namespace oasis {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;
using nlohmann::ordered_json;

// The double that prints with as few digits as the float: 0.1, not 0.10000000149.
double ShortestDouble(float value) {
  std::array<char, 64> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  double result = 0;
  return absl::SimpleAtod(
             absl::string_view(digits.data(), static_cast<size_t>(end - digits.data())), &result)
             ? result
             : value;
}

ordered_json SubMessage(const Message& message) {
  if (message.GetDescriptor() == Timestamp::descriptor()) {
    return FormatInstant(GetTime(dynamic_cast<const Timestamp&>(message)));
  }
  if (message.GetDescriptor() == Duration::descriptor()) {
    return absl::ToDoubleSeconds(GetDuration(dynamic_cast<const Duration&>(message)));
  }
  return MessageToJson(message);
}

ordered_json Single(const Message& message, const Reflection& reflection,
                    const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ShortestDouble(reflection.GetFloat(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(*field->enum_type(), reflection.GetEnumValue(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!reflection.HasField(message, field)) return nullptr;
      return SubMessage(reflection.GetMessage(message, field));
    default:
      return nullptr;  // no other type is in our .proto files
  }
}

ordered_json Repeated(const Message& message, const Reflection& reflection,
                      const FieldDescriptor* field) {
  ordered_json array = ordered_json::array();
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      array.push_back(SubMessage(reflection.GetRepeatedMessage(message, field, i)));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      array.push_back(reflection.GetRepeatedString(message, field, i));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      array.push_back(
          EnumWord(*field->enum_type(), reflection.GetRepeatedEnumValue(message, field, i)));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
      array.push_back(ShortestDouble(reflection.GetRepeatedFloat(message, field, i)));
    }
  }
  return array;
}

}  // namespace

ordered_json MessageToJson(const Message& message) {
  const auto* descriptor = message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  ordered_json json = ordered_json::object();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const bool duration = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                          field->message_type() == Duration::descriptor();
    json[duration ? field->name() + "_seconds" : field->name()] =
        field->is_repeated() ? Repeated(message, reflection, field)
                             : Single(message, reflection, field);
  }
  return json;
}

}  // namespace oasis
