#!/bin/sh
# Valkey in compose.yaml as docs/redis.md wants it: it drops nothing, keeps nothing on a disk (decision 0024), and lets nobody in but the bridge.
set -eu
: "${BRIDGE_REDIS_PASSWORD:?write it into deploy/.env}"
exec "${VALKEY:-valkey-server}" --bind 127.0.0.1 --maxmemory 256mb --maxmemory-policy noeviction --save '' --appendonly no \
  --user default off --user bridge on ">$BRIDGE_REDIS_PASSWORD" '~bridge:*' +@connection +@read +@write +@scripting -@dangerous +info +time "$@"
