#!/bin/sh
# PostgreSQL in compose.yaml runs this once, when its volume is new: a role that owns one database and may nothing else (docs/postgresql.md).
set -eu
: "${BRIDGE_POSTGRES_PASSWORD:?write it into deploy/.env}"
psql --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password BRIDGE_POSTGRES_PASSWORD
create role bridge login password :'password';
create database bridge owner bridge encoding 'UTF8' template template0;
SQL
