#!/usr/bin/env bash
station=/var/log/station
mkdir -p "$station"
cp "$RUNG_FILES"/secure* "$station/"
gzip -dc "$RUNG_FILES/lantern.journal.gz" >"$station/lantern.journal"
chmod 0640 "$station"/*
