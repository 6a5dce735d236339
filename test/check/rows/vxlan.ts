import type { Json } from '../../../src/model/json.ts'
import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf, skips } from './rows-of.ts'

const notConfigured = 'Interface: Vxlan1 - Not configured'

/** What `show interfaces` tells of Vxlan1. */
const interfaces = (vxlan1: Json) => ({ interfaces: { Vxlan1: vxlan1 } })

/** What the checks of `vxlan` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyVxlan1Interface', { command: 'show interfaces description' }, [
    passes('up', [{ interfaceDescriptions: { Vxlan1: { lineProtocolStatus: 'up', interfaceStatus: 'up' } } }]),
    fails(
      'shut down',
      [{ interfaceDescriptions: { Vxlan1: { lineProtocolStatus: 'down', interfaceStatus: 'adminDown' } } }],
      ['Interface: Vxlan1 - Incorrect Line protocol status/Status - Expected: up/up Actual: down/adminDown'],
    ),
    errs(
      'no line protocol is told',
      [{ interfaceDescriptions: { Vxlan1: { interfaceStatus: 'up' } } }],
      '`show interfaces description` does not tell interfaceDescriptions.Vxlan1.lineProtocolStatus',
    ),
    skips('no Vxlan1', [{ interfaceDescriptions: {} }], notConfigured),
    errs('empty', [{}], '`show interfaces description` answered in an unknown shape at interfaceDescriptions'),
  ]),
  ...rowsOf('VerifyVxlanConfigSanity', { command: 'show vxlan config-sanity' }, [
    passes('sane', [
      { categories: { localVtep: { allCheckPass: true }, mlag: { allCheckPass: true }, pd: { allCheckPass: true } } },
    ]),
    fails(
      'a category that is not told',
      [{ categories: { localVtep: { allCheckPass: true }, pd: { allCheckPass: true } } }],
      ['Vxlan Category: mlag - Config sanity check is not passing'],
    ),
    fails(
      'two categories, one of them untold',
      [{ categories: { localVtep: { allCheckPass: false }, pd: { allCheckPass: true }, mlag: {} } }],
      [
        'Vxlan Category: localVtep - Config sanity check is not passing',
        'Vxlan Category: mlag - Config sanity check is not passing',
      ],
    ),
    skips('no VXLAN', [{ categories: {} }], 'VXLAN is not configured'),
    skips('empty', [{}], 'VXLAN is not configured'),
  ]),
  ...rowsOf(
    'VerifyVxlanVniBinding',
    { command: 'show vxlan vni', inputs: { bindings: { '10010': 10, '5000': 'PROD', '5001': 1199 } } },
    [
      passes('to a VLAN, to a VRF, and to the VLAN of a VRF', [
        {
          vxlanIntfs: {
            Vxlan1: {
              vniBindings: { '10010': { vlan: 10 } },
              vniBindingsToVrf: { '5000': { vrfName: 'PROD', vlan: 1198 }, '5001': { vrfName: 'DEV', vlan: 1199 } },
            },
          },
        },
      ]),
      fails(
        'to others, VLANs first',
        [
          {
            vxlanIntfs: {
              Vxlan1: {
                vniBindings: { '10010': { vlan: 11 } },
                vniBindingsToVrf: { '5000': { vrfName: 'TEST', vlan: 1198 }, '5001': { vrfName: 'DEV', vlan: 1197 } },
              },
            },
          },
        ],
        [
          'Interface: Vxlan1 VNI: 10010 - Wrong VLAN binding - Expected: 10 Actual: 11',
          'Interface: Vxlan1 VNI: 5000 - Wrong VRF binding - Expected: PROD Actual: TEST',
          'Interface: Vxlan1 VNI: 5001 - Wrong VLAN binding - Expected: 1199 Actual: 1197',
        ],
      ),
      fails(
        'to nothing, and to a VLAN where a VRF is wanted',
        [{ vxlanIntfs: { Vxlan1: { vniBindings: { '5000': { vlan: 20 } }, vniBindingsToVrf: {} } } }],
        [
          'Interface: Vxlan1 VNI: 5001 - Binding not found',
          'Interface: Vxlan1 VNI: 10010 - Binding not found',
          'Interface: Vxlan1 VNI: 5000 - Binding not found',
        ],
      ),
      skips('no Vxlan1', [{ vxlanIntfs: {} }], notConfigured),
      skips('empty', [{}], 'Interface: Vxlan1 - Not configured'),
    ],
  ),
  ...rowsOf('VerifyVxlanVtep', { command: 'show vxlan vtep', inputs: { vteps: ['192.0.2.5', '192.0.2.6'] } }, [
    passes('both, in any order', [{ interfaces: { Vxlan1: { vteps: ['192.0.2.6', '192.0.2.5'] } } }]),
    passes('none, and none expected', [{ interfaces: { Vxlan1: { vteps: [] } } }], { vteps: [] }),
    fails(
      'two missing, two more',
      [{ interfaces: { Vxlan1: { vteps: ['192.0.2.7', '192.0.2.8'] } } }],
      [
        'The following VTEP peer(s) are missing from the Vxlan1 interface: 192.0.2.5, 192.0.2.6',
        'Unexpected VTEP peer(s) on Vxlan1 interface: 192.0.2.7, 192.0.2.8',
      ],
    ),
    skips('no Vxlan1', [{ interfaces: {} }], notConfigured),
    errs(
      'no peers are told, and none expected',
      [{ interfaces: { Vxlan1: {} } }],
      '`show vxlan vtep` does not tell interfaces.Vxlan1.vteps',
      { vteps: [] },
    ),
    skips('empty', [{}], 'Interface: Vxlan1 - Not configured'),
  ]),
  ...rowsOf(
    'VerifyVxlan1ConnSettings',
    { command: 'show interfaces', inputs: { source_interface: 'lo1', udp_port: 4789 } },
    [
      passes('as given', [interfaces({ srcIpIntf: 'Loopback1', udpPort: 4789 })]),
      fails(
        'another port, and no source',
        [interfaces({ udpPort: 8472 })],
        [
          'Interface: Vxlan1 - Incorrect Source interface - Expected: Loopback1 Actual: None',
          'Interface: Vxlan1 - Incorrect UDP port - Expected: 4789 Actual: 8472',
        ],
      ),
      skips('no Vxlan1', [{ interfaces: { Loopback1: {} } }], notConfigured),
      skips('empty', [{}], 'Interface: Vxlan1 - Not configured'),
    ],
  ),
  ...rowsOf(
    'VerifyVxlan1VVTEPIPAddresses',
    { command: 'show interfaces', inputs: { ipv4_address: '192.0.2.5', ipv6_address: '2001:DB8::5' } },
    [
      passes('both', [interfaces({ vArpVtepAddr: '192.0.2.5', vArpVtepAddrV6: '2001:db8::5' })]),
      passes('IPv4 alone', [interfaces({ vArpVtepAddr: '192.0.2.5' })], { ipv4_address: '192.0.2.5' }),
      fails(
        'another, and none',
        [interfaces({ vArpVtepAddr: '0.0.0.0' })],
        [
          'Interface: Vxlan1 - Incorrect VVTEP IPv4 address - Expected: 192.0.2.5 Actual: 0.0.0.0',
          'Interface: Vxlan1 - VVTEP IPv6 address is not configured',
        ],
      ),
      skips('no Vxlan1', [{ interfaces: {} }], notConfigured),
      errs(
        'no address to judge by',
        [interfaces({})],
        'the check `VerifyVxlan1VVTEPIPAddresses` does not accept its inputs: ' +
          'expected an IPv4 address, an IPv6 address, or both',
        { ipv4_address: null },
      ),
      skips('empty', [{}], 'Interface: Vxlan1 - Not configured'),
    ],
  ),
]
