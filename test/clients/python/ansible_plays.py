"""ansible with the collection arista.eos: the same three playbooks over either of its connections."""

import json
import os
import shutil
import sys

from support import (TARGET, block, check, equal, has_line, holds, in_block, lacks, no_line, over_curl, run,
                     running_over_curl, running_over_ssh, section)

PLAYS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'ansible')
COMMON = {
    'ansible_host': TARGET.host,
    'ansible_user': TARGET.username,
    'ansible_password': TARGET.password,
    'ansible_network_os': 'arista.eos.eos',
    'ansible_become': True,
    'ansible_become_method': 'enable',
    'ansible_python_interpreter': sys.executable,
}
CONNECTIONS = {
    'httpapi': {'ansible_connection': 'ansible.netcommon.httpapi', 'ansible_httpapi_port': TARGET.https,
                'ansible_httpapi_use_ssl': True, 'ansible_httpapi_validate_certs': True},
    'network_cli': {'ansible_connection': 'ansible.netcommon.network_cli', 'ansible_port': TARGET.ssh,
                    'ansible_network_cli_ssh_type': 'paramiko'},
}
SETTINGS = {
    'ANSIBLE_STDOUT_CALLBACK': 'json',
    'ANSIBLE_NOCOLOR': '1',
    'ANSIBLE_RETRY_FILES_ENABLED': '0',
    'ANSIBLE_HOST_KEY_CHECKING': 'True',
    'ANSIBLE_PERSISTENT_CONNECT_TIMEOUT': '20',
    'ANSIBLE_DEPRECATION_WARNINGS': '0',
    # How long network_cli listens on after each prompt: a whole configuration has hundreds.
    'ANSIBLE_PERSISTENT_BUFFER_READ_TIMEOUT': '0.01',
    'SSL_CERT_FILE': TARGET.ca,
}


def play(connection, name, **variables):
    """Runs a playbook; gives the result of each task by its name."""
    inventory = {'all': {'hosts': {'switch': {**COMMON, **CONNECTIONS[connection]}}}}
    path = os.path.join(TARGET.scratch, 'inventory.json')
    with open(path, 'w') as file:
        json.dump(inventory, file)
    argv = [os.path.join(os.path.dirname(sys.executable), 'ansible-playbook'), '-i', path, '-e', json.dumps(variables), os.path.join(PLAYS, name)]
    status, out, err = run(argv, timeout=240)
    if '{' not in out:
        raise RuntimeError('ansible-playbook %s: %s %s' % (status, out, err))
    plays = json.loads(out[out.index('{'):])['plays']
    results = {task['task']['name']: task['hosts']['switch'] for one in plays for task in one['tasks'] if 'switch' in task['hosts']}
    return results


def beginning(connection):
    """Prepares a connection; gives what reads the running-config over another client."""
    os.environ.update(SETTINGS)
    os.makedirs(os.path.join(TARGET.scratch, '.ssh'), exist_ok=True)
    shutil.copy(TARGET.known_hosts, os.path.join(TARGET.scratch, '.ssh', 'known_hosts'))
    return running_over_ssh if connection == 'httpapi' else running_over_curl


def run_once(connection):
    """What a gate has time for, over one connection; what it did is read over another client."""
    running = beginning(connection)

    def once():
        done = play(connection, 'once.yml')
        commanded(done)
        configured(done)
        described(running())

    section('once')(once)


def run_all(connection):
    """Everything, over one connection; what it did is read over another client."""
    running = beginning(connection)
    if connection == 'network_cli':
        # Behind a banner this collection reads no answers, and takes them for the diff.
        over_curl(['enable', 'configure', 'no banner login'])
    before = running()
    section('making')(lambda: making(connection, running))
    section('removing')(lambda: removing(connection, running))
    section('replacing')(lambda: replacing(connection, running, before))


def changed(results, name, want=True):
    """Asserts that a task did, or did not, change something."""
    result = results.get(name, {'msg': 'the task did not run'})
    got = None if result.get('failed') else result.get('changed')
    return check('%s: %s' % (name, 'changed' if want else 'nothing to change'), got == want,
                 json.dumps(result)[:1500])


def commanded(done):
    """What commands have shown, and that an unknown one was refused."""
    shown = done['commands']['stdout']
    holds('eos_command: text', json.dumps(shown[0]), TARGET.eos)
    equal('eos_command: JSON', shown[1]['hostname'], TARGET.name)
    equal('eos_command: a pipe', shown[2].strip(), 'hostname ' + TARGET.name)
    check('eos_command: an unknown command fails', done['bogus command'].get('failed'), done['bogus command'])
    holds('eos_command: with the words of the switch', json.dumps(done['bogus command']), 'nvalid')


