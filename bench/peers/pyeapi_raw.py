"""pyeapi and nothing above it: the fewest requests that make the change under a commit timer, look before and behind, save and read back."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pyeapi

LINES = ['vlan 998', 'name TESTED']
SESSION = 'raw'


def has_vlan(node):
    """What the switch says of its VLANs, over a connection of its own: pyeapi makes one for each request."""
    vlans = node.execute(['show vlan'])['result'][0]['vlans']
    return vlans.get('998', {}).get('name') == 'TESTED'


def change(switch):
    """One switch. Gives its diff."""
    node = pyeapi.connect(transport='http', host=switch['host'], port=switch['http'],
                          username=switch['username'], password=switch['password'])
    if has_vlan(node):
        raise RuntimeError('%s has the VLAN already' % switch['name'])
    staged = node.execute(['enable', 'configure session %s' % SESSION, *LINES, 'show session-config diffs', 'end'], encoding='text')
    node.execute(['enable', 'configure session %s commit timer 00:05:00' % SESSION], encoding='text')
    if not has_vlan(node):
        node.execute(['enable', 'configure session %s abort' % SESSION], encoding='text')
        raise RuntimeError('%s was put back' % switch['name'])
    kept = node.execute(['enable', 'configure session %s commit' % SESSION, 'copy running-config startup-config',
                         'show running-config'], encoding='text')
    if 'vlan 998' not in kept['result'][3]['output']:
        raise RuntimeError('%s does not run it' % switch['name'])
    return staged['result'][4]['output']


with open('switches.json') as file:
    SWITCHES = json.load(file)
with ThreadPoolExecutor(int(os.environ['WIDTH'])) as pool:
    for switch, diff in zip(SWITCHES, pool.map(change, SWITCHES)):
        print(switch['name'], diff)
