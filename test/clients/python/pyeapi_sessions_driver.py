"""python3-pyeapi: configuration sessions, their diffs and commits, the commit timer, and who may do what."""

import time

import pyeapi

from support import (TARGET, check, equal, has_line, holds, in_block, lacks, no_line, not_in_block, over_curl,
                     running_over_curl, section)


def connect(**more):
    """A node of pyeapi over HTTP."""
    login = {'username': TARGET.username, 'password': TARGET.password, **more}
    return pyeapi.connect(transport='http', host=TARGET.host, port=TARGET.http, return_node=True, timeout=30, **login)


NODE = connect()


def states():
    """The sessions of the switch with their states, as curl reads them."""
    listed = over_curl(['enable', 'show configuration sessions detail'], 'json')[1]['sessions']
    return {name: session['state'] for name, session in listed.items()}


def changes(diff):
    """The changed lines of a diff, without its header."""
    return [line for line in diff.splitlines() if line[:1] in ('+', '-') and line[:3] not in ('+++', '---')]


@section('a session')
def session():
    before = running_over_curl()
    node = connect()
    node.configure_session()
    node.config(['vlan 3700', 'name SESSION'])
    equal('session: running-config is untouched', running_over_curl(), before)
    check('session: it is pending', 'pending' in states().values(), states())
    diff = node.diff()
    holds('session: the diff has its header', diff, '--- system:/running-config', '-session-config')
    equal('session: the diff is what was typed', [line.strip('+ ') for line in changes(diff) if line != '+!'],
          ['vlan 3700', 'name SESSION'])
    node.config(['interface Ethernet21', 'description in a session'])
    holds('session: the second request goes on', node.diff(), 'vlan 3700', '+   description in a session')
    equal('session: still untouched', running_over_curl(), before)
    node.commit()
    in_block('session: pyeapi reads the commit', NODE.get_config(as_string=True), 'vlan 3700', 'name SESSION')
    in_block('session: curl reads the commit', running_over_curl(), 'vlan 3700', 'name SESSION')
    in_block('session: and the second change', running_over_curl(), 'interface Ethernet21', 'description in a session')
    lacks('session: a commit does not save', NODE.get_config('startup-config', as_string=True), 'vlan 3700')


@section('the diff')
def diff_base():
    NODE.config(['interface Ethernet22', 'description unsaved'])
    node = connect()
    node.configure_session()
    node.config(['interface Ethernet23', 'description of the session'])
    diff = node.diff()
    equal('diff: it starts from running-config', changes(diff), ['+   description of the session'])
    node.abort()
    node = connect()
    node.configure_session()
    equal('diff: nothing where nothing was typed', node.diff().strip(), '')
    node.abort()
    NODE.config(['default interface Ethernet22'])


@section('an abort')
def abort():
    before = running_over_curl()
    node = connect()
    node.configure_session()
    node.config(['no vlan 3700'])
    name = str(node._session_name)
    equal('abort: the session is there', states().get(name), 'pending')
    node.abort()
    check('abort: the session is gone', states().get(name) in (None, 'aborted'), states())
    equal('abort: nothing changed', running_over_curl(), before)


@section('a refused line')
def refused():
    before = running_over_curl()
    node = connect()
    node.configure_session()
    try:
        node.config(['vlan 3701', 'name BEFORE', 'bogus words here', 'vlan 3702', 'name AFTER'])
        check('refused: pyeapi raises', False, 'it gave an answer')
    except pyeapi.eapilib.CommandError as error:
        equal('refused: pyeapi raises', error.error_code, 1002)
        holds('refused: it names the line', str(error), 'bogus words here')
    diff = node.diff()
    holds('refused: what came before is in the session', diff, 'vlan 3701', 'BEFORE')
    lacks('refused: what came after is not', diff, 'AFTER')
    equal('refused: running-config is untouched', running_over_curl(), before)
    node.abort()
    try:
        NODE.config(['interface Ethernet24', 'ip address 300.0.0.1/24'])
        check('refused: an impossible address', False, 'it gave an answer')
    except pyeapi.eapilib.CommandError as error:
        check('refused: an impossible address', error.error_code in (1000, 1002), error.error_code)


@section('two sessions')
def two():
    first, second = connect(), connect()
    first.configure_session()
    first.config(['vlan 3703'])
    second.configure_session()
    second.config(['vlan 3704'])
    lacks('two: one does not see the other', second.diff(), 'vlan 3703')
    first.commit()
    has_line('two: the first is committed', running_over_curl(), 'vlan 3703')
    second.commit()
    after = running_over_curl()
    has_line('two: the second is committed', after, 'vlan 3704')
    no_line('two: and takes the first back, as a snapshot does', after, 'vlan 3703')
    NODE.config(['no vlan 3704'])


@section('merge on commit')
def merge():
    NODE.config(['service configuration session commit merge'])
    has_line('merge: the knob is set', running_over_curl(), 'service configuration session commit merge')
    first, second = connect(), connect()
    first.configure_session()
    first.config(['vlan 3705', 'name FIRST'])
    second.configure_session()
    second.config(['vlan 3706', 'name SECOND'])
    first.commit()
    second.commit()
    after = running_over_curl()
    in_block('merge: curl reads the second', after, 'vlan 3706', 'name SECOND')
    in_block('merge: curl reads the first too', after, 'vlan 3705', 'name FIRST')
    NODE.config(['no vlan 3705-3706', 'no service configuration session commit merge'])
    lacks('merge: all gone', running_over_curl(), 'vlan 3705', 'vlan 3706', 'session commit merge')