def configured(done):
    """What eos_config did, that it did it once, and that it has left no session behind a bad line."""
    changed(done, 'config in check mode')
    holds('check mode: the diff', json.dumps(done['config in check mode'].get('diff')), '+   description by ansible')
    changed(done, 'config')
    holds('eos_config: its diff', json.dumps(done['config'].get('diff')), '+   description by ansible', '+   mtu 9000')
    changed(done, 'config again', False)
    check('eos_config: a bad line fails', done['config with a bad line'].get('failed'), done['config with a bad line'])
    holds('eos_config: with the words of the switch', json.dumps(done['config with a bad line']), 'nvalid')
    states = [one['state'] for one in done['sessions after it']['stdout'][0]['sessions'].values()]
    check('eos_config: no session is left behind', 'pending' not in states, done['sessions after it'])


def described(made):
    """That the other client reads what eos_config did."""
    in_block('eos_config: the other client reads it', made, 'interface Ethernet7', 'description by ansible', 'mtu 9000')


def making(connection, running):
    """What make.yml did."""
    done = play(connection, 'make.yml')
    commanded(done)
    check('eos_command: wait_for', not done['waits'].get('failed'), done['waits'])
    facts_of(done['facts'])
    configured(done)
    made = running()
    described(made)
    for name in ('vlans', 'interfaces', 'l3 interfaces', 'bgp', 'banner', 'user', 'acls'):
        changed(done, name)
        changed(done, name + ' again', False)
    changed(done, 'hostname')
    in_block('eos_vlans: the other client reads one', made, 'vlan 3301', 'name ANS1')
    in_block('eos_vlans: and the other', made, 'vlan 3302', 'name ANS2')
    in_block('eos_interfaces: the other client reads it', made, 'interface Ethernet11', 'description ansible port', 'shutdown')
    in_block('eos_l3_interfaces: the other client reads it', made, 'interface Ethernet10', 'ip address 203.0.113.1/31')
    in_block('eos_bgp_global: the other client reads it', made, 'router bgp 65010', 'neighbor 203.0.113.0 remote-as 65020',
             'router-id 10.1.1.1', 'neighbor 203.0.113.0 description by-ansible')
    no_line('eos_config: the other client reads the first process gone', made, 'router bgp 65101')
    holds('eos_banner: the other client reads it', made, 'banner motd\nhello from ansible\nline two\nEOF\n')
    has_line('eos_user: the other client reads it', made, 'username ansuser privilege 5 nopassword')
    in_block('eos_acls: the other client reads it', made, 'ip access-list ANS-ACL', '10 permit tcp 10.36.0.0/24 any',
             '20 deny ip any any')
    has_line('eos_hostname: the other client reads it', made, 'hostname ans-host')
    after = {one['vlan_id']: one for one in done['vlans'].get('after', [])}
    equal('eos_vlans: its own read', (after.get(3301, {}).get('name'), after.get(3302, {}).get('name')), ('ANS1', 'ANS2'))
    after = {one['name']: one for one in done['interfaces'].get('after', [])}
    equal('eos_interfaces: its own read', (after.get('Ethernet11', {}).get('description'), after.get('Ethernet11', {}).get('enabled')),
          ('ansible port', False))
    after = {one['name']: one for one in done['l3 interfaces'].get('after', [])}
    equal('eos_l3_interfaces: its own read', after.get('Ethernet10', {}).get('ipv4'), [{'address': '203.0.113.1/31'}])
    neighbors = {one.get('neighbor_address'): one for one in done['bgp'].get('after', {}).get('neighbor', [])}
    equal('eos_bgp_global: its own read', neighbors.get('203.0.113.0', {}).get('remote_as'), '65020')
    holds('eos_acls: its own read', json.dumps(done['acls'].get('after')), 'ANS-ACL', '10.36.0.0/24')
    equal('eos_hostname: its own read', done['hostname'].get('after', {}).get('hostname'), 'ans-host')


