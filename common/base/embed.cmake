# SPDX-License-Identifier: Apache-2.0
# Writes OUT.c and OUT.h: the bytes of FILE as the array NAME. Run by amaan_embed of the top CMakeLists.txt.
file(READ "${FILE}" hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "(................................)" "\\1\n" lines "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," list "${lines}")
get_filename_component(stem "${OUT}" NAME)
file(WRITE "${OUT}.h" "/* Made by embed.cmake. */\n#include <stddef.h>\nextern const unsigned char ${NAME}[];\nextern const size_t ${NAME}_BYTES;\n")
file(WRITE "${OUT}.c" "/* Made by embed.cmake. */\n#include \"${stem}.h\"\nconst unsigned char ${NAME}[] = {\n${list}\n0};\nconst size_t ${NAME}_BYTES = ${bytes};\n")
