"""NAPALM over eAPI: its getters, and changes that are merged, replaced, discarded, timed, confirmed and rolled back."""

from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException
from pyeapi.eapilib import ConnectionError

from support import TARGET, check, equal, holds, in_block, lacks, running_over_ssh, section


def connect(password):
    """An open connection to the switch."""
    node = get_network_driver('eos')(TARGET.host, TARGET.username, password,
                                     optional_args={'transport': 'http', 'port': TARGET.http})
    node.open()
    return node


NODE = connect(TARGET.password)
PORT = 'interface Ethernet7\n   description %s\n'


@section('login')
def login():
    check('login: the switch is alive', NODE.is_alive()['is_alive'], NODE.is_alive())
    try:
        connect('wrong')
        check('login: a wrong password', False, 'it was let in')
    except ConnectionError as error:
        holds('login: a wrong password', str(error), 'Bad username/password')


@section('facts')
def facts():
    facts = NODE.get_facts()
    equal('get_facts: who it is', (facts['hostname'], facts['vendor'], facts['model'], facts['fqdn']),
          (TARGET.name, 'Arista', 'DCS-7280SR3-48YC8', '%s.dc1.example.net' % TARGET.name))
    holds('get_facts: the version', facts['os_version'], TARGET.eos)
    check('get_facts: the interfaces', {'Ethernet1', 'Ethernet49/1', 'Loopback0', 'Management1'} <= set(facts['interface_list']), facts)
    users = NODE.get_users()
    equal('get_users: a role', (users['netops']['level'], users['netops']['role']), (15, 'network-admin'))
    found = NODE.get_config()
    holds('get_config: running', found['running'], 'hostname %s' % TARGET.name, 'interface Ethernet7')
    holds('get_config: startup', found['startup'], 'hostname %s' % TARGET.name)
    clean = NODE.get_config(sanitized=True)['running']
    lacks('get_config: sanitized', clean, '$6$')
    snmp = NODE.get_snmp_information()
    equal('get_snmp_information: whom to ask, and where', (snmp['contact'], snmp['location']), ('noc@example.net', 'dc1 row A rack A03'))
    equal('get_snmp_information: a community', [one['mode'] for one in snmp['community'].values()], ['ro'])
    environment = NODE.get_environment()
    check('get_environment: the processor', 0 < environment['cpu'][0]['%usage'] < 100, environment['cpu'])
    check('get_environment: memory', environment['memory']['available_ram'] > environment['memory']['used_ram'] > 0,
          environment['memory'])
    check('get_environment: fans and power', environment['fans'] and environment['power'], environment)
    equal('cli: a command', NODE.cli(['show hostname'])['show hostname'].splitlines()[0], 'Hostname: %s' % TARGET.name)


@section('interfaces')
def interfaces():
    ports = NODE.get_interfaces()
    equal('get_interfaces: a port-channel', (ports['Port-Channel1']['is_up'], ports['Port-Channel1']['description'], ports['Port-Channel1']['mtu']),
          (True, 'HOST_hv01', 9214))
    addresses = NODE.get_interfaces_ip()
    equal('get_interfaces_ip: a loopback', addresses['Loopback0']['ipv4'], {'10.0.250.11': {'prefix_length': 32}})
    counters = NODE.get_interfaces_counters()
    check('get_interfaces_counters: as many as there are', set(counters) <= set(ports) and len(counters) > 50, len(counters))
    vlans = NODE.get_vlans()
    equal('get_vlans: a name', vlans['110']['name'], 'PROD-WEB')
    check('get_vlans: its ports', 'Port-Channel1' in vlans['110']['interfaces'], vlans['110'])
    neighbours = NODE.get_lldp_neighbors()
    equal('get_lldp_neighbors: a spine', neighbours['Ethernet49/1'], [{'hostname': 'spine1.dc1.example.net', 'port': 'Ethernet1/1'}])
    detail = NODE.get_lldp_neighbors_detail()['Ethernet49/1'][0]
    equal('get_lldp_neighbors_detail: what it can', detail['remote_system_enable_capab'], ['bridge', 'router'])
    arp = {(one['interface'], one['ip']) for one in NODE.get_arp_table()}
    check('get_arp_table: a spine', ('Ethernet49/1', '10.0.1.0') in arp, arp)
    check('get_mac_address_table: reads', isinstance(NODE.get_mac_address_table(), list), '')
    check('get_optics: reads', isinstance(NODE.get_optics(), dict), '')


