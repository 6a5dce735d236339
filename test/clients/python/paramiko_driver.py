"""python3-paramiko: the exec channel, a shell with and without a terminal, the pager, keys."""

import json
import re
import time

import paramiko

from support import TARGET, check, equal, holds, in_block, lacks, over_curl, running_over_curl, section


def connect(**more):
    """A paramiko client that knows the host key of the switch and no other."""
    client = paramiko.SSHClient()
    client.load_host_keys(TARGET.known_hosts)
    login = {'username': TARGET.username, 'password': TARGET.password, **more}
    client.connect(TARGET.host, port=TARGET.ssh, look_for_keys=False, allow_agent=False, timeout=15, **login)
    return client


CLIENT = connect()


def execute(command, client=CLIENT):
    """What a single command prints, and its status."""
    _, out, err = client.exec_command(command, timeout=15)
    text = out.read().decode() + err.read().decode()
    return text, out.channel.recv_exit_status()


class Shell:
    """A shell in which one waits for what is printed."""

    def __init__(self, client=CLIENT, **terminal):
        self.channel = client.invoke_shell(**terminal)
        self.channel.settimeout(15)

    def until(self, pattern):
        """Everything printed up to a match of a pattern at the end."""
        text = ''
        while not re.search(pattern + r'\s*\Z', text):
            text += self.channel.recv(65536).decode()
        return text

    def type(self, line, pattern):
        """Types a line; gives what comes up to the pattern."""
        self.channel.send(line + '\n')
        return self.until(pattern)


EXEC = re.escape(TARGET.name) + '[>#]'


@section('exec')
def exec_channel():
    text, status = execute('show version')
    holds('exec: show version', text, 'Software image version: %s' % TARGET.eos)
    equal('exec: its status', status, 0)
    text, _ = execute('show hostname | json')
    equal('exec: JSON', json.loads(text)['hostname'], TARGET.name)
    text, status = execute('show bogus')
    holds('exec: an error', text, '% Invalid input')
    check('exec: an error has a status', status != 0, status)
    text, _ = execute('enable\nconfigure\ninterface Ethernet15\ndescription over exec\nend')
    lacks('exec: several lines', text, '%')
    in_block('exec: curl reads what they did', running_over_curl(), 'interface Ethernet15', 'description over exec')
    text, _ = execute('enable\nshow running-config interfaces Ethernet15')
    holds('exec: and so does paramiko', text, 'description over exec')
    execute('enable\nconfigure\ndefault interface Ethernet15')
    lacks('exec: curl reads it gone', running_over_curl(), 'over exec')
    lacks('exec: and so does paramiko', execute('enable\nshow running-config interfaces Ethernet15')[0], 'over exec')
    outs = [CLIENT.exec_command('show hostname', timeout=15)[1] for _ in range(5)]
    equal('exec: five channels at once', [TARGET.name in out.read().decode() for out in outs], [True] * 5)


@section('shell')
def shell():
    here = Shell(width=200, height=1000)
    greeting = here.until(EXEC)
    holds('shell: a prompt', greeting, TARGET.name + '>')
    answer = here.type('show hostname', EXEC)
    equal('shell: the typed line is echoed', answer.splitlines()[0].strip(), 'show hostname')
    check('shell: lines end in CR LF', '\r\n' in answer and '\n\n' not in answer, repr(answer))
    holds('shell: enable', here.type('enable', EXEC), TARGET.name + '#')
    holds('shell: configure', here.type('configure', r'\(config\)#'), '(config)#')
    holds('shell: a submode', here.type('int et16', r'#'), '(config-if-Et16)#')
    here.type('desc by paramiko', r'#')
    in_block('shell: curl reads the line at once', running_over_curl(), 'interface Ethernet16', 'description by paramiko')
    holds('shell: show active', here.type('show active', r'Et16\)#'), 'description by paramiko')
    holds('shell: an error', here.type('no such words', r'Et16\)#'), '% Invalid input')
    holds('shell: do', here.type('do show hostname', r'Et16\)#'), TARGET.name)
    here.type('no description', r'#')
    lacks('shell: curl reads it gone', running_over_curl(), 'by paramiko')
    lacks('shell: and so does paramiko', here.type('show active', r'Et16\)#'), 'description')
    holds('shell: end', here.type('end', EXEC), TARGET.name + '#')
    here.channel.send('exit\n')
    ends = time.monotonic() + 10
    while not here.channel.exit_status_ready() and time.monotonic() < ends:
        time.sleep(0.05)
    check('shell: exit closes it', here.channel.exit_status_ready(), 'open')


