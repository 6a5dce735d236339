"""python3-pyeapi: its api modules, each creation and deletion read back by the module and by curl."""

import pyeapi

from support import (TARGET, block, check, equal, has_line, holds, in_block, lacks, no_line, not_in_block, over_curl,
                     running_over_curl, section)


def connect(transport, port, **more):
    """A node of pyeapi over HTTP or HTTPS."""
    login = {'username': TARGET.username, 'password': TARGET.password, **more}
    return pyeapi.connect(transport=transport, host=TARGET.host, port=port, return_node=True, timeout=30, **login)


NODE = connect('http', TARGET.http)


def done(name, answer):
    """A call of an api module: they give True when the switch took the lines."""
    return check(name, answer is True, 'gave %r, %r' % (answer, NODE.connection.error))


@section('node')
def node():
    equal('node: version', NODE.version, TARGET.eos)
    equal('node: show hostname', NODE.enable('show hostname')[0]['result']['hostname'], TARGET.name)
    text = NODE.enable('show version', encoding='text')[0]
    holds('node: text', text['result']['output'], 'Software image version: %s' % TARGET.eos)
    both = NODE.enable(['show hostname', 'show version'], strict=True)
    equal('node: two commands in one request', [entry['encoding'] for entry in both], ['json', 'json'])
    holds('node: running-config', NODE.running_config, 'hostname %s' % TARGET.name)
    holds('node: startup-config', NODE.startup_config, 'hostname %s' % TARGET.name)
    holds('node: a section', NODE.section('^interface Management1$'), 'ip address', 'vrf MGMT')
    fallback = NODE.enable('show running-config section hostname')[0]
    equal('node: what has no JSON comes as text', fallback['encoding'], 'text')
    holds('node: and is that section', fallback['result']['output'], 'hostname %s' % TARGET.name)
    try:
        NODE.enable('show bogus thing')
        check('node: an invalid command is an error', False, 'it gave an answer')
    except pyeapi.eapilib.CommandError as error:
        equal('node: an invalid command is an error', error.error_code, 1002)
        holds('node: with its text', str(error), "'show bogus thing'", 'invalid command')
    try:
        NODE.config(['vlan 3600', 'bogus line', 'vlan 3601'])
        check('node: a refused line is an error', False, 'it gave an answer')
    except pyeapi.eapilib.CommandError as error:
        equal('node: a refused line is an error', error.error_code, 1002)
    NODE.config('no vlan 3600')
    lacks('node: curl reads no trace of it', running_over_curl(), 'vlan 3600', 'vlan 3601')
    wrong = connect('http', TARGET.http, password='wrong')
    try:
        wrong.enable('show version')
        check('node: a wrong password is an error', False, 'it gave an answer')
    except pyeapi.eapilib.ConnectionError as error:
        holds('node: a wrong password is an error', str(error), 'Unable to authenticate user')
    secure = connect('https', TARGET.https)
    equal('node: https', secure.enable('show hostname')[0]['result']['hostname'], TARGET.name)
    secure.config(['interface Ethernet12', 'description over https'])
    in_block('node: curl reads what https configured', running_over_curl(), 'interface Ethernet12', 'description over https')
    secure.config('default interface Ethernet12')
    equal('node: curl reads it gone', block(running_over_curl(), 'interface Ethernet12'), [])


@section('vlans')
def vlans():
    api = NODE.api('vlans')
    done('vlans: create', api.create('3600'))
    equal('vlans: the created one', api.get('3600'),
          {'vlan_id': '3600', 'name': 'VLAN3600', 'state': 'active', 'trunk_groups': []})
    has_line('vlans: curl reads it', running_over_curl(), 'vlan 3600')
    done('vlans: set_name', api.set_name('3600', 'PY'))
    done('vlans: set_state', api.set_state('3600', 'suspend'))
    done('vlans: set_trunk_groups', api.set_trunk_groups('3600', ['TG1', 'TG2']))
    found = api.get('3600')
    equal('vlans: the settings', (found['name'], found['state'], sorted(found['trunk_groups'])),
          ('PY', 'suspend', ['TG1', 'TG2']))
    in_block('vlans: curl reads the settings', running_over_curl(), 'vlan 3600', 'name PY', 'state suspend',
             'trunk group TG1', 'trunk group TG2')
    shown = over_curl(['show vlan'], 'json')[0]['vlans']['3600']
    equal('vlans: show vlan has them', (shown['name'], shown['status']), ('PY', 'suspended'))
    done('vlans: one trunk group less', api.set_trunk_groups('3600', ['TG2']))
    equal('vlans: it is gone', api.get('3600')['trunk_groups'], ['TG2'])
    not_in_block('vlans: for curl too', running_over_curl(), 'vlan 3600', 'trunk group TG1')
    done('vlans: default name', api.set_name('3600', default=True))
    done('vlans: default state', api.set_state('3600', default=True))
    done('vlans: no trunk group', api.set_trunk_groups('3600', disable=True))
    equal('vlans: all is default again', api.get('3600'),
          {'vlan_id': '3600', 'name': 'VLAN3600', 'state': 'active', 'trunk_groups': []})
    check('vlans: the collection has it', '3600' in api.getall() and '110' in api.getall(), sorted(api.getall()))
    done('vlans: delete', api.delete('3600'))
    equal('vlans: the deleted one', api.get('3600'), None)
    no_line('vlans: curl reads it gone', running_over_curl(), 'vlan 3600')
    equal('vlans: an impossible one is not sent', api.create('5000'), False)


