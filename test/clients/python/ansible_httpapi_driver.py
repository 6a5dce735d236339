"""ansible over httpapi."""

from ansible_plays import run_all

run_all('httpapi')