@section('the commit timer')
def timer():
    before = running_over_curl()
    node = connect()
    node.configure_session()
    name = str(node._session_name)
    node.config(['interface Ethernet25', 'no description', 'description under a timer'])
    node.config(['commit timer 00:00:02'])
    in_block('timer: the change is live', running_over_curl(), 'interface Ethernet25', 'description under a timer')
    listed = over_curl(['enable', 'show configuration sessions detail'], 'json')[1]
    armed = listed.get('commitTimerSessionName') == name or listed['sessions'][name]['state'] == 'pendingCommitTimer'
    check('timer: it runs', armed, listed)
    ends = time.monotonic() + 10
    while running_over_curl() != before and time.monotonic() < ends:
        time.sleep(0.3)
    equal('timer: without a confirm all is as before', running_over_curl(), before)
    holds('timer: pyeapi reads it too', NODE.get_config(as_string=True), 'description UNUSED')
    node = connect()
    node.configure_session()
    name = str(node._session_name)
    node.config(['interface Ethernet25', 'description confirmed'])
    node.config(['commit timer 00:00:02'])
    NODE.enable('configure session %s commit' % name)
    time.sleep(2.3)
    in_block('timer: with a confirm the change stays', running_over_curl(), 'interface Ethernet25', 'description confirmed')
    node = connect()
    node.configure_session()
    name = str(node._session_name)
    node.config(['interface Ethernet25', 'description aborted'])
    node.config(['commit timer 00:10:00'])
    in_block('timer: a third change is live', running_over_curl(), 'interface Ethernet25', 'description aborted')
    NODE.enable('configure session %s abort' % name)
    in_block('timer: an abort takes it back at once', running_over_curl(), 'interface Ethernet25', 'description confirmed')
    NODE.config(['interface Ethernet25', 'description UNUSED'])


@section('saving')
def saving():
    lacks('save: startup-config is old', over_curl(['enable', 'show startup-config'])[1]['output'], 'vlan 3700')
    answer = NODE.enable('copy running-config startup-config')[0]['result']
    holds('save: it says so', str(answer), 'Copy completed successfully.')
    holds('save: startup-config is new', over_curl(['enable', 'show startup-config'])[1]['output'], 'vlan 3700')
    equal('save: no difference', over_curl(['enable', 'show running-config diffs'])[1]['output'].strip(), '')
    NODE.config(['no vlan 3700', 'default interface Ethernet21'])
    holds('save: then there is one', over_curl(['enable', 'show running-config diffs'])[1]['output'], 'vlan 3700')
    NODE.enable('write memory')
    no_line('save: write memory too', over_curl(['enable', 'show startup-config'])[1]['output'], 'vlan 3700')


@section('too many sessions')
def limit():
    nodes = [connect() for _ in range(5)]
    for node in nodes:
        node.configure_session()
        node.config(['hostname other'])
    try:
        sixth = connect()
        sixth.configure_session()
        sixth.config(['hostname other'])
        check('limit: the sixth is refused', False, 'it was opened')
    except pyeapi.eapilib.CommandError as error:
        holds('limit: the sixth is refused', str(error), 'Maximum number of pending sessions has been reached')
    for node in nodes:
        node.abort()
    check('limit: none is pending', 'pending' not in states().values(), states())
    has_line('limit: nothing changed', running_over_curl(), 'hostname %s' % TARGET.name)


@section('privilege')
def privilege():
    NODE.config(['username py-op privilege 1 role network-admin secret py-op-secret'])
    low = connect(username='py-op', password='py-op-secret')
    equal('privilege: it may show', low.run_commands('show hostname', send_enable=False)[0]['hostname'], TARGET.name)
    for what in ('show running-config', 'configure terminal', 'configure session low', 'write memory'):
        try:
            low.run_commands(what, send_enable=False)
            check('privilege: %s needs enable' % what, False, 'it ran')
        except pyeapi.eapilib.CommandError as error:
            holds('privilege: %s needs enable' % what, str(error), 'privileged mode required')
    NODE.config(['enable secret py-enable'])
    for password in (None, 'wrong'):
        try:
            asking = connect(username='py-op', password='py-op-secret', enablepwd=password)
            asking.enable('show running-config', encoding='text')
            check('privilege: enable with %s is refused' % password, False, 'it ran')
        except pyeapi.eapilib.CommandError as error:
            equal('privilege: enable with %s is refused' % password, error.error_code, 1005)
            lacks('privilege: the message does not tell %s' % password, str(error), 'py-enable')
    right = connect(username='py-op', password='py-op-secret', enablepwd='py-enable')
    holds('privilege: enable with the secret', right.get_config(as_string=True), 'hostname %s' % TARGET.name)
    right.config(['vlan 3707'])
    has_line('privilege: and it may configure', running_over_curl(), 'vlan 3707')
    NODE.config(['no vlan 3707', 'no enable secret', 'no username py-op'])
    lacks('privilege: curl reads no trace', running_over_curl(), 'py-op', 'vlan 3707', 'py-enable')
    not_in_block('privilege: the switch is as it was', running_over_curl(), 'interface Ethernet24', 'ip address 300.0.0.1/24')
