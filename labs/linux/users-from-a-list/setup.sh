#!/bin/bash
groupadd tide
useradd -M -u "$uid" -s /bin/sh -c "Old Hand" "${prefix}5"
{
    printf '# Term of spring\n\n'
    printf '%s1,Anna Lind,tide\n' "$prefix"
    printf '%s2,Jean Paul van der Berg,wind\n' "$prefix"
    printf '#%s9,Somebody Who Left,tide\n\n' "$prefix"
    printf '%s5,New Name,wind\n' "$prefix"
    printf "%s3,O'Hara Kim,tide\n" "$prefix"
    printf '%s4,Wu,wind' "$prefix"
} > /root/roster.csv
