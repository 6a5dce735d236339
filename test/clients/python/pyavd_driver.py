"""pyavd: the configurations that AVD makes of a fabric, put in place over eAPI; the switch takes every line and shows each as AVD wrote it."""

import itertools

import pyavd
import pyeapi

from support import TARGET, check, equal, running_over_ssh, section

DESIGN = {
    'fabric_name': 'AVD', 'mgmt_gateway': '192.0.2.1', 'mgmt_interface_vrf': 'MGMT',
    'spine': {'defaults': {'platform': '7280R3', 'loopback_ipv4_pool': '10.10.250.0/24', 'bgp_as': '65200'},
              'nodes': [{'name': 'spine1', 'id': 1, 'mgmt_ip': '192.0.2.11/24'}, {'name': 'spine2', 'id': 2, 'mgmt_ip': '192.0.2.12/24'}]},
    'l3leaf': {
        'defaults': {'platform': '7280R3', 'loopback_ipv4_pool': '10.10.250.0/24', 'loopback_ipv4_offset': 10,
                     'vtep_loopback_ipv4_pool': '10.10.251.0/24', 'uplink_ipv4_pool': '10.10.1.0/24',
                     'uplink_switches': ['spine1', 'spine2'], 'uplink_interfaces': ['Ethernet49/1', 'Ethernet50/1'],
                     'mlag_interfaces': ['Ethernet55/1', 'Ethernet56/1'], 'mlag_peer_ipv4_pool': '10.10.3.0/24',
                     'mlag_peer_l3_ipv4_pool': '10.10.4.0/24', 'spanning_tree_priority': 4096, 'spanning_tree_mode': 'mstp',
                     'virtual_router_mac_address': '00:1c:73:00:dc:01'},
        'node_groups': [{'group': 'RACK1', 'bgp_as': '65201', 'nodes': [
            {'name': 'leaf1', 'id': 1, 'mgmt_ip': '192.0.2.21/24', 'uplink_switch_interfaces': ['Ethernet1/1', 'Ethernet1/1']},
            {'name': 'leaf2', 'id': 2, 'mgmt_ip': '192.0.2.22/24', 'uplink_switch_interfaces': ['Ethernet2/1', 'Ethernet2/1']}]}]},
    'tenants': [{'name': 'PROD', 'mac_vrf_vni_base': 10000,
                 'vrfs': [{'name': 'PROD', 'vrf_vni': 50, 'vtep_diagnostic': {'loopback': 50, 'loopback_ip_range': '10.10.255.0/24'},
                           'svis': [{'id': 110, 'name': 'WEB', 'enabled': True, 'ip_address_virtual': '10.36.10.1/24'},
                                    {'id': 111, 'name': 'APP', 'enabled': True, 'ip_address_virtual': '10.36.11.1/24'}]}],
                 'l2vlans': [{'id': 160, 'name': 'VMOTION'}]}],
    'servers': [{'name': 'hv01', 'adapters': [{'switches': ['leaf1', 'leaf2'], 'switch_ports': ['Ethernet7', 'Ethernet7'],
                                               'endpoint_ports': ['eth0', 'eth1'], 'vlans': '110-111', 'mode': 'trunk',
                                               'port_channel': {'mode': 'active'}}]}],
}
KINDS = {'spine1': 'spine', 'spine2': 'spine', 'leaf1': 'l3leaf', 'leaf2': 'l3leaf'}
INPUTS = {name: {**DESIGN, 'type': kind} for name, kind in KINDS.items()}
FACTS = pyavd.get_avd_facts(INPUTS)


# What AVD writes of ports and EOS does not print, because it is the default.
UNPRINTED = ('no shutdown', 'switchport')
NAMES = ('avd-%d' % number for number in itertools.count(1))


def lines_of(config):
    """The lines of a configuration without comments and its end; a banner has none here."""
    return [line.rstrip() for line in config.splitlines() if line.strip() not in ('', 'end') and not line.lstrip().startswith('!')]


def paths_of(config):
    """Each line with those of the modes around it."""
    around, found = [], set()
    for line in lines_of(config):
        depth = (len(line) - len(line.lstrip())) // 3
        around = around[:depth] + [line.strip()]
        found.add(tuple(around))
    return found


def is_default(path):
    """Whether a line is a default of a port: EOS prints the port without it."""
    return len(path) == 2 and path[0].startswith('interface ') and path[1] in UNPRINTED


def is_bare_port(path):
    """Whether a line is the head of a port, which EOS prints with nothing below it too."""
    return len(path) == 1 and path[0].startswith('interface Ethernet')


def kept_of(config):
    """What no design says and a login needs: users and the ways in."""
    heads = ('username ', 'management api http-commands', 'management ssh')
    taken, keeps = [], False
    for line in lines_of(config):
        if not line.startswith(' '):
            keeps = line.startswith(heads)
        if keeps:
            taken.append(line)
    return '\n'.join(taken) + '\n'


def put_in_place(node, config):
    """Replaces the configuration of the switch in a session; a line that it refuses is raised."""
    node.run_commands(['configure session %s' % next(NAMES), 'rollback clean-config', *lines_of(config), 'commit'])


@section('designs')
def designs():
    node = pyeapi.connect('http', TARGET.host, TARGET.username, TARGET.password, TARGET.http, return_node=True)
    before = running_over_ssh()
    node.run_commands(['configure checkpoint save avd-before'])
    for name in ('leaf1', 'spine1'):
        made = pyavd.get_device_config(pyavd.get_device_structured_config(name, INPUTS[name], FACTS))
        check('%s: AVD makes a whole configuration' % name, len(lines_of(made)) > 70, len(lines_of(made)))
        # The switch keeps the address at which it is spoken to.
        config = made.replace('192.0.2.11/24', '192.0.2.21/24') + kept_of(before)
        put_in_place(node, config)
        after = running_over_ssh()
        equal('%s: what the switch shows, AVD wrote' % name,
              {path for path in paths_of(after) - paths_of(config) if not is_bare_port(path)}, set())
        equal('%s: what AVD wrote, the switch shows' % name,
              {path for path in paths_of(config) - paths_of(after) if not is_default(path)}, set())
        put_in_place(node, config)
        equal('%s: put in place again, nothing is another' % name, running_over_ssh(), after)
    node.run_commands(['configure replace checkpoint:avd-before'])
    equal('the configuration of the beginning is back', running_over_ssh(), before)