def facts_of(result):
    """What eos_facts says of the switch."""
    facts = result.get('ansible_facts', {})
    equal('eos_facts: the version', facts.get('ansible_net_version'), TARGET.eos)
    equal('eos_facts: the hostname', facts.get('ansible_net_hostname'), TARGET.name)
    holds('eos_facts: the model', str(facts.get('ansible_net_model')), 'DCS-7280SR3')
    check('eos_facts: the serial number', facts.get('ansible_net_serialnum'), facts.get('ansible_net_serialnum'))
    holds('eos_facts: the configuration', str(facts.get('ansible_net_config')), 'hostname ' + TARGET.name)
    check('eos_facts: memory', facts.get('ansible_net_memtotal_mb', 0) > 0, facts.get('ansible_net_memtotal_mb'))
    check('eos_facts: file systems', facts.get('ansible_net_filesystems'), facts.get('ansible_net_filesystems'))
    check('eos_facts: addresses', '10.0.250.11' in facts.get('ansible_net_all_ipv4_addresses', []),
          facts.get('ansible_net_all_ipv4_addresses'))
    check('eos_facts: neighbors', 'Ethernet49/1' in facts.get('ansible_net_neighbors', {}), facts.get('ansible_net_neighbors'))
    check('eos_facts: interfaces', 'Loopback0' in facts.get('ansible_net_interfaces', {}), '')
    resources = facts.get('ansible_network_resources', {})
    vlans = {one['vlan_id']: one for one in resources.get('vlans', [])}
    equal('eos_facts: vlan 110', vlans.get(110, {}).get('name'), 'PROD-WEB')
    layer3 = {one['name']: one for one in resources.get('l3_interfaces', [])}
    equal('eos_facts: the address of a loopback', layer3.get('Loopback0', {}).get('ipv4'), [{'address': '10.0.250.11/32'}])
    layer2 = {one['name']: one for one in resources.get('l2_interfaces', [])}
    equal('eos_facts: an access port', layer2.get('Ethernet9', {}).get('access', {}).get('vlan'), 120)
    lags = {one['name']: one for one in resources.get('lag_interfaces', [])}
    equal('eos_facts: a port-channel', [one['member'] for one in lags.get('Port-Channel1', {}).get('members', [])], ['Ethernet1'])
    holds('eos_facts: an access list', json.dumps(resources.get('acls')), 'ACL-SSH')


def removing(connection, running):
    """What remove.yml did."""
    done = play(connection, 'remove.yml')
    made = done['made']['ansible_facts']['ansible_network_resources']
    check('eos_facts: reads the vlans', {3301, 3302} <= {one['vlan_id'] for one in made['vlans']}, made['vlans'])
    equal('eos_facts: reads the hostname', done['made']['ansible_facts']['ansible_net_hostname'], 'ans-host')
    for name in ('no vlans', 'no interface settings', 'no address', 'no bgp', 'no banner', 'no user', 'no acl'):
        changed(done, name)
    left = running()
    no_line('eos_vlans: the other client reads none', left, 'vlan 3301', 'vlan 3302')
    equal('eos_interfaces: the other client reads a bare port', block(left, 'interface Ethernet11'), [])
    equal('eos_l3_interfaces: the other client reads no address', block(left, 'interface Ethernet10'), ['no switchport'])
    lacks('eos_bgp_global: the other client reads no BGP', left, 'router bgp')
    lacks('eos_banner: the other client reads none', left, 'banner motd')
    lacks('eos_user: the other client reads none', left, 'ansuser')
    lacks('eos_acls: the other client reads none', left, 'ANS-ACL')
    read = done['removed']['ansible_facts']['ansible_network_resources']
    check('eos_vlans: it reads none itself', not {3301, 3302} & {one['vlan_id'] for one in read['vlans']}, read['vlans'])
    interfaces = {one['name']: one for one in read['interfaces']}
    equal('eos_interfaces: it reads a bare port itself', interfaces['Ethernet11'].get('description'), None)
    layer3 = {one['name']: one for one in read['l3_interfaces']}
    equal('eos_l3_interfaces: it reads no address itself', layer3.get('Ethernet10', {}).get('ipv4'), None)
    equal('eos_bgp_global: it reads no BGP itself', read.get('bgp_global') or None, None)
    lacks('eos_acls: it reads none itself', json.dumps(read.get('acls')), 'ANS-ACL')


def replacing(connection, running, before):
    """What replace.yml did: the configuration of the beginning is back."""
    wanted = os.path.join(TARGET.scratch, 'wanted.cfg')
    with open(wanted, 'w') as file:
        file.write(before)
    done = play(connection, 'replace.yml', wanted=wanted)
    changed(done, 'replace in check mode')
    holds('replace: the diff in check mode', json.dumps(done['replace in check mode'].get('diff')), '+hostname ' + TARGET.name,
          '+router bgp 65101')
    equal('replace: check mode changes nothing', done['what runs after check mode']['stdout'], ['hostname ans-host'])
    changed(done, 'replace')
    after = running()
    equal('replace: the other client reads the configuration of the beginning', after, before)
    changed(done, 'replace again', False)
    changed(done, 'save')
    startup = over_curl(['enable', 'show startup-config'])[1]['output'].splitlines()
    equal('save: startup-config is it too', [line for line in startup if line[:1] != '!'],
          [line for line in before.splitlines() if line[:1] != '!'])
