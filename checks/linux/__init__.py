"""The kinds for Linux machines; importing this package enters them in the table."""

from rung.checks.linux import accounts as accounts
from rung.checks.linux import acls as acls
from rung.checks.linux import archives as archives
from rung.checks.linux import commands as commands
from rung.checks.linux import files as files
from rung.checks.linux import firewall as firewall
from rung.checks.linux import hosts as hosts
from rung.checks.linux import journal as journal
from rung.checks.linux import links as links
from rung.checks.linux import mounts as mounts
from rung.checks.linux import network as network
from rung.checks.linux import passwords as passwords
from rung.checks.linux import processes as processes
from rung.checks.linux import schedules as schedules
from rung.checks.linux import scripts as scripts
from rung.checks.linux import selinux as selinux
from rung.checks.linux import services as services
from rung.checks.linux import software as software
from rung.checks.linux import ssh as ssh
from rung.checks.linux import sudo as sudo
from rung.checks.linux import sysctls as sysctls
from rung.checks.linux import timers as timers
