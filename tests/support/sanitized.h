// Whether this is a build with a sanitizer, in which long tests do fewer rounds.
#ifndef OASIS_TESTS_SUPPORT_SANITIZED_H_
#define OASIS_TESTS_SUPPORT_SANITIZED_H_

namespace oasis::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)  // Clang
inline constexpr bool kSanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_SANITIZED_H_
