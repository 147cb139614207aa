# oasis_flags: how our own code is compiled. Generated code does not use it.
add_library(oasis_flags INTERFACE)
target_compile_features(oasis_flags INTERFACE cxx_std_20)
target_compile_options(oasis_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             -Wno-sign-conversion -Wnon-virtual-dtor)
if(OASIS_WERROR)
  target_compile_options(oasis_flags INTERFACE -Werror)
endif()
target_include_directories(oasis_flags INTERFACE ${PROJECT_SOURCE_DIR}/include
                                                 ${PROJECT_SOURCE_DIR}/src)

# lld links the tests several times faster than GNU ld. Debian's lld-14 keeps `ld.lld` out of PATH,
# where gcc does not find it without -B.
find_program(OASIS_LLD ld.lld HINTS /usr/lib/llvm-14/bin)
if(OASIS_LLD)
  cmake_path(GET OASIS_LLD PARENT_PATH lld_dir)
  include(CheckLinkerFlag)
  check_linker_flag(CXX "-B${lld_dir};-fuse-ld=lld" OASIS_LLD_WORKS)
  if(OASIS_LLD_WORKS)
    add_link_options(-B${lld_dir} -fuse-ld=lld)
  endif()
endif()

if(OASIS_SANITIZE)
  if(OASIS_SANITIZE MATCHES "address" AND OASIS_SANITIZE MATCHES "thread")
    message(FATAL_ERROR "OASIS_SANITIZE: address and thread cannot be used together")
  endif()
  add_compile_options(-fsanitize=${OASIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${OASIS_SANITIZE})
endif()

if(OASIS_BUILD_FUZZ)
  target_compile_options(oasis_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# oasis_library(NAME SOURCES… DEPENDS…): one static library a folder.
function(oasis_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  add_library(oasis::${name} ALIAS ${name})
  target_link_libraries(${name} PUBLIC oasis_flags ${arg_DEPENDS})
endfunction()
