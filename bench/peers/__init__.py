"""Peers: Debian's programs that keep two sides the same, doing the same work beside ours where they are installed."""
from peers.mbsync import Mbsync
from peers.rclone import Rclone
from peers.vdirsyncer import Vdirsyncer

ALL = (Mbsync, Rclone, Vdirsyncer)