@section('interfaces')
def interfaces():
    api = NODE.api('interfaces')
    name = 'Ethernet13'
    equal('interfaces: an untouched port', api.get(name)['shutdown'], False)
    equal('interfaces: it has no description', api.get(name)['description'], None)
    done('interfaces: set_description', api.set_description(name, 'to host 13'))
    equal('interfaces: the description', api.get(name)['description'], 'to host 13')
    in_block('interfaces: curl reads it', running_over_curl(), 'interface Ethernet13', 'description to host 13')
    done('interfaces: shutdown', api.set_shutdown(name, disable=False))
    equal('interfaces: it is shut down', api.get(name)['shutdown'], True)
    in_block('interfaces: curl reads it shut down', running_over_curl(), 'interface Ethernet13', 'shutdown')
    status = over_curl(['show interfaces status'], 'json')[0]['interfaceStatuses'][name]
    equal('interfaces: the status follows', (status['linkStatus'], status['description']), ('disabled', 'to host 13'))
    done('interfaces: no shutdown', api.set_shutdown(name, disable=True))
    equal('interfaces: it is up again', api.get(name)['shutdown'], False)
    not_in_block('interfaces: curl reads no shutdown', running_over_curl(), 'interface Ethernet13', 'shutdown')
    done('interfaces: sflow off', api.set_sflow(name, False))
    equal('interfaces: sflow is off', api.get(name)['sflow'], False)
    done('interfaces: flowcontrol', api.set_flowcontrol_receive(name, 'on'))
    equal('interfaces: flowcontrol is on', api.get(name)['flowcontrol_receive'], 'on')
    in_block('interfaces: curl reads both', running_over_curl(), 'interface Ethernet13', 'flowcontrol receive on')
    done('interfaces: default', api.default(name))
    equal('interfaces: a bare port', (api.get(name)['description'], api.get(name)['sflow']), (None, True))
    equal('interfaces: curl reads a bare port', block(running_over_curl(), 'interface Ethernet13'), [])
    done('interfaces: create a loopback', api.create('Loopback36'))
    equal('interfaces: the loopback', api.get('Loopback36')['type'], 'generic')
    has_line('interfaces: curl reads the loopback', running_over_curl(), 'interface Loopback36')
    done('interfaces: delete the loopback', api.delete('Loopback36'))
    equal('interfaces: no loopback', api.get('Loopback36'), None)
    no_line('interfaces: curl reads no loopback', running_over_curl(), 'interface Loopback36')
    check('interfaces: a port cannot be deleted', api.get('Ethernet14') is not None and 'Ethernet14' in api.getall(), '')


@section('port channels', night=True)
def port_channels():
    api = NODE.api('interfaces')
    name = 'Port-Channel360'
    done('port channel: create', api.create(name))
    equal('port channel: its type', api.get(name)['type'], 'portchannel')
    has_line('port channel: curl reads it', running_over_curl(), 'interface Port-Channel360')
    done('port channel: members', api.set_members(name, ['Ethernet15', 'Ethernet16'], mode='active'))
    NODE.refresh()
    equal('port channel: its members', sorted(api.get(name)['members']), ['Ethernet15', 'Ethernet16'])
    equal('port channel: its mode', api.get(name)['lacp_mode'], 'active')
    in_block('port channel: curl reads a member', running_over_curl(), 'interface Ethernet15', 'channel-group 360 mode active')
    done('port channel: min-links', api.set_minimum_links(name, 2))
    equal('port channel: its min-links', str(api.get(name)['minimum_links']), '2')
    in_block('port channel: curl reads min-links', running_over_curl(), 'interface Port-Channel360', 'port-channel min-links 2')
    done('port channel: fallback', api.set_lacp_fallback(name, 'static'))
    equal('port channel: its fallback', api.get(name)['lacp_fallback'], 'static')
    done('port channel: fallback timeout', api.set_lacp_timeout(name, 120))
    equal('port channel: its fallback timeout', str(api.get(name)['lacp_timeout']), '120')
    done('port channel: one member less', api.set_members(name, ['Ethernet15']))
    equal('port channel: one member', api.get(name)['members'], ['Ethernet15'])
    equal('port channel: curl reads the other port bare', block(running_over_curl(), 'interface Ethernet16'), [])
    done('port channel: no members', api.set_members(name, []))
    done('port channel: delete', api.delete(name))
    equal('port channel: gone', api.get(name), None)
    no_line('port channel: curl reads it gone', running_over_curl(), 'interface Port-Channel360')


