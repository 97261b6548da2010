# What every target is compiled with, whoever chooses the flags; and how files are compiled fast.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # Wrongly: of coroutine frames of Asio's (12 of every one, 14 of some), and of joined texts (12 only).
  add_compile_options(-Wno-mismatched-new-delete)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    add_compile_options(-Wno-restrict)
  endif()
endif()
# Alike everywhere, since a precompiled header is for one kind of code only.
add_compile_options(-fPIE -pthread)
set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -pie")
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # It asks whether a type belongs to the file that is compiled, which is another one here.
  add_compile_options(-Wno-subobject-linkage)
endif()
if(SAMSYNK_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(SAMSYNK_FUZZ)
  # Clang 14 can't compile coroutines with -fsanitize=function. fmt is in the headers, so that the fuzzer sees into it.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=function -fno-sanitize-recover=all)
  add_compile_options(-fsanitize=fuzzer-no-link ${sanitizers} -fno-omit-frame-pointer -Wno-unknown-warning-option)
  add_link_options(${sanitizers})
  add_compile_definitions(_GLIBCXX_ASSERTIONS FMT_HEADER_ONLY=1)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # So that what one checkout has compiled, another one has too; and what is new is not read twice.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

# samsynk_precompile(TARGET FILE): what samsynk_compile takes as HEADERS. CMake wants a source to compile it for.
function(samsynk_precompile target file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${target} OBJECT ${source})
  target_precompile_headers(${target} PRIVATE ${file})
endfunction()

# samsynk_compile(TARGET HEADERS): with the precompiled headers of the target HEADERS, and, where CMAKE_UNITY_BUILD is
# set, the files of each folder taken together.
function(samsynk_compile target headers)
  target_precompile_headers(${target} REUSE_FROM ${headers})
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "in_${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()
