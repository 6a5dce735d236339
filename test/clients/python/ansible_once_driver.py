"""ansible over httpapi: what each client proves once."""

from ansible_plays import run_once

run_once('httpapi')
