#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# DP01: no code that opens an envelope or knows its content is in the broker's program
# The broker cannot read a referral because the code that could is not in its program.
# sh tests/checks/blind_broker.sh SOURCE_DIR AMAAN_BROKER AMAAN_NODE
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM
broker=$2
node=$3

nm "$broker" | awk '{ print $NF }' >"$FOUND.broker"
nm "$node" | awk '{ print $NF }' >"$FOUND.node"
# First that we can see at all: a stripped program would hide what we look for.
grep -qx mailbox_put "$FOUND.broker" || echo "$broker: mailbox_put is not seen; is it stripped?" >>"$FOUND"
grep -qx seal_apply "$FOUND.node" || echo "$node: seal_apply is not seen; is it stripped?" >>"$FOUND"
grep -E '^(seal_|content_|inner_|receipt_|body_|profiles_|referral|casebook|disclosure|screening|hpke|labelled_|.*__content__)' \
    "$FOUND.broker" |
    sed 's#$#   <- in the broker#' >>"$FOUND" || true
finish "$(wc -l <"$FOUND.broker")" \
    "the broker links trust, wire, store, link, http, json and settings; take away what pulls the symbol in."
