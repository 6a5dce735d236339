"""What every driver uses: the switch it is given, the assertions it prints, and what another client reads.

A driver is called as `driver.py TARGET`, TARGET being a JSON object (see ../run-driver.ts). For each assertion it prints
one line of JSON: {"name", "ok", "detail"}.
"""

import json
import subprocess
import sys
import traceback


class Target:
    """The switch that a driver speaks to."""

    def __init__(self, given):
        self.name = given['name']
        self.eos = given['eos']
        self.host = given['host']
        self.http = given['http']
        self.https = given['https']
        self.ssh = given['ssh']
        self.username = given['username']
        self.password = given['password']
        self.ca = given['ca']
        self.known_hosts = given['knownHosts']
        self.scratch = given['scratch']
        self.whole = given['whole']


TARGET = Target(json.loads(sys.argv[1]))


def check(name, ok, detail=''):
    """One assertion. The detail is printed when it does not hold."""
    ok = bool(ok)
    print(json.dumps({'name': name, 'ok': ok, 'detail': '' if ok else str(detail)[:2000]}), flush=True)
    return ok


def equal(name, got, want):
    """Asserts that what was read is what was expected."""
    return check(name, got == want, 'got %r, not %r' % (got, want))


def holds(name, text, *parts):
    """Asserts that a text has every one of some parts."""
    missing = [part for part in parts if part not in text]
    return check(name, not missing, 'no %r in %r' % (missing, text))


def lacks(name, text, *parts):
    """Asserts that a text has none of some parts."""
    present = [part for part in parts if part in text]
    return check(name, not present, '%r in %r' % (present, text))


def section(about, night=False):
    """
    Runs a group of assertions at once; an exception in it is an assertion that failed, and the next group still runs. What is for the night is run where all is
    looked at.
    """

    def run(steps):
        if night and not TARGET.whole:
            return steps
        try:
            steps()
        except Exception:
            check('%s runs to its end' % about, False, traceback.format_exc())
        return steps

    return run


def run(argv, stdin='', timeout=30):
    """Runs a program; gives its status, its output and its errors as texts."""
    done = subprocess.run(argv, input=stdin.encode(), capture_output=True, timeout=timeout)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def curl(*argv, stdin=''):
    """What curl prints; its own failures are raised."""
    status, out, err = run(['curl', '--silent', '--show-error', '--max-time', '20', *argv], stdin)
    if status != 0:
        raise RuntimeError('curl %s: %s' % (status, err))
    return out


def rpc(commands, form='json', **params):
    """A runCmds request as text."""
    params = {'version': 'latest', 'cmds': commands, 'format': form, **params}
    return json.dumps({'jsonrpc': '2.0', 'method': 'runCmds', 'id': 'curl', 'params': params})


def over_curl(commands, form='text', login=None):
    """Runs commands through curl, in one request; gives the results."""
    user = login or '%s:%s' % (TARGET.username, TARGET.password)
    url = 'http://%s:%s/command-api' % (TARGET.host, TARGET.http)
    answer = json.loads(curl('--user', user, '--data-binary', '@-', url, stdin=rpc(commands, form)))
    if 'error' in answer:
        raise RuntimeError(json.dumps(answer['error']))
    return answer['result']


def running_over_curl():
    """The running-config as curl reads it."""
    return over_curl(['enable', 'show running-config'])[1]['output']


def ssh_options():
    """Options of the openssh client: this switch's host key and nothing of the person who runs the tests."""
    return [
        '-F', 'none', '-p', str(TARGET.ssh), '-o', 'UserKnownHostsFile=%s' % TARGET.known_hosts,
        '-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=10', '-o', 'LogLevel=ERROR',
    ]


def over_ssh(command, login=None):
    """What a single command prints through the openssh client."""
    username, password = login or (TARGET.username, TARGET.password)
    argv = ['sshpass', '-p', password, 'ssh', *ssh_options(), '-o', 'PubkeyAuthentication=no',
            '%s@%s' % (username, TARGET.host), command]
    status, out, err = run(argv)
    if status != 0:
        raise RuntimeError('ssh %s: %s' % (status, err))
    return out.replace('\r\n', '\n')


def running_over_ssh():
    """The running-config as the openssh client reads it."""
    return over_ssh('enable\nshow running-config')


def block(config, parent):
    """The lines of a top-level block, without indentation; None when there is no such block."""
    lines = config.splitlines()
    if parent not in lines:
        return None
    below = []
    for line in lines[lines.index(parent) + 1:]:
        if not line.startswith(' '):
            break
        below.append(line.strip())
    return below


def in_block(name, config, parent, *lines):
    """Asserts that a block of a configuration has these lines."""
    found = block(config, parent)
    missing = None if found is None else [line for line in lines if line not in found]
    return check(name, missing == [], 'block %r: %r, missing %r' % (parent, found, missing))


def not_in_block(name, config, parent, *lines):
    """Asserts that a block is there and has none of these lines."""
    found = block(config, parent)
    present = None if found is None else [line for line in lines if line in found]
    return check(name, present == [], 'block %r: %r' % (parent, found))


def has_line(name, config, *lines):
    """Asserts that a configuration has these lines at its root."""
    rows = config.splitlines()
    missing = [line for line in lines if line not in rows]
    return check(name, not missing, 'missing %r' % missing)


def no_line(name, config, *lines):
    """Asserts that a configuration has none of these lines at its root."""
    rows = config.splitlines()
    present = [line for line in lines if line in rows]
    return check(name, not present, 'present %r' % present)
