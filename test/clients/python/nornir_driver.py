"""Nornir: tasks of NAPALM over eAPI and of netmiko over SSH, from an inventory of files, on one switch under two names."""

import json
import logging
import os

from nornir import InitNornir
from nornir_napalm.plugins.tasks import napalm_configure, napalm_get, napalm_validate
from nornir_netmiko.tasks import netmiko_save_config, netmiko_send_command, netmiko_send_config

from support import TARGET, check, equal, holds, in_block, over_curl, running_over_curl, section

NAPALM = {'platform': 'eos', 'port': TARGET.http, 'extras': {'optional_args': {'transport': 'http', 'port': TARGET.http}}}
NETMIKO = {'platform': 'arista_eos', 'port': TARGET.ssh,
           'extras': {'ssh_strict': True, 'alt_host_keys': True, 'alt_key_file': TARGET.known_hosts, 'fast_cli': True}}


def written(name, content):
    """A file of the inventory; YAML is JSON too."""
    path = os.path.join(TARGET.scratch, name)
    with open(path, 'w') as file:
        json.dump(content, file)
    return path


def inventory():
    """Two names of one switch, in a group."""
    host = {'hostname': TARGET.host, 'username': TARGET.username, 'password': TARGET.password, 'groups': ['leaves'],
            'connection_options': {'napalm': NAPALM, 'netmiko': NETMIKO}}
    return InitNornir(
        runner={'plugin': 'threaded', 'options': {'num_workers': 2}},
        inventory={'plugin': 'SimpleInventory', 'options': {
            'host_file': written('hosts.yaml', {'one': {**host, 'data': {'role': 'left'}}, 'two': {**host, 'data': {'role': 'right'}}}),
            'group_file': written('groups.yaml', {'leaves': {'data': {'site': 'dc1'}}}),
            'defaults_file': written('defaults.yaml', {})}},
        logging={'enabled': False})


logging.disable(logging.CRITICAL)
FLEET = inventory()
LEFT = FLEET.filter(role='left')


@section('reading')
def reading():
    equal('inventory: two names', sorted(FLEET.inventory.hosts), ['one', 'two'])
    found = FLEET.run(task=napalm_get, getters=['facts', 'interfaces_ip', 'bgp_neighbors'])
    check('napalm_get: both at once', not found.failed, found.failed_hosts)
    equal('napalm_get: who they are', {name: one[0].result['facts']['hostname'] for name, one in found.items()},
          {'one': TARGET.name, 'two': TARGET.name})
    equal('napalm_get: an address', found['one'][0].result['interfaces_ip']['Loopback0']['ipv4'], {'10.0.250.11': {'prefix_length': 32}})
    shown = FLEET.run(task=netmiko_send_command, command_string='show version | json')
    equal('netmiko_send_command: the version', {json.loads(one[0].result)['version'] for one in shown.values()}, {TARGET.eos})
    rules = written('validate.yaml', [{'get_facts': {'hostname': TARGET.name, 'vendor': 'Arista'}}, {'get_vlans': {'110': {'name': 'PROD-WEB'}}}])
    report = LEFT.run(task=napalm_validate, src=rules)['one'][0].result
    check('napalm_validate: it complies', report['complies'], json.dumps(report)[:800])
    wrong = written('wrong.yaml', [{'get_vlans': {'110': {'name': 'OTHER'}}}])
    check('napalm_validate: it does not comply', not LEFT.run(task=napalm_validate, src=wrong)['one'][0].result['complies'], '')


@section('changing')
def changing():
    before = running_over_curl()
    dry = LEFT.run(task=napalm_configure, dry_run=True, configuration='vlan 3871\n   name NORNIR\n')['one'][0]
    check('napalm_configure: a dry run has a diff', '+   name NORNIR' in dry.diff, dry.diff)
    equal('napalm_configure: and changes nothing', running_over_curl(), before)
    done = LEFT.run(task=napalm_configure, configuration='vlan 3871\n   name NORNIR\n')['one'][0]
    check('napalm_configure: it changed', done.changed, done.diff)
    in_block('napalm_configure: the other client reads it', running_over_curl(), 'vlan 3871', 'name NORNIR')
    bad = LEFT.run(task=napalm_configure, configuration='bogus line here\n')
    holds('napalm_configure: a bad line fails', str(bad['one'][0].exception), 'Invalid input')
    LEFT.data.reset_failed_hosts()
    LEFT.run(task=netmiko_send_config, config_commands=['vlan 3871', 'name BY-NETMIKO'])
    in_block('netmiko_send_config: the other client reads it', running_over_curl(), 'vlan 3871', 'name BY-NETMIKO')
    LEFT.run(task=netmiko_save_config)
    holds('netmiko_save_config: it is in startup-config', over_curl(['enable', 'show startup-config'])[1]['output'], 'BY-NETMIKO')
    LEFT.run(task=netmiko_send_config, config_commands=['no vlan 3871'])
    LEFT.run(task=netmiko_save_config)
    equal('it is as before', running_over_curl(), before)


FLEET.close_connections(on_failed=True)
