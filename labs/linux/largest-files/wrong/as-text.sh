#!/bin/bash
# fails: report.other_tree, report.below, number.second_argument
# after: solution
# Sorted as text, 9 is more than 80.
sed -i 's/sort -rn/sort -r/' /usr/local/bin/largest
