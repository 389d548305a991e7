#!/bin/bash
# fails: report.other_tree, report.few, number.second_argument, depot.depot
# after: solution
sed -i 's/find /find -L /' /usr/local/bin/largest
largest "/srv/$room" > /root/largest.txt