@section('vxlan', night=True)
def vxlan():
    api = NODE.api('interfaces')
    before = api.get('Vxlan1')
    equal('vxlan: its source', before['source_interface'], 'Loopback1')
    equal('vxlan: its port', before['udp_port'], 4789)
    equal('vxlan: a vni', before['vlans']['110']['vni'], '10110')
    done('vxlan: update_vlan', api.update_vlan('Vxlan1', '3600', '13600'))
    equal('vxlan: the vni', api.get('Vxlan1')['vlans']['3600']['vni'], '13600')
    in_block('vxlan: curl reads the vni', running_over_curl(), 'interface Vxlan1', 'vxlan vlan 3600 vni 13600')
    done('vxlan: remove_vlan', api.remove_vlan('Vxlan1', '3600'))
    check('vxlan: no vni', '3600' not in api.get('Vxlan1')['vlans'], api.get('Vxlan1'))
    not_in_block('vxlan: curl reads no vni', running_over_curl(), 'interface Vxlan1', 'vxlan vlan 3600 vni 13600')


@section('ipinterfaces', night=True)
def ipinterfaces():
    api = NODE.api('ipinterfaces')
    name = 'Ethernet17'
    equal('ipinterfaces: a switched port is none', api.get(name), None)
    done('ipinterfaces: create', api.create(name))
    in_block('ipinterfaces: curl reads a routed port', running_over_curl(), 'interface Ethernet17', 'no switchport')
    done('ipinterfaces: set_address', api.set_address(name, '10.36.0.1/31'))
    done('ipinterfaces: set_mtu', api.set_mtu(name, 9000))
    equal('ipinterfaces: what it is', api.get(name), {'name': name, 'address': '10.36.0.1/31', 'mtu': 9000})
    in_block('ipinterfaces: curl reads it', running_over_curl(), 'interface Ethernet17', 'no switchport', 'mtu 9000',
             'ip address 10.36.0.1/31')
    brief = over_curl(['show ip interface brief'], 'json')[0]['interfaces'][name]
    equal('ipinterfaces: the state has it', (brief['interfaceAddress']['ipAddr']['address'], brief['mtu']), ('10.36.0.1', 9000))
    equal('ipinterfaces: a loopback', api.get('Loopback0'), {'name': 'Loopback0', 'address': '10.0.250.11/32', 'mtu': 1500})
    equal('ipinterfaces: a VLAN interface', (api.get('Vlan3001')['address'], api.get('Vlan3001')['mtu']), ('10.0.252.0/31', 9214))
    done('ipinterfaces: default mtu', api.set_mtu(name, default=True))
    equal('ipinterfaces: the default mtu', api.get(name)['mtu'], 1500)
    done('ipinterfaces: no address', api.set_address(name, disable=True))
    equal('ipinterfaces: no address is read', api.get(name)['address'], None)
    done('ipinterfaces: delete', api.delete(name))
    equal('ipinterfaces: it is none', api.get(name), None)
    equal('ipinterfaces: curl reads a bare port', block(running_over_curl(), 'interface Ethernet17'), [])


@section('switchports', night=True)
def switchports():
    api = NODE.api('switchports')
    name = 'Ethernet18'
    equal('switchports: an untouched port', api.get(name),
          {'name': name, 'mode': 'access', 'access_vlan': '1', 'trunk_native_vlan': '1', 'trunk_allowed_vlans': '1-4094',
           'trunk_groups': []})
    done('switchports: set_access_vlan', api.set_access_vlan(name, '110'))
    equal('switchports: its access vlan', api.get(name)['access_vlan'], '110')
    in_block('switchports: curl reads it', running_over_curl(), 'interface Ethernet18', 'switchport access vlan 110')
    done('switchports: set_mode', api.set_mode(name, 'trunk'))
    done('switchports: set_trunk_native_vlan', api.set_trunk_native_vlan(name, '111'))
    done('switchports: set_trunk_allowed_vlans', api.set_trunk_allowed_vlans(name, '110-112,120'))
    done('switchports: set_trunk_groups', api.set_trunk_groups(name, ['MLAG']))
    equal('switchports: the trunk', api.get(name),
          {'name': name, 'mode': 'trunk', 'access_vlan': '110', 'trunk_native_vlan': '111',
           'trunk_allowed_vlans': '110-112,120', 'trunk_groups': ['MLAG']})
    in_block('switchports: curl reads the trunk', running_over_curl(), 'interface Ethernet18', 'switchport mode trunk',
             'switchport trunk native vlan 111', 'switchport trunk allowed vlan 110-112,120', 'switchport trunk group MLAG')
    done('switchports: default allowed vlans', api.set_trunk_allowed_vlans(name, default=True))
    equal('switchports: all vlans', api.get(name)['trunk_allowed_vlans'], '1-4094')
    done('switchports: no trunk group', api.remove_trunk_group(name, 'MLAG'))
    equal('switchports: no trunk group is read', api.get(name)['trunk_groups'], [])
    done('switchports: delete', api.delete(name))
    equal('switchports: a routed port is none', api.get(name), None)
    in_block('switchports: curl reads a routed port', running_over_curl(), 'interface Ethernet18', 'no switchport')
    done('switchports: create', api.create(name))
    equal('switchports: it is one again', api.get(name)['name'], name)
    NODE.config('default interface Ethernet18')
    equal('switchports: curl reads a bare port', block(running_over_curl(), 'interface Ethernet18'), [])
    check('switchports: the collection', 'Port-Channel1' in api.getall() and 'Ethernet49/1' not in api.getall(), '')


