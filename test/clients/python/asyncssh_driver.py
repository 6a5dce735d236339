"""python3-asyncssh: single commands, many at once, a shell, keys."""

import asyncio
import json

import asyncssh

from support import TARGET, check, equal, holds, in_block, lacks, no_line, over_curl, running_over_curl, section

PROMPT = '%s#' % TARGET.name


def connect(**more):
    """A connection that knows the host key of the switch and no other."""
    login = {'username': TARGET.username, 'password': TARGET.password, 'client_keys': None, **more}
    return asyncssh.connect(TARGET.host, port=TARGET.ssh, known_hosts=TARGET.known_hosts, config=None, agent_path=None,
                            **login)


def waited(about):
    """A group of assertions that awaits."""

    def group(steps):
        return section(about)(lambda: asyncio.run(asyncio.wait_for(steps(), 60)))

    return group


@waited('single commands')
async def single():
    async with connect() as node:
        shown = await node.run('show version')
        equal('run: the status', shown.exit_status, 0)
        holds('run: show version', shown.stdout, 'Software image version: %s' % TARGET.eos)
        equal('run: JSON', json.loads((await node.run('show hostname | json')).stdout)['hostname'], TARGET.name)
        wrong = await node.run('show bogus')
        holds('run: an unknown command', wrong.stdout + wrong.stderr, '% Invalid input')
        equal('run: and its status', wrong.exit_status, 1)
        many = await asyncio.gather(*(node.run('show hostname') for _ in range(8)))
        equal('run: eight at once', [TARGET.name in one.stdout for one in many], [True] * 8)


@waited('a shell')
async def shell():
    async with connect() as node:
        process = await node.create_process(term_type='vt100', term_size=(200, 1000))
        asked = await process.stdout.readuntil('%s>' % TARGET.name)
        holds('shell: a prompt', asked, '%s>' % TARGET.name)
        process.stdin.write('enable\n')
        await process.stdout.readuntil(PROMPT)
        process.stdin.write('configure session async1\n')
        holds('shell: the session', await process.stdout.readuntil(r'\)#'), '(config-s-async1)#')
        process.stdin.write('vlan 3901\n')
        holds('shell: a submode', await process.stdout.readuntil(r'\)#'), '(config-s-async1-vlan-3901)#')
        process.stdin.write('name ASYNC\n')
        await process.stdout.readuntil(r'\)#')
        no_line('shell: curl reads nothing in running-config', running_over_curl(), 'vlan 3901')
        process.stdin.write('show session-config diffs\n')
        holds('shell: the diff', await process.stdout.readuntil(r'\)#'), '+++ session:/async1-session-config', 'name ASYNC')
        process.stdin.write('commit\n')
        await process.stdout.readuntil(PROMPT)
        in_block('shell: curl reads the commit', running_over_curl(), 'vlan 3901', 'name ASYNC')
        process.stdin.write('show vlan 3901\n')
        holds('shell: show vlan has it', await process.stdout.readuntil(PROMPT), 'ASYNC')
        process.stdin.write('configure\nno vlan 3901\nend\n')
        for _ in range(3):
            await process.stdout.readuntil('#')
        lacks('shell: asyncssh reads it gone', (await node.run('show vlan')).stdout, 'ASYNC')
        lacks('shell: curl reads it gone', running_over_curl(), 'vlan 3901')
        process.stdin.write_eof()
        await process.wait_closed()
        check('shell: it ends', process.exit_status in (0, None), process.exit_status)


@waited('logins')
async def logins():
    try:
        async with connect(password='wrong'):
            check('login: a wrong password', False, 'it was let in')
    except asyncssh.PermissionDenied:
        check('login: a wrong password', True)
    key = asyncssh.generate_private_key('ssh-ed25519')
    public = key.export_public_key().decode().strip()
    over_curl(['enable', 'configure', 'username as-user privilege 15 role network-admin nopassword',
               'username as-user ssh-key %s' % public])
    async with connect(username='as-user', password=None, client_keys=[key]) as node:
        holds('login: by key', (await node.run('show hostname')).stdout, TARGET.name)
        holds('login: the key is read', (await node.run('enable\nshow running-config')).stdout, public)
    over_curl(['enable', 'configure', 'no username as-user'])
    lacks('login: curl reads the user gone', running_over_curl(), 'as-user')
    try:
        async with connect(username='as-user', password=None, client_keys=[key]):
            check('login: the key of a user who is gone', False, 'it was let in')
    except asyncssh.PermissionDenied:
        check('login: the key of a user who is gone', True)


@waited('the host key')
async def host_key():
    try:
        async with asyncssh.connect(TARGET.host, port=TARGET.ssh, username=TARGET.username, password=TARGET.password,
                                    known_hosts=([], [], []), config=None):
            check('host key: an unknown one is refused', False, 'it was taken')
    except asyncssh.HostKeyNotVerifiable:
        check('host key: an unknown one is refused', True)
