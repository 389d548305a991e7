#!/usr/bin/env bash
#@ office as clerk
printf 'get -pR /srv/ledgers /home/clerk\n' | sftp -q clerk@archive