@section('bgp', night=True)
def bgp():
    api = NODE.api('bgp')
    router = 'router bgp 65101'
    found = api.get()
    equal('bgp: the process', (found['bgp_as'], found['router_id'], found['shutdown']), (65101, '10.0.250.11', False))
    equal('bgp: its paths', (found['maximum_paths'], found['maximum_ecmp_paths']), (4, 4))
    equal('bgp: a neighbor', (found['neighbors']['10.0.1.0']['peer_group'], found['neighbors']['10.0.1.0']['description']),
          ('IPv4-UNDERLAY-PEERS', 'spine1_Ethernet1/1'))
    done('bgp: add_network', api.add_network('10.36.1.0', '24', 'RM-CONN-2-BGP'))
    networks = api.get()['networks']
    equal('bgp: the network', [one['prefix'] for one in networks], ['10.36.1.0'])
    in_block('bgp: curl reads the network', running_over_curl(), router, 'network 10.36.1.0/24 route-map RM-CONN-2-BGP')
    done('bgp: remove_network', api.remove_network('10.36.1.0', '24', 'RM-CONN-2-BGP'))
    equal('bgp: no network', api.get()['networks'], [])
    not_in_block('bgp: curl reads no network', running_over_curl(), router, 'network 10.36.1.0/24 route-map RM-CONN-2-BGP')
    done('bgp: set_maximum_paths', api.set_maximum_paths(8, 8))
    equal('bgp: more paths', api.get()['maximum_paths'], 8)
    in_block('bgp: curl reads more paths', running_over_curl(), router, 'maximum-paths 8 ecmp 8')
    done('bgp: as it was', api.set_maximum_paths(4, 4))
    peers = api.neighbors
    done('bgp: a neighbor', peers.create('10.36.2.1'))
    equal('bgp: the neighbor is shut down', peers.get('10.36.2.1')['shutdown'], True)
    done('bgp: its AS', peers.set_remote_as('10.36.2.1', '65036'))
    done('bgp: its description', peers.set_description('10.36.2.1', 'a neighbor of pyeapi'))
    done('bgp: its next hop', peers.set_next_hop_self('10.36.2.1', True))
    done('bgp: its communities', peers.set_send_community('10.36.2.1', True))
    done('bgp: its map in', peers.set_route_map_in('10.36.2.1', 'RM-MLAG-PEER-IN'))
    done('bgp: its map out', peers.set_route_map_out('10.36.2.1', 'RM-CONN-2-BGP'))
    equal('bgp: what the neighbor is', peers.get('10.36.2.1'), {
        'name': '10.36.2.1', 'peer_group': None, 'remote_as': '65036', 'send_community': True, 'shutdown': True,
        'description': 'a neighbor of pyeapi', 'next_hop_self': True, 'route_map_in': 'RM-MLAG-PEER-IN',
        'route_map_out': 'RM-CONN-2-BGP'})
    in_block('bgp: curl reads the neighbor', running_over_curl(), router, 'neighbor 10.36.2.1 remote-as 65036',
             'neighbor 10.36.2.1 shutdown', 'neighbor 10.36.2.1 description a neighbor of pyeapi',
             'neighbor 10.36.2.1 next-hop-self', 'neighbor 10.36.2.1 route-map RM-MLAG-PEER-IN in',
             'neighbor 10.36.2.1 route-map RM-CONN-2-BGP out')
    done('bgp: the neighbor starts', peers.set_shutdown('10.36.2.1', default=True))
    equal('bgp: it is not shut down', peers.get('10.36.2.1')['shutdown'], False)
    done('bgp: its group', peers.set_peer_group('10.36.2.1', 'IPv4-UNDERLAY-PEERS'))
    equal('bgp: the group', peers.get('10.36.2.1')['peer_group'], 'IPv4-UNDERLAY-PEERS')
    done('bgp: no neighbor', peers.delete('10.36.2.1'))
    check('bgp: it is not among the neighbors', '10.36.2.1' not in peers.getall(), sorted(peers.getall()))
    lacks('bgp: curl reads no neighbor', running_over_curl(), 'neighbor 10.36.2.1')
    done('bgp: shutdown', api.set_shutdown(disable=False))
    equal('bgp: the process is shut down', api.get()['shutdown'], True)
    in_block('bgp: curl reads the shutdown', running_over_curl(), router, 'shutdown')
    done('bgp: no shutdown', api.set_shutdown())
    equal('bgp: the process runs', api.get()['shutdown'], False)
    before = NODE.section('^router bgp 65101$', config='startup_config')
    done('bgp: delete', api.delete())
    equal('bgp: no process', api.get(), None)
    lacks('bgp: curl reads no process', running_over_curl(), 'router bgp')
    done('bgp: create', api.create(65101))
    equal('bgp: a process', api.get()['bgp_as'], 65101)
    has_line('bgp: curl reads the process', running_over_curl(), router)
    NODE.config([line.strip() for line in before.splitlines() if line.strip() not in ('', '!')])
    equal('bgp: typed again, it is what it was', block(running_over_curl(), router),
          block(over_curl(['enable', 'show startup-config'])[1]['output'], router))


