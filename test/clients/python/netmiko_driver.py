"""python3-netmiko: commands, configuration, sessions, enable, saving, and output longer than a screen."""

import json

from netmiko import ConnectHandler, NetMikoAuthenticationException

try:
    from netmiko import ReadTimeout
    PAUSES = 0.5
except ImportError:
    # Debian's release raises a ValueError in its place, and tells answers apart by its pauses alone.
    ReadTimeout = ValueError
    PAUSES = 1

from support import (TARGET, block, check, equal, has_line, holds, in_block, lacks, no_line, over_curl,
                     running_over_curl, section)


def connect(**more):
    """A netmiko connection to the switch, with half its pauses where they are not all that it goes by: in shorter ones it takes a late prompt for the end of the next answer."""
    login = {'username': TARGET.username, 'password': TARGET.password, **more}
    return ConnectHandler(device_type='arista_eos', host=TARGET.host, port=TARGET.ssh, ssh_strict=True, alt_host_keys=True,
                          alt_key_file=TARGET.known_hosts, fast_cli=True, global_delay_factor=PAUSES, **login)


NODE = connect()


def errors_of(output):
    """The lines of an output in which the switch refuses something."""
    return [line for line in output.splitlines() if line.startswith('%')]


@section('login')
def login():
    equal('login: the base prompt', NODE.base_prompt, TARGET.name)
    equal('login: the prompt', NODE.find_prompt(), TARGET.name + '>')
    check('login: not in enable mode', not NODE.check_enable_mode(), NODE.find_prompt())
    NODE.enable()
    equal('login: the prompt of enable mode', NODE.find_prompt(), TARGET.name + '#')
    check('login: in enable mode', NODE.check_enable_mode(), NODE.find_prompt())
    NODE.exit_enable_mode()
    equal('login: and out of it', NODE.find_prompt(), TARGET.name + '>')
    NODE.enable()
    try:
        connect(password='wrong')
        check('login: a wrong password', False, 'it was let in')
    except NetMikoAuthenticationException as error:
        holds('login: a wrong password', str(error), 'Authentication')


@section('commands')
def commands():
    holds('commands: show version', NODE.send_command('show version'), 'Software image version: %s' % TARGET.eos)
    equal('commands: show hostname', NODE.send_command('show hostname').split()[:2], ['Hostname:', TARGET.name])
    equal('commands: JSON', json.loads(NODE.send_command('show version | json'))['version'], TARGET.eos)
    equal('commands: include', NODE.send_command('show running-config | include ^hostname').strip(), 'hostname ' + TARGET.name)
    found = NODE.send_command('show running-config | section Loopback0')
    holds('commands: section', found, 'interface Loopback0', 'ip address 10.0.250.')
    lacks('commands: a section has nothing else', found, 'hostname')
    holds('commands: an abbreviation', NODE.send_command('sh ver | i Software'), TARGET.eos)
    equal('commands: an unknown one', errors_of(NODE.send_command('show bogus')), ['% Invalid input'])
    equal('commands: an unfinished one', len(errors_of(NODE.send_command('show'))), 1)
    equal('commands: the prompt after errors', NODE.find_prompt(), TARGET.name + '#')
    holds('commands: show vlan', NODE.send_command('show vlan'), 'PROD-WEB', 'active')
    timing = NODE.send_command_timing('show hostname')
    holds('commands: by timing', timing, TARGET.name)


@section('long output', night=True)
def long_output():
    whole = over_curl(['enable', 'show running-config'])[1]['output']
    shown = NODE.send_command('show running-config')
    equal('long: the running-config is whole', shown.strip().splitlines(), whole.strip().splitlines())
    lacks('long: without a pager', shown, '--More--')
    check('long: it is longer than any screen', len(shown.splitlines()) > 200, len(shown.splitlines()))
    holds('long: paging is off', NODE.send_command('terminal length 0'), 'Pagination disabled.')
    again = NODE.send_command('show running-config all')
    check('long: with the defaults', len(again.splitlines()) > 2000, len(again.splitlines()))


@section('configuration')
def configuration():
    NODE.config_mode()
    check('config: the mode', NODE.check_config_mode(), NODE.find_prompt())
    equal('config: its prompt', NODE.find_prompt(), TARGET.name + '(config)#')
    NODE.exit_config_mode()
    check('config: left', not NODE.check_config_mode(), NODE.find_prompt())
    out = NODE.send_config_set(['interface Ethernet10', 'description by netmiko', 'mtu 9000', 'vlan 3800', 'name NETMIKO'])
    equal('config: nothing was refused', errors_of(out), [])
    holds('config: the prompts of the modes', out, '(config)#', '(config-if-Et10)#', '(config-vlan-3800)#')
    own = NODE.send_command('show running-config interfaces Ethernet10')
    holds('config: netmiko reads the port', own, 'interface Ethernet10', 'description by netmiko', 'mtu 9000')
    other = running_over_curl()
    in_block('config: curl reads the port', other, 'interface Ethernet10', 'description by netmiko', 'mtu 9000')
    in_block('config: curl reads the vlan', other, 'vlan 3800', 'name NETMIKO')
    out = NODE.send_config_set(['interface Ethernet11', 'bogus words', 'description after an error'])
    equal('config: a refused line says so', errors_of(out), ['% Invalid input'])
    in_block('config: what follows it is done', running_over_curl(), 'interface Ethernet11', 'description after an error')
    out = NODE.send_config_set(['default interface Ethernet10', 'default interface Ethernet11', 'no vlan 3800'])
    equal('config: nothing was refused again', errors_of(out), [])
    holds('config: netmiko reads a bare port', NODE.send_command('show running-config interfaces Ethernet10'), 'interface Ethernet10')
    lacks('config: netmiko reads no description', NODE.send_command('show running-config interfaces Ethernet10'), 'netmiko')
    other = running_over_curl()
    equal('config: curl reads bare ports', (block(other, 'interface Ethernet10'), block(other, 'interface Ethernet11')), ([], []))
    no_line('config: curl reads no vlan', other, 'vlan 3800')
    many = [line for vlan in range(3810, 3830) for line in ('vlan %d' % vlan, 'name MANY%d' % vlan, 'exit')]
    equal('config: sixty lines', errors_of(NODE.send_config_set(many)), [])
    other = running_over_curl()
    check('config: curl reads them all', all('name MANY%d' % vlan in other for vlan in range(3810, 3830)), '')
    holds('config: show vlan has the last', NODE.send_command('show vlan'), 'MANY3829')
    NODE.send_config_set(['no vlan 3810-3829'])
    lacks('config: curl reads none', running_over_curl(), 'MANY38')
    lacks('config: show vlan neither', NODE.send_command('show vlan'), 'MANY38')