@section('routing')
def routing():
    peers = NODE.get_bgp_neighbors()
    equal('get_bgp_neighbors: the router id', peers['global']['router_id'], '10.0.250.11')
    spine = peers['global']['peers']['10.0.1.0']
    equal('get_bgp_neighbors: a spine', (spine['is_up'], spine['is_enabled'], spine['remote_as'], spine['local_as']),
          (True, True, 65000, 65101))
    detail = NODE.get_bgp_neighbors_detail()['global'] if 'global' in NODE.get_bgp_neighbors_detail() else NODE.get_bgp_neighbors_detail()['default']
    equal('get_bgp_neighbors_detail: its session', {one['connection_state'] for one in detail[65000]}, {'Established'})
    groups = NODE.get_bgp_config()
    equal('get_bgp_config: a group', groups['EVPN-OVERLAY-PEERS']['multihop_ttl'], 3)
    instances = NODE.get_network_instances()
    equal('get_network_instances: a VRF', (instances['PROD']['type'], instances['PROD']['state']['route_distinguisher']),
          ('L3VRF', '10.0.250.11:50001'))
    route = NODE.get_route_to('10.0.250.1/32')['10.0.250.1/32'][0]
    equal('get_route_to: a spine', (route['next_hop'], route['outgoing_interface'], route['current_active']),
          ('10.0.1.0', 'Ethernet49/1', True))
    servers = NODE.get_ntp_servers()
    equal('get_ntp_servers: one is preferred', servers['198.51.100.11']['prefer'], True)
    stats = NODE.get_ntp_stats()
    equal('get_ntp_stats: it is synchronized', [one['synchronized'] for one in stats], [True, False])
    equal('ping: a neighbour answers', NODE.ping('10.0.1.0')['success']['packet_loss'], 0)


@section('changes')
def changes():
    before = running_over_ssh()
    NODE.load_merge_candidate(config=PORT % 'discarded')
    holds('merge: the diff', NODE.compare_config(), '+   description discarded')
    NODE.discard_config()
    equal('discard: the other client reads no change', running_over_ssh(), before)
    NODE.load_merge_candidate(config=PORT % 'by napalm')
    NODE.commit_config()
    in_block('commit: the other client reads it', running_over_ssh(), 'interface Ethernet7', 'description by napalm')
    NODE.rollback()
    equal('rollback: the other client reads the configuration of before', running_over_ssh(), before)
    try:
        NODE.load_merge_candidate(config='bogus line here\n')
        check('merge: a bad line is refused', False, 'it was taken')
    except MergeConfigException as error:
        holds('merge: a bad line is refused', str(error), "Invalid input (at token 0: 'bogus')")
    NODE.load_merge_candidate(config=PORT % 'timed')
    NODE.commit_config(revert_in=60)
    check('timer: it is pending', NODE.has_pending_commit(), '')
    in_block('timer: the other client reads the change', running_over_ssh(), 'interface Ethernet7', 'description timed')
    NODE.rollback()
    check('timer: nothing is pending behind a rollback', not NODE.has_pending_commit(), '')
    equal('timer: the other client reads the configuration of before', running_over_ssh(), before)
    NODE.load_merge_candidate(config=PORT % 'confirmed')
    NODE.commit_config(revert_in=60)
    NODE.confirm_commit()
    check('timer: nothing is pending behind a confirm', not NODE.has_pending_commit(), '')
    in_block('timer: the other client reads what was confirmed', running_over_ssh(), 'interface Ethernet7', 'description confirmed')
    NODE.load_replace_candidate(config=before)
    holds('replace: the diff', NODE.compare_config(), '-   description confirmed')
    NODE.commit_config()
    equal('replace: the other client reads the configuration of the beginning', running_over_ssh(), before)
    NODE.load_replace_candidate(config=before)
    equal('replace again: nothing to change', NODE.compare_config(), '')
    NODE.discard_config()


NODE.close()