@section('routemaps', night=True)
def routemaps():
    api = NODE.api('routemaps')
    done('routemaps: create', api.create('PY-MAP', 'permit', 10))
    has_line('routemaps: curl reads it', running_over_curl(), 'route-map PY-MAP permit 10')
    done('routemaps: match', api.set_match_statements('PY-MAP', 'permit', 10, ['ip address prefix-list PL-LOOPBACKS', 'tag 36']))
    done('routemaps: set', api.set_set_statements('PY-MAP', 'permit', 10, ['local-preference 200', 'tag 50']))
    done('routemaps: continue', api.set_continue('PY-MAP', 'permit', 10, 30))
    done('routemaps: description', api.set_description('PY-MAP', 'permit', 10, 'of pyeapi'))
    done('routemaps: a second entry', api.create('PY-MAP', 'deny', 20))
    found = api.get('PY-MAP')
    equal('routemaps: match is read', sorted(found['permit'][10]['match']), ['ip address prefix-list PL-LOOPBACKS', 'tag 36'])
    equal('routemaps: set is read', sorted(found['permit'][10]['set']), ['local-preference 200', 'tag 50'])
    equal('routemaps: continue is read', found['permit'][10]['continue'], 30)
    equal('routemaps: the description is read', found['permit'][10]['description'], 'of pyeapi')
    equal('routemaps: the second entry is read', list(found['deny']), [20])
    in_block('routemaps: curl reads it all', running_over_curl(), 'route-map PY-MAP permit 10', 'description of pyeapi',
             'match ip address prefix-list PL-LOOPBACKS', 'match tag 36', 'set local-preference 200', 'set tag 50', 'continue 30')
    done('routemaps: one match less', api.set_match_statements('PY-MAP', 'permit', 10, ['tag 36']))
    equal('routemaps: one match', api.get('PY-MAP')['permit'][10]['match'], ['tag 36'])
    not_in_block('routemaps: curl reads one match', running_over_curl(), 'route-map PY-MAP permit 10',
                 'match ip address prefix-list PL-LOOPBACKS')
    done('routemaps: no continue', api.set_continue('PY-MAP', 'permit', 10, disable=True))
    equal('routemaps: no continue is read', api.get('PY-MAP')['permit'][10]['continue'], None)
    done('routemaps: delete one', api.delete('PY-MAP', 'permit', 10))
    equal('routemaps: the other is left', list(api.get('PY-MAP')), ['deny'])
    done('routemaps: delete the other', api.delete('PY-MAP', 'deny', 20))
    equal('routemaps: none', api.get('PY-MAP'), None)
    lacks('routemaps: curl reads none', running_over_curl(), 'route-map PY-MAP')


@section('acl', night=True)
def acl():
    api = NODE.api('acl')
    done('acl: create', api.create('PY-STD'))
    done('acl: add_entry', api.add_entry('PY-STD', 'permit', '10.36.0.0', '24', seqno=10))
    done('acl: add_entry without a number', api.add_entry('PY-STD', 'deny', '10.36.1.0', '24', log=True))
    entries = api.get('PY-STD')['entries']
    equal('acl: the first entry', entries.get('10'),
          {'action': 'permit', 'srcaddr': '10.36.0.0', 'srclen': '24', 'log': False})
    equal('acl: the next number', entries.get('20', {}).get('action'), 'deny')
    equal('acl: its log', entries.get('20', {}).get('log'), True)
    in_block('acl: curl reads it', running_over_curl(), 'ip access-list standard PY-STD', '10 permit 10.36.0.0/24',
             '20 deny 10.36.1.0/24 log')
    done('acl: update_entry', api.update_entry('PY-STD', '10', 'deny', '10.36.9.0', '24'))
    equal('acl: the entry is another', api.get('PY-STD')['entries']['10']['srcaddr'], '10.36.9.0')
    done('acl: remove_entry', api.remove_entry('PY-STD', '20'))
    equal('acl: one entry', list(api.get('PY-STD')['entries']), ['10'])
    equal('acl: curl reads one entry', block(running_over_curl(), 'ip access-list standard PY-STD'), ['10 deny 10.36.9.0/24'])
    done('acl: delete', api.delete('PY-STD'))
    lacks('acl: curl reads none', running_over_curl(), 'PY-STD')
    check('acl: none is read', 'PY-STD' not in NODE.api('acl').getall()['standard'], '')
    extended = NODE.api('acl')
    done('acl: an extended one', extended.create('PY-EXT', type='extended'))
    done('acl: its entry', extended.add_entry('PY-EXT', 'permit', 'tcp', '10.36.0.0', '24', '10.37.0.0', '24', seqno=10))
    entry = extended.get('PY-EXT')['entries']['10']
    equal('acl: the extended entry', (entry['protocol'], entry['srcaddr'], entry['dstaddr'], entry['dstlen']),
          ('tcp', '10.36.0.0', '10.37.0.0', '24'))
    in_block('acl: curl reads the extended one', running_over_curl(), 'ip access-list PY-EXT',
             '10 permit tcp 10.36.0.0/24 10.37.0.0/24')
    done('acl: the extended one is deleted', extended.delete('PY-EXT'))
    lacks('acl: curl reads no extended one', running_over_curl(), 'PY-EXT')
    both = NODE.api('acl').getall()
    check('acl: the collection', 'ACL-SSH' in both['standard'] and 'PY-EXT' not in both['extended'], both)


