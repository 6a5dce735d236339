"""The openssh client: passwords, keys, host keys, single commands, lines from a pipe, a terminal."""

import json
import os

from support import (TARGET, block, check, equal, holds, in_block, lacks, over_curl, over_ssh, run, running_over_curl,
                     section, ssh_options)

HERE = '%s@%s' % (TARGET.username, TARGET.host)
NO_KEY = ['-o', 'PubkeyAuthentication=no']


def ssh(*argv, stdin='', password=TARGET.password, options=None, user=HERE):
    """Runs ssh; gives status, output and errors."""
    chosen = ssh_options() + NO_KEY if options is None else options
    return run(['sshpass', '-p', password, 'ssh', *chosen, user, *argv], stdin)


@section('single commands')
def single():
    status, out, _ = ssh('show version')
    equal('ssh: the status', status, 0)
    holds('ssh: show version', out, 'Software image version: %s' % TARGET.eos)
    lacks('ssh: no prompt, no echo', out, TARGET.name + '>', 'show version')
    _, out, _ = ssh('show version | json')
    equal('ssh: JSON', json.loads(out)['version'], TARGET.eos)
    _, out, _ = ssh('show version | json | no-more')
    check('ssh: JSON without a pager', TARGET.eos in out, out)
    status, out, err = ssh('show bogus')
    holds('ssh: an unknown command', out + err, '% Invalid input')
    equal('ssh: and its status', status, 1)
    status, out, err = ssh('show running-config')
    holds('ssh: what needs enable', out + err, 'privileged mode required')
    holds('ssh: a pipe', over_ssh('show version | include Software'), TARGET.eos)
    equal('ssh: a pipe cuts', len(over_ssh('show version | include Software').strip().splitlines()), 1)
    _, out, _ = ssh('enable\nshow running-config | section ^interface Loopback0')
    holds('ssh: a section', out, 'interface Loopback0', 'ip address 10.0.250.')


@section('lines from a pipe')
def piped():
    lines = 'enable\nconfigure\ninterface Ethernet19\ndescription from a pipe\nend\nshow running-config interfaces Ethernet19\nexit\n'
    status, out, _ = ssh('-T', stdin=lines)
    equal('pipe: the status', status, 0)
    holds('pipe: ssh reads the line', out, 'description from a pipe')
    in_block('pipe: curl reads the line', running_over_curl(), 'interface Ethernet19', 'description from a pipe')
    ssh('-T', stdin='enable\nconfigure\ndefault interface Ethernet19\nend\n')
    equal('pipe: curl reads a bare port', block(running_over_curl(), 'interface Ethernet19'), [])
    _, out, _ = ssh('-T', stdin='enable\nshow running-config interfaces Ethernet19\n')
    lacks('pipe: ssh reads a bare port', out, 'description')


@section('a terminal')
def terminal():
    lines = 'enable\nterminal length 0\nshow hostname\nexit\n'
    status, out, _ = ssh('-tt', stdin=lines)
    holds('tty: prompts', out, TARGET.name + '>', TARGET.name + '#')
    holds('tty: paging off', out, 'Pagination disabled.')
    holds('tty: CR LF', out, '\r\n')
    equal('tty: the status', status, 0)


@section('configuration sessions')
def sessions():
    before = running_over_curl()
    lines = 'enable\nconfigure session ssh1\ninterface Ethernet20\ndescription of ssh1\nshow session-config diffs\nend\n'
    _, out, _ = ssh('-T', stdin=lines)
    holds('session: its diff', out, '--- system:/running-config', '+++ session:/ssh1-session-config', '+   description of ssh1')
    equal('session: curl reads nothing in running-config', running_over_curl(), before)
    holds('session: curl reads the diff', over_curl(['enable', 'show session-config named ssh1 diffs'])[1]['output'],
          '+   description of ssh1')
    ssh('enable\nconfigure session ssh1 commit')
    in_block('session: curl reads the commit', running_over_curl(), 'interface Ethernet20', 'description of ssh1')
    holds('session: ssh reads the commit', over_ssh('enable\nshow running-config interfaces Ethernet20'), 'of ssh1')
    ssh('-T', stdin='enable\nconfigure session ssh2\ndefault interface Ethernet20\nabort\n')
    in_block('session: an abort changes nothing', running_over_curl(), 'interface Ethernet20', 'description of ssh1')
    ssh('-T', stdin='enable\nconfigure session ssh3\ndefault interface Ethernet20\ncommit\n')
    equal('session: all is as before', running_over_curl(), before)


@section('logins')
def logins():
    status, _, err = ssh('show hostname', password='wrong')
    equal('login: a wrong password', status, 5)
    status, _, err = ssh('show hostname', options=ssh_options() + NO_KEY + ['-o', 'PreferredAuthentications=keyboard-interactive'])
    equal('login: keyboard-interactive', status, 0)
    stranger = os.path.join(TARGET.scratch, 'no_hosts')
    options = [word.replace(TARGET.known_hosts, stranger) for word in ssh_options()] + NO_KEY
    status, _, err = ssh('show hostname', options=options)
    check('login: an unknown host key is refused', status != 0 and 'Host key verification failed' in err, (status, err))
    key = os.path.join(TARGET.scratch, 'id_ed25519')
    run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'openssh', '-f', key])
    with open(key + '.pub') as file:
        public = file.read().strip()
    over_curl(['enable', 'configure', 'username key-user privilege 15 role network-admin nopassword',
               'username key-user ssh-key %s' % public])
    keyed = ['ssh', *ssh_options(), '-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', 'key-user@%s' % TARGET.host]
    status, out, err = run([*keyed, 'show hostname'])
    check('login: by key', status == 0 and TARGET.name in out, (status, out, err))
    status, out, err = run([*keyed, 'enable\nshow running-config'])
    holds('login: the key user reads its own key', out, 'username key-user ssh-key %s' % public)
    over_curl(['enable', 'configure', 'no username key-user'])
    status, _, err = run([*keyed, 'show hostname'])
    check('login: the key of a user who is gone', status != 0 and 'Permission denied' in err, (status, err))
    lacks('login: curl reads the user gone', running_over_curl(), 'key-user')
    over_curl(['enable', 'configure', 'username low-user privilege 1 secret low-secret'])
    holds('login: a user of the configuration', over_ssh('show hostname', ('low-user', 'low-secret')), TARGET.name)
    status, out, err = ssh('configure', user='low-user@%s' % TARGET.host, password='low-secret')
    check('login: who may not configure', status != 0 and '%' in out + err, (status, out, err))
    over_curl(['enable', 'configure', 'no username low-user'])
    lacks('login: curl reads that user gone', running_over_curl(), 'low-user')
    holds('login: there is a banner', running_over_curl(), 'banner login\n', 'Access is recorded.')
    loud = [word for word in ssh_options() if word != 'LogLevel=ERROR'] + ['LogLevel=INFO'] + NO_KEY
    _, out, err = ssh('show hostname', options=loud)
    holds('login: ssh prints it', out + err, 'Access is recorded.')
