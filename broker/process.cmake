# SPDX-License-Identifier: Apache-2.0
# The exchange as a process: sockets, control, commands around amaan_broker_core. It links neither seal nor
# content: tests/checks/blind_broker.sh looks for their symbols.
amaan_layer(amaan_broker SOURCES conf.c home.c documents.c control.c serve.c
  LINKS amaan_broker_core amaan_trust amaan_wire amaan_vault amaan_store amaan_link amaan_settings
    amaan_json amaan_http amaan_base)
add_executable(amaan-broker main.c ask.c cmd_init.c cmd_run.c cmd_roster.c cmd_status.c cmd_queue.c
  cmd_check.c)
target_compile_options(amaan-broker PRIVATE "SHELL:-include ${CMAKE_SOURCE_DIR}/common/base/banned.h")
target_link_libraries(amaan-broker PRIVATE amaan_broker)