@section('users', night=True)
def users():
    api = NODE.api('users')
    found = api.getall()
    equal('users: who there is', sorted(found), ['admin', 'eosflow-ro', 'eosflow-rw', 'netops'])
    equal('users: privileges', (found['netops']['privilege'], found['eosflow-ro']['privilege']), ('15', '1'))
    holds('users: a key', found['netops']['ssh-key'], 'ssh-ed25519 AAAA')
    done('users: create', api.create('py-user', secret='py-secret-1'))
    made = api.get('py-user')
    equal('users: the new one', (made['privilege'], made['format'], made['nopassword']), ('1', 'sha512', False))
    holds('users: its secret is hashed', made['secret'], '$6$')
    lacks('users: curl reads no clear secret', running_over_curl(), 'py-secret-1')
    holds('users: curl reads the user', running_over_curl(), 'username py-user secret sha512 $6$')
    shown = over_curl(['show hostname'], 'json', 'py-user:py-secret-1')
    equal('users: curl logs in as the user', shown[0]['hostname'], TARGET.name)
    done('users: set_privilege', api.set_privilege('py-user', 15))
    done('users: set_role', api.set_role('py-user', 'network-admin'))
    made = api.get('py-user')
    equal('users: privilege and role', (made['privilege'], made['role']), ('15', 'network-admin'))
    holds('users: curl reads them', running_over_curl(), 'username py-user privilege 15 role network-admin secret sha512 $6$')
    key = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDcgXH py@test'
    done('users: set_sshkey', api.set_sshkey('py-user', key))
    equal('users: the key', api.get('py-user')['ssh-key'], key)
    has_line('users: curl reads the key', running_over_curl(), 'username py-user ssh-key %s' % key)
    done('users: no key', api.set_sshkey('py-user', disable=True))
    lacks('users: curl reads no key', running_over_curl(), 'username py-user ssh-key')
    done('users: delete', api.delete('py-user'))
    equal('users: gone', api.get('py-user'), None)
    lacks('users: curl reads it gone', running_over_curl(), 'username py-user')
    done('users: without a password', api.create('py-open', nopassword=True))
    equal('users: nopassword', api.get('py-open')['nopassword'], True)
    done('users: deleted', api.delete('py-open'))
    lacks('users: curl reads it deleted', running_over_curl(), 'username py-open')


@section('system', night=True)
def system():
    api = NODE.api('system')
    found = api.get()
    equal('system: the hostname', found['hostname'], TARGET.name)
    holds('system: the login banner', found['banner_login'], 'Access is recorded.')
    equal('system: no message of the day', found['banner_motd'], None)
    done('system: set_hostname', api.set_hostname('py-leaf'))
    equal('system: the new hostname', api.get()['hostname'], 'py-leaf')
    has_line('system: curl reads it', running_over_curl(), 'hostname py-leaf')
    equal('system: show hostname too', over_curl(['show hostname'], 'json')[0]['hostname'], 'py-leaf')
    done('system: no hostname', api.set_hostname(default=True))
    equal('system: the default hostname', api.get()['hostname'], 'localhost')
    lacks('system: curl reads none', running_over_curl(), 'hostname py-leaf')
    done('system: as it was', api.set_hostname(TARGET.name))
    done('system: set_banner', api.set_banner('motd', 'first line\n  second line\n! third line'))
    equal('system: the banner', api.get()['banner_motd'], 'first line\n  second line\n! third line')
    holds('system: curl reads the banner', running_over_curl(), 'banner motd\nfirst line\n  second line\n! third line\nEOF\n')
    done('system: a banner with EOF', api.set_banner('motd', 'only line\nEOF'))
    equal('system: EOF ends it', api.get()['banner_motd'], 'only line')
    done('system: no banner', api.set_banner('motd', disable=True))
    equal('system: none is read', api.get()['banner_motd'], None)
    lacks('system: curl reads no banner', running_over_curl(), 'banner motd')
    done('system: no ip routing', api.set_iprouting(disable=True))
    equal('system: routing is off', api.get()['iprouting'], False)
    no_line('system: curl reads it off', running_over_curl(), 'ip routing')
    done('system: ip routing', api.set_iprouting(True))
    has_line('system: curl reads it on', running_over_curl(), 'ip routing')


