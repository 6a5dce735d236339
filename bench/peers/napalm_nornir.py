"""NAPALM over eAPI, on many switches by Nornir: candidate, diff, commit under a timer, look again, confirm, read back."""

import os

from nornir import InitNornir

CONFIG = 'vlan 998\n   name TESTED\n'


def has_vlan(device):
    """What NAPALM's getter says of the VLANs."""
    return device.get_vlans().get('998', {}).get('name') == 'TESTED'


def change(task):
    """One switch. Gives its diff."""
    device = task.host.get_connection('napalm', task.nornir.config)
    if has_vlan(device):
        raise RuntimeError('it has the VLAN already')
    device.load_merge_candidate(config=CONFIG)
    diff = device.compare_config()
    device.commit_config(revert_in=300)
    if not has_vlan(device):
        device.rollback()
        raise RuntimeError('it was put back')
    device.confirm_commit()
    if 'vlan 998' not in device.get_config(retrieve='running')['running']:
        raise RuntimeError('it does not run the VLAN')
    return diff


fleet = InitNornir(
    runner={'plugin': 'threaded', 'options': {'num_workers': int(os.environ['WIDTH'])}},
    inventory={'plugin': 'SimpleInventory', 'options': {'host_file': 'hosts.yaml'}},
    logging={'enabled': False})
done = fleet.run(task=change)
for name, results in done.items():
    print(name, results[0].result)
raise SystemExit(1 if done.failed else 0)
