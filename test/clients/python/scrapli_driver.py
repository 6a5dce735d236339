"""scrapli and scrapli_cfg: commands, privilege levels, configuration sessions, and changes merged, replaced and aborted."""

import os
import time

from scrapli.driver.core import EOSDriver
from scrapli.exceptions import ScrapliAuthenticationFailed
from scrapli_cfg import ScrapliCfg

from support import TARGET, check, equal, holds, in_block, lacks, no_line, over_curl, running_over_curl, section


def known_host():
    """The switch's host key under its address alone: scrapli looks for no port."""
    path = os.path.join(TARGET.scratch, 'known_hosts_of_scrapli')
    with open(TARGET.known_hosts) as given, open(path, 'w') as file:
        file.write('%s %s' % (TARGET.host, given.read().split(' ', 1)[1]))
    return path


def connect(password):
    """An open connection to the switch."""
    node = EOSDriver(host=TARGET.host, port=TARGET.ssh, auth_username=TARGET.username, auth_password=password,
                     auth_secondary=password, auth_strict_key=True, ssh_known_hosts_file=known_host(),
                     transport='paramiko', timeout_ops=20)
    node.open()
    return node


def next_second():
    """scrapli_cfg names its sessions by the second, and does not use a name twice."""
    time.sleep(1.1)


NODE = connect(TARGET.password)


@section('commands')
def commands():
    equal('login: the prompt', NODE.get_prompt(), TARGET.name + '#')
    try:
        connect('wrong')
        check('login: a wrong password', False, 'it was let in')
    except ScrapliAuthenticationFailed as error:
        check('login: a wrong password', error, error)
    holds('send_command: the version', NODE.send_command('show version').result, 'Software image version: %s' % TARGET.eos)
    equal('send_commands: both', [one.failed for one in NODE.send_commands(['show hostname', 'show vlan'])], [False, False])
    bad = NODE.send_command('show bogus')
    check('send_command: an unknown one fails', bad.failed, bad.result)
    holds('send_command: with the words of the switch', bad.result, '% Invalid input')
    equal('send_command: the whole running-config', NODE.send_command('show running-config').result.strip().splitlines(),
          running_over_curl().strip().splitlines())
    for level, prompt in (('exec', '>'), ('configuration', '(config)#'), ('privilege_exec', '#')):
        NODE.acquire_priv(level)
        equal('acquire_priv: %s' % level, NODE.get_prompt(), TARGET.name + prompt)


@section('sessions')
def sessions():
    before = running_over_curl()
    NODE.register_configuration_session(session_name='scrapli-one')
    done = NODE.send_configs(['vlan 3881', 'name SCRAPLI'], privilege_level='scrapli-one')
    check('session: its lines are taken', not done.failed, done.result)
    equal('session: the other client reads no change', running_over_curl(), before)
    holds('session: it is listed', NODE.send_command('show configuration sessions').result, 'scrapli-one')
    NODE.acquire_priv('scrapli-one')
    NODE.send_configs(['abort'], privilege_level='scrapli-one')
    NODE.acquire_priv('privilege_exec')
    lacks('session: it is gone behind an abort', NODE.send_command('show configuration sessions').result, 'scrapli-one')
    NODE.send_configs(['vlan 3882', 'name DIRECT'])
    in_block('send_configs: the other client reads it', running_over_curl(), 'vlan 3882', 'name DIRECT')
    stopped = NODE.send_configs(['vlan 3883', 'bogus words', 'name NEVER'], stop_on_failed=True)
    check('send_configs: it stops at a bad line', stopped.failed and len(stopped) == 2, stopped.result)
    NODE.send_configs(['no vlan 3882-3883'])
    equal('send_configs: it is as before', running_over_curl(), before)


@section('configurations')
def configurations():
    before = running_over_curl()
    with ScrapliCfg(conn=NODE) as cfg:
        equal('get_version', cfg.get_version().result, TARGET.eos)
        holds('get_config: running', cfg.get_config(source='running').result, 'hostname ' + TARGET.name)
        holds('get_config: startup', cfg.get_config(source='startup').result, 'hostname ' + TARGET.name)
        loaded = cfg.load_config(config='vlan 3884\n   name MERGED\n', replace=False)
        check('load_config: merge', not loaded.failed, loaded.result)
        holds('diff_config: merge', cfg.diff_config().device_diff, '+   name MERGED')
        check('commit_config: merge', not cfg.commit_config().failed, '')
        in_block('commit_config: the other client reads it', running_over_curl(), 'vlan 3884', 'name MERGED')
        next_second()
        check('load_config: replace', not cfg.load_config(config=before, replace=True).failed, '')
        holds('diff_config: replace', cfg.diff_config().device_diff, '-   name MERGED')
        check('commit_config: replace', not cfg.commit_config().failed, '')
        equal('replace: the other client reads the configuration of the beginning', running_over_curl(), before)
        next_second()
        cfg.load_config(config='vlan 3885\n', replace=False)
        check('abort_config', not cfg.abort_config().failed, '')
        no_line('abort_config: the other client reads no change', running_over_curl(), 'vlan 3885')
    states = {one['state'] for one in over_curl(['show configuration sessions'], form='json')[0]['sessions'].values()}
    equal('no session is left behind', states - {'completed'}, set())


NODE.close()