@section('mlag', night=True)
def mlag():
    api = NODE.api('mlag')
    name = 'mlag configuration'
    found = api.get()
    equal('mlag: an interface', found['interfaces'].get('Port-Channel1'), {'mlag_id': '1'})
    equal('mlag: how many interfaces', len(found['interfaces']), 8)
    equal('mlag: its peer link', found['config']['peer_link'], 'Port-Channel1000')
    equal('mlag: its local interface', found['config']['local_interface'], 'Vlan4094')
    equal('mlag: it is not shut down', found['config']['shutdown'], False)
    done('mlag: set_domain_id', api.set_domain_id('PY-DOMAIN'))
    in_block('mlag: curl reads the domain', running_over_curl(), name, 'domain-id PY-DOMAIN')
    done('mlag: set_peer_address', api.set_peer_address('10.0.3.9'))
    in_block('mlag: curl reads the peer', running_over_curl(), name, 'peer-address 10.0.3.9')
    done('mlag: shutdown', api.set_shutdown(disable=False))
    equal('mlag: it is shut down', api.get()['config']['shutdown'], True)
    in_block('mlag: curl reads the shutdown', running_over_curl(), name, 'shutdown')
    equal('mlag: its state follows', over_curl(['show mlag'], 'json')[0]['state'], 'disabled')
    done('mlag: no shutdown', api.set_shutdown(default=True))
    not_in_block('mlag: curl reads no shutdown', running_over_curl(), name, 'shutdown')
    done('mlag: no mlag id', api.set_mlag_id('Port-Channel8', disable=True))
    check('mlag: the interface is none', 'Port-Channel8' not in api.get()['interfaces'], api.get()['interfaces'])
    not_in_block('mlag: curl reads no mlag id', running_over_curl(), 'interface Port-Channel8', 'mlag 8')
    done('mlag: set_mlag_id', api.set_mlag_id('Port-Channel8', '8'))
    equal('mlag: it is one again', api.get()['interfaces']['Port-Channel8'], {'mlag_id': '8'})
    in_block('mlag: curl reads the mlag id', running_over_curl(), 'interface Port-Channel8', 'mlag 8')
    done('mlag: its domain again', api.set_domain_id('DC1_LEAFPAIR1'))
    done('mlag: its peer again', api.set_peer_address('10.0.3.1'))
    equal('mlag: it is active', over_curl(['show mlag'], 'json')[0]['state'], 'active')


@section('stp', night=True)
def stp():
    api = NODE.api('stp')
    ports = api.interfaces
    name = 'Ethernet19'
    equal('stp: an untouched port', ports.get(name), {'bpduguard': False, 'portfast': False, 'portfast_type': 'normal'})
    done('stp: set_portfast', ports.set_portfast(name, True))
    equal('stp: portfast', ports.get(name)['portfast'], True)
    in_block('stp: curl reads it', running_over_curl(), 'interface Ethernet19', 'spanning-tree portfast')
    done('stp: set_portfast_type', ports.set_portfast_type(name, 'network'))
    equal('stp: its type', ports.get(name)['portfast_type'], 'network')
    in_block('stp: curl reads the type', running_over_curl(), 'interface Ethernet19', 'spanning-tree portfast network')
    done('stp: set_bpduguard', ports.set_bpduguard(name, True))
    equal('stp: bpduguard', ports.get(name)['bpduguard'], True)
    in_block('stp: curl reads bpduguard', running_over_curl(), 'interface Ethernet19', 'spanning-tree bpduguard enable')
    done('stp: default bpduguard', ports.set_bpduguard(name, default=True))
    done('stp: no portfast', ports.set_portfast(name, disable=True))
    equal('stp: all is default', ports.get(name), {'bpduguard': False, 'portfast': False, 'portfast_type': 'normal'})
    not_in_block('stp: curl reads none', running_over_curl(), 'interface Ethernet19', 'spanning-tree portfast network',
                 'spanning-tree bpduguard enable')
    done('stp: set_mode', api.set_mode('none'))
    has_line('stp: curl reads the mode', running_over_curl(), 'spanning-tree mode none')
    done('stp: default mode', api.set_mode('mstp'))
    has_line('stp: curl reads the mode again', running_over_curl(), 'spanning-tree mode mstp')
    check('stp: the collection', len(api.get()['interfaces']) > 50, len(api.get()['interfaces']))


