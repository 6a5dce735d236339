"""scrapli_cfg over SSH, asyncssh below it: candidate, diff, commit and save, look again, read back. It has no commit timer."""

import asyncio
import json
import os

from scrapli.driver.core import AsyncEOSDriver
from scrapli_cfg import AsyncScrapliCfg

CONFIG = 'vlan 998\n   name TESTED\n'


async def has_vlan(conn):
    """What the switch says of its VLANs."""
    shown = await conn.send_command('show vlan | json')
    return json.loads(shown.result)['vlans'].get('998', {}).get('name') == 'TESTED'


async def change(switch, width):
    """One switch. Gives its diff."""
    async with width, AsyncEOSDriver(
            host=switch['host'], port=switch['ssh'], auth_username=switch['username'], auth_password=switch['password'],
            auth_secondary=switch['password'], auth_strict_key=False, transport='asyncssh') as conn:
        async with AsyncScrapliCfg(conn=conn) as cfg:
            if await has_vlan(conn):
                raise RuntimeError('%s has the VLAN already' % switch['name'])
            before = await cfg.get_config()
            loaded = await cfg.load_config(config=CONFIG, replace=False)
            loaded.raise_for_status()
            diff = (await cfg.diff_config()).device_diff
            (await cfg.commit_config()).raise_for_status()
            if not await has_vlan(conn):
                await cfg.load_config(config=before.result, replace=True)
                await cfg.commit_config()
                raise RuntimeError('%s was put back' % switch['name'])
            if 'vlan 998' not in (await cfg.get_config()).result:
                raise RuntimeError('%s does not run it' % switch['name'])
            return diff


async def main():
    """All switches, so many at a time."""
    with open('switches.json') as file:
        switches = json.load(file)
    width = asyncio.Semaphore(int(os.environ['WIDTH']))
    diffs = await asyncio.gather(*(change(switch, width) for switch in switches))
    for switch, diff in zip(switches, diffs):
        print(switch['name'], diff)


asyncio.run(main())