@section('paging')
def paging():
    here = Shell(width=80, height=24)
    here.until(EXEC)
    here.type('enable', EXEC)
    first = here.type('show running-config', '--More--')
    rows = sum(max(1, -(-len(line) // 80)) for line in first.splitlines()[1:])
    check('paging: one screen', 20 <= rows <= 24, rows)
    here.channel.send(' ')
    second = here.until('--More--')
    check('paging: the next one', second.strip() not in first, second[:200])
    here.channel.send('q')
    holds('paging: q', here.until(EXEC), TARGET.name + '#')
    holds('paging: off', here.type('terminal length 0', EXEC), 'Pagination disabled.')
    whole = here.type('show running-config', r'\nend\r\n\S+#')
    lacks('paging: none', whole, '--More--')
    here.channel.close()


@section('a session over two transports')
def session():
    before = running_over_curl()
    here = Shell(width=200, height=1000)
    here.until(EXEC)
    here.type('enable', EXEC)
    answer = here.type('configure session a-long-session-name', r'\)#')
    holds('session: the prompt shows ten characters', answer, '(config-s-a-long-ses)#')
    here.type('interface Ethernet17', r'Et17\)#')
    here.type('description of two', r'Et17\)#')
    equal('session: curl reads nothing in running-config', running_over_curl(), before)
    diff = over_curl(['enable', 'show session-config named a-long-session-name diffs'])[1]['output']
    holds('session: curl reads its diff', diff, '+   description of two')
    over_curl(['enable', 'configure session a-long-session-name', 'interface Ethernet18', 'description by curl'])
    both = here.type('show session-config diffs', r'\)#')
    holds('session: paramiko reads what curl typed', both, '+   description by curl', '+   description of two')
    here.type('abort', EXEC)
    listed = over_curl(['show configuration sessions detail'], 'json')[0]['sessions']
    check('session: an abort over SSH is seen over eAPI',
          listed.get('a-long-session-name', {}).get('state') in (None, 'aborted'), listed)
    equal('session: nothing changed', running_over_curl(), before)
    here.type('configure session from-ssh', r'\)#')
    here.type('interface Ethernet17', r'\)#')
    here.type('description of ssh', r'\)#')
    here.type('end', EXEC)
    over_curl(['enable', 'configure session from-ssh commit'])
    holds('session: what SSH typed and curl committed', here.type('show running-config interfaces Ethernet17', EXEC),
          'description of ssh')
    in_block('session: curl reads it', running_over_curl(), 'interface Ethernet17', 'description of ssh')
    over_curl(['enable', 'configure', 'default interface Ethernet17'])
    equal('session: all is as before', running_over_curl(), before)
    here.channel.close()


@section('logins')
def logins():
    try:
        connect(password='wrong')
        check('login: a wrong password', False, 'it was let in')
    except paramiko.AuthenticationException as error:
        holds('login: a wrong password', str(error), 'Authentication failed')
    key = paramiko.RSAKey.generate(2048)
    line = 'username pk-user ssh-key ssh-rsa %s paramiko' % key.get_base64()
    over_curl(['enable', 'configure', 'username pk-user privilege 15 role network-admin nopassword', line])
    keyed = connect(username='pk-user', password=None, pkey=key)
    equal('login: by key', json.loads(execute('show hostname | json', keyed)[0])['hostname'], TARGET.name)
    keyed.close()
    try:
        connect(username='pk-user', password=None, pkey=paramiko.RSAKey.generate(2048))
        check('login: by another key', False, 'it was let in')
    except paramiko.SSHException:
        check('login: by another key', True)
    over_curl(['enable', 'configure', 'no username pk-user'])
    lacks('login: curl reads the user gone', running_over_curl(), 'pk-user')
    try:
        connect(username='pk-user', password=None, pkey=key)
        check('login: by the key of a user who is gone', False, 'it was let in')
    except paramiko.SSHException:
        check('login: by the key of a user who is gone', True)
    transport = paramiko.Transport((TARGET.host, TARGET.ssh))
    transport.start_client(timeout=15)
    transport.auth_interactive(TARGET.username, lambda _title, _text, prompts: [TARGET.password for _ in prompts])
    check('login: keyboard-interactive', transport.is_authenticated(), '')
    transport.close()


CLIENT.close()