@section('a banner', night=True)
def banner():
    before = running_over_curl()
    out = NODE.send_config_set(['banner motd', 'first line', '  second line', 'EOF', 'interface Ethernet12',
                                'description after a banner'])
    holds('banner: the switch asks for it', out, "Enter TEXT message. Type 'EOF' on its own line to end.")
    other = running_over_curl()
    holds('banner: curl reads it', other, 'banner motd\nfirst line\n')
    in_block('banner: what follows is a command again', other, 'interface Ethernet12', 'description after a banner')
    NODE.send_config_set(['no banner motd', 'default interface Ethernet12'])
    equal('banner: curl reads no trace', running_over_curl(), before)


@section('a session')
def session():
    before = running_over_curl()
    out = NODE.send_config_set(['interface Ethernet13', 'description in a session', 'show session-config diffs'],
                               config_mode_command='configure session nm1', exit_config_mode=False)
    shown = 'config-s-nm1'
    holds('session: its prompt', out, '(%s)#' % shown, '(%s-if-Et13)#' % shown)
    holds('session: its diff', out, '--- system:/running-config', '+++ session:/nm1-session-config', '+   description in a session')
    equal('session: curl reads nothing of it', running_over_curl(), before)
    listed = over_curl(['show configuration sessions detail'], 'json')[0]['sessions']
    equal('session: curl sees it', listed['nm1']['state'], 'pending')
    NODE.send_command_timing('commit')
    equal('session: a commit leaves config mode', NODE.find_prompt(), TARGET.name + '#')
    in_block('session: curl reads the change', running_over_curl(), 'interface Ethernet13', 'description in a session')
    holds('session: netmiko reads the change', NODE.send_command('show running-config interfaces Ethernet13'), 'in a session')
    NODE.send_config_set(['default interface Ethernet13'], config_mode_command='configure session nm2', exit_config_mode=False)
    NODE.send_command_timing('abort')
    in_block('session: an abort changes nothing', running_over_curl(), 'interface Ethernet13', 'description in a session')
    NODE.send_config_set(['default interface Ethernet13'])
    equal('session: curl reads no trace', running_over_curl(), before)


@section('saving', night=True)
def saving():
    NODE.send_config_set(['interface Ethernet14', 'description saved'])
    lacks('save: startup-config is old', over_curl(['enable', 'show startup-config'])[1]['output'], 'description saved')
    holds('save: save_config says so', NODE.save_config(), 'Copy completed successfully.')
    holds('save: curl reads it in startup-config', over_curl(['enable', 'show startup-config'])[1]['output'], 'description saved')
    NODE.send_config_set(['default interface Ethernet14'])
    NODE.save_config()
    lacks('save: curl reads it gone', over_curl(['enable', 'show startup-config'])[1]['output'], 'description saved')


@section('enable', night=True)
def enable():
    NODE.send_config_set(['username nm-op privilege 1 role network-admin secret nm-secret', 'enable password nm-enable'])
    low = connect(username='nm-op', password='nm-secret', secret='nm-enable')
    equal('enable: the prompt', low.find_prompt(), TARGET.name + '>')
    equal('enable: it is needed', errors_of(low.send_command('show running-config')), ['% Invalid input (privileged mode required)'])
    low.enable()
    equal('enable: with the secret', low.find_prompt(), TARGET.name + '#')
    low.send_config_set(['vlan 3801'])
    has_line('enable: curl reads what the user configured', running_over_curl(), 'vlan 3801')
    low.disconnect()
    wrong = connect(username='nm-op', password='nm-secret', secret='wrong')
    # Newer releases wait as long for a prompt that does not come.
    wrong.read_timeout_override = 2
    try:
        wrong.enable()
        check('enable: with a wrong secret', not wrong.check_enable_mode(), wrong.find_prompt())
    except (ValueError, ReadTimeout) as error:
        check('enable: with a wrong secret', '#' not in wrong.find_prompt(), error)
    wrong.disconnect()
    NODE.send_config_set(['no vlan 3801', 'no enable password', 'no username nm-op'])
    lacks('enable: curl reads no trace', running_over_curl(), 'nm-op', 'vlan 3801')


NODE.disconnect()