@section('vrfs', night=True)
def vrfs():
    api = NODE.api('vrfs')
    equal('vrfs: who there is', sorted(api.getall()), ['DEV', 'MGMT', 'PROD'])
    equal('vrfs: routing', (api.get('PROD')['ipv4_routing'], api.get('MGMT')['ipv4_routing']), (True, False))
    done('vrfs: create', api.create('PY-VRF'))
    equal('vrfs: the new one', api.get('PY-VRF')['vrf_name'], 'PY-VRF')
    has_line('vrfs: curl reads it', running_over_curl(), 'vrf instance PY-VRF')
    check('vrfs: show vrf has it', 'PY-VRF' in over_curl(['show vrf'], 'json')[0]['vrfs'], '')
    done('vrfs: set_description', api.set_description('PY-VRF', 'of pyeapi'))
    equal('vrfs: the description', api.get('PY-VRF')['description'], 'of pyeapi')
    in_block('vrfs: curl reads the description', running_over_curl(), 'vrf instance PY-VRF', 'description of pyeapi')
    done('vrfs: set_ipv4_routing', api.set_ipv4_routing('PY-VRF'))
    has_line('vrfs: curl reads the routing', running_over_curl(), 'ip routing vrf PY-VRF')
    NODE.config(['interface Ethernet20', 'no switchport'])
    done('vrfs: set_interface', api.set_interface('PY-VRF', 'Ethernet20'))
    in_block('vrfs: curl reads the interface', running_over_curl(), 'interface Ethernet20', 'vrf PY-VRF')
    done('vrfs: no interface', api.set_interface('PY-VRF', 'Ethernet20', disable=True))
    not_in_block('vrfs: curl reads no interface', running_over_curl(), 'interface Ethernet20', 'vrf PY-VRF')
    NODE.config('default interface Ethernet20')
    done('vrfs: default routing', api.set_ipv4_routing('PY-VRF', default=True))
    done('vrfs: delete', api.delete('PY-VRF'))
    equal('vrfs: gone', api.get('PY-VRF'), None)
    lacks('vrfs: curl reads it gone', running_over_curl(), 'vrf instance PY-VRF')


@section('staticroute', night=True)
def staticroute():
    api = NODE.api('staticroute')
    done('staticroute: create', api.create('10.36.3.0/24', '10.0.1.0', distance=10, tag=99, route_name='PY'))
    equal('staticroute: the route', api.get('10.36.3.0/24'),
          {'10.0.1.0': {None: {10: {'tag': 99, 'route_name': 'PY'}}}})
    has_line('staticroute: curl reads it', running_over_curl(), 'ip route 10.36.3.0/24 10.0.1.0 10 tag 99 name PY')
    routes = over_curl(['show ip route'], 'json')[0]['vrfs']['default']['routes']
    check('staticroute: it is routed', routes.get('10.36.3.0/24', {}).get('routeType') == 'static', sorted(routes))
    done('staticroute: a plain one', api.create('10.36.4.0/24', 'Null0'))
    equal('staticroute: its defaults', api.get('10.36.4.0/24'), {'Null0': {None: {1: {'tag': 0, 'route_name': None}}}})
    has_line('staticroute: curl reads the plain one', running_over_curl(), 'ip route 10.36.4.0/24 Null0')
    done('staticroute: set_tag', api.set_tag('10.36.4.0/24', 'Null0', tag=7))
    equal('staticroute: its tag', api.get('10.36.4.0/24'), {'Null0': {None: {1: {'tag': 7, 'route_name': None}}}})
    done('staticroute: delete', api.delete('10.36.3.0/24', '10.0.1.0', distance=10))
    done('staticroute: delete the plain one', api.delete('10.36.4.0/24', 'Null0'))
    equal('staticroute: none', (api.get('10.36.3.0/24'), api.get('10.36.4.0/24')), (None, None))
    lacks('staticroute: curl reads none', running_over_curl(), '10.36.3.0/24', '10.36.4.0/24')


@section('ntp', night=True)
def ntp():
    api = NODE.api('ntp')
    NODE.config('no ntp local-interface vrf MGMT')
    equal('ntp: no source', api.get()['source_interface'], None)
    done('ntp: create', api.create('Loopback0'))
    equal('ntp: the source', api.get()['source_interface'], 'Loopback0')
    has_line('ntp: curl reads the source', running_over_curl(), 'ntp local-interface Loopback0')
    done('ntp: add_server', api.add_server('10.36.5.1'))
    done('ntp: add_server prefer', api.add_server('10.36.5.2', prefer=True))
    servers = api.get()['servers']
    check('ntp: the servers', {'10.36.5.1': None} in servers and {'10.36.5.2': 'prefer'} in servers, servers)
    has_line('ntp: curl reads the servers', running_over_curl(), 'ntp server 10.36.5.1', 'ntp server 10.36.5.2 prefer')
    done('ntp: remove_server', api.remove_server('10.36.5.1'))
    check('ntp: it is gone', {'10.36.5.1': None} not in api.get()['servers'], api.get()['servers'])
    no_line('ntp: curl reads it gone', running_over_curl(), 'ntp server 10.36.5.1')
    done('ntp: delete', api.delete())
    no_line('ntp: curl reads no source', running_over_curl(), 'ntp local-interface Loopback0')
    done('ntp: remove_all_servers', api.remove_all_servers())
    equal('ntp: no servers', api.get()['servers'], [])
    lacks('ntp: curl reads no servers', running_over_curl(), 'ntp server')
