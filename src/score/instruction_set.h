// What the machine can do that not every machine of its kind can. Sources that need it are compiled
// for it (see CMakeLists.txt), define what they have with a name of its own, and are called only if
// it is there.
#ifndef OASIS_SCORE_INSTRUCTION_SET_H_
#define OASIS_SCORE_INSTRUCTION_SET_H_

namespace oasis {

#ifdef OASIS_AVX2
// AVX2 and BMI, of x86-64 machines since 2013.
inline bool HasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2");
}
#endif

}  // namespace oasis

#endif  // OASIS_SCORE_INSTRUCTION_SET_H_
