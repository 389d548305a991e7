"""The kinds for Linux machines; importing this package enters them in the table."""

from rung.checks.linux import firewall as firewall
from rung.checks.linux import hosts as hosts
from rung.checks.linux import journal as journal
from rung.checks.linux import mounts as mounts
from rung.checks.linux import network as network
from rung.checks.linux import schedules as schedules
from rung.checks.linux import selinux as selinux
from rung.checks.linux import services as services
from rung.checks.linux import ssh as ssh
from rung.checks.linux import sysctls as sysctls
from rung.checks.linux import timers as timers
