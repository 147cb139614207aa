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

if(OASIS_SANITIZE)
  if(OASIS_SANITIZE MATCHES "address" AND OASIS_SANITIZE MATCHES "thread")
    message(FATAL_ERROR "OASIS_SANITIZE: address and thread cannot be used together")
  endif()
  add_compile_options(-fsanitize=${OASIS_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${OASIS_SANITIZE})
endif()

# oasis_library(NAME SOURCES… DEPENDS…): one static library a folder.
function(oasis_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  add_library(oasis::${name} ALIAS ${name})
  target_link_libraries(${name} PUBLIC oasis_flags ${arg_DEPENDS})
endfunction()
