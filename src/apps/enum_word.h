// Enumerations of the API as words.
#ifndef OASIS_APPS_ENUM_WORD_H_
#define OASIS_APPS_ENUM_WORD_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace oasis {

// "found" for ITEM_STATUS_FOUND: without the name of the type, in lower case. A value that this
// program does not know, from a newer server, is its number.
std::string EnumWord(const google::protobuf::EnumDescriptor& type, int value);

template <typename Enum>
std::string EnumWord(Enum value) {
  return EnumWord(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

}  // namespace oasis

#endif  // OASIS_APPS_ENUM_WORD_H_
