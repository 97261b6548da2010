# Takes the files of a folder into a library, so that a program serves them from itself: no path to find, none to leave.
#
#   samsynk_embed(TARGET FOLDER FUNCTION)
#
# defines `std::span<const samsynk::EmbeddedFile> FUNCTION()` (core/embedded_file.hpp), with names from FOLDER on.
function(samsynk_embed target folder function)
  file(GLOB_RECURSE files RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*)
  list(SORT files)
  set(blocks "")
  set(rows "")
  set(inputs "")
  set(number 0)
  foreach(file ${files})
    set(symbol ${function}_${number})
    string(REGEX REPLACE ".*::" "" symbol ${symbol})
    file(SHA256 ${folder}/${file} digest)
    string(APPEND blocks
        "asm(\"/* ${digest} */\\n.section .rodata.${symbol}, \\\"a\\\"\\n.global ${symbol}\\n${symbol}:\\n.incbin \\\"${folder}/${file}\\\"\\n"
        ".global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n.previous\\n\");\n"
        "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
    string(APPEND rows
        "        {\"${file}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
    list(APPEND inputs ${folder}/${file})
    math(EXPR number "${number} + 1")
  endforeach()
  string(REGEX REPLACE "::[^:]*$" "" space ${function})
  string(REGEX REPLACE ".*::" "" name ${function})
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${target}_${name}.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT "// Made by packaging/embed.cmake.
#include \"core/embedded_file.hpp\"
@blocks@
namespace @space@ {
std::span<const samsynk::EmbeddedFile> @name@();
std::span<const samsynk::EmbeddedFile> @name@() {
    static const samsynk::EmbeddedFile files[] = {
@rows@    };
    return files;
}
}  // namespace @space@
")
  # ccache must not take a file for the same because this text is: what it takes in may have changed. So the text has
  # the digests, and is made anew with each change.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})
  set_source_files_properties(${made} PROPERTIES OBJECT_DEPENDS "${inputs}" COMPILE_OPTIONS "-Wno-pedantic"
    SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${made})
endfunction()
