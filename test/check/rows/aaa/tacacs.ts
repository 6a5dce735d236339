import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const command = 'show tacacs'

const server = (hostname: string, vrf: string) => ({ serverInfo: { hostname, vrf, authport: 49 } })

const configured = {
  tacacsServers: [server('192.0.2.1', 'MGMT'), server('192.0.2.2', 'default')],
  groups: { CORE: { serverGroup: 'TACACS+', members: [] } },
  srcIntf: { MGMT: 'Management1' },
}

const nothing = { tacacsServers: [], groups: {}, srcIntf: {} }

const unknown = (key: string) => `\`show tacacs\` answered in an unknown shape at ${key}`

/** What the checks of TACACS+ must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyTacacsSourceIntf', { command, inputs: { intf: 'Management1', vrf: 'MGMT' } }, [
    passes('the interface of the VRF, whatever else is told', [{ srcIntf: configured.srcIntf }]),
    fails(
      'another interface',
      [configured],
      ['VRF: MGMT - Source interface mismatch - Expected: Management0 Actual: Management1'],
      { intf: 'Management0', vrf: 'MGMT' },
    ),
    fails('another VRF', [configured], ['VRF: default Source Interface: Loopback0 - Not configured'], {
      intf: 'Loopback0',
    }),
    fails('nothing configured', [nothing], ['VRF: MGMT Source Interface: Management1 - Not configured']),
    fails('empty', [{}], ['VRF: MGMT Source Interface: Management1 - Not configured']),
  ]),
  ...rowsOf('VerifyTacacsServers', { command, inputs: { servers: ['192.0.2.1'], vrf: 'MGMT' } }, [
    passes('a server of the VRF', [configured]),
    passes('a server of the default VRF', [configured], { servers: ['192.0.2.2'] }),
    fails(
      'one of another VRF and one of none',
      [configured],
      ['TACACS servers 192.0.2.2, 192.0.2.3 are not configured in VRF MGMT'],
      { servers: ['192.0.2.2', '192.0.2.1', '192.0.2.3'], vrf: 'MGMT' },
    ),
    fails('nothing configured', [nothing], ['No TACACS servers are configured']),
    errs(
      'a name for a server',
      [configured],
      'the check `VerifyTacacsServers` does not accept its inputs at servers.0: expected an IPv4 address, such as 10.0.0.1',
      { servers: ['tacacs.example.com'] },
    ),
    errs('empty', [{}], unknown('tacacsServers')),
  ]),
  ...rowsOf('VerifyTacacsServerGroups', { command, inputs: { groups: ['CORE'] } }, [
    passes('the group, whatever else is told', [{ groups: configured.groups }]),
    fails('two groups that are not there', [configured], ['TACACS server group(s) EDGE, WAN are not configured'], {
      groups: ['EDGE', 'CORE', 'WAN'],
    }),
    fails('nothing configured', [nothing], ['No TACACS server group(s) are configured']),
    errs('empty', [{}], unknown('groups')),
  ]),
]
