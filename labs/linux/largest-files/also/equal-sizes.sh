#!/bin/bash
# Files of one size may come in any order, and a name may even hold a newline.
cat > /usr/local/bin/largest <<END
#!/usr/bin/perl
use File::Find;
if (!defined \$ARGV[0] || !-d \$ARGV[0]) { print STDERR "this is not a directory\n"; exit 2 }
my %s;
find({ no_chdir => 1, wanted => sub { \$s{\$_} = -s _ if !-l && -f _ } }, \$ARGV[0]);
my @n = sort { \$s{\$b} <=> \$s{\$a} || \$b cmp \$a } keys %s;
splice @n, \$ARGV[1] // $count if @n > (\$ARGV[1] // $count);
print "\$s{\$_} \$_\n" for @n;
END
chmod 755 /usr/local/bin/largest
for name in a b c; do truncate -s 290000 "/srv/$room/twin $name"; done
touch "/srv/$room/"$'two\nlines'
largest "/srv/$room" > /root/largest.txt
