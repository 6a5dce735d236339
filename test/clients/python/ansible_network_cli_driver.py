"""ansible over network_cli."""

from ansible_plays import run_all

run_all('network_cli')
