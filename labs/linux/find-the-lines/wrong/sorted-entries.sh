#!/bin/bash
# fails: refused.lines
# after: solution
sort -r /root/refused.txt -o /root/refused.txt
