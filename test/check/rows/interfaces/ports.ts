import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const told = (interfaceStatus: string, lineProtocolStatus: string) => ({ interfaceStatus, lineProtocolStatus })

const status = {
  interfaces: [
    { name: 'et1', status: 'up' },
    { name: 'et2', status: 'adminDown' },
    { name: 'po7', status: 'down', line_protocol_status: 'lowerLayerDown' },
  ],
}

/** What the checks of the state and the speed of ports must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyInterfacesStatus', { command: 'show interfaces description', inputs: status }, [
    passes('as given; connected is up', [
      {
        interfaceDescriptions: {
          Ethernet1: told('connected', 'up'),
          Ethernet2: told('adminDown', 'notPresent'),
          'Port-Channel7': told('down', 'lowerLayerDown'),
        },
      },
    ]),
    fails(
      'others',
      [
        {
          interfaceDescriptions: {
            Ethernet1: told('up', 'lowerLayerDown'),
            Ethernet2: told('up', 'up'),
            'Port-Channel7': told('down', 'down'),
          },
        },
      ],
      [
        'Interface: Ethernet1 - Status mismatch - Expected: up/up, Actual: up/lowerLayerDown',
        'Interface: Ethernet2 - Status mismatch - Expected: adminDown, Actual: up',
        'Interface: Port-Channel7 - Status mismatch - Expected: down/lowerLayerDown, Actual: down/down',
      ],
    ),
    fails(
      'not there, with what else is known of it',
      [{ interfaceDescriptions: {} }],
      ['Interface: Ethernet9 (to host9) Port-Channel: Port-Channel9 - Not configured'],
      { interfaces: [{ name: 'Ethernet9', status: 'up', description: 'to host9', portchannel: 'Po9' }] },
    ),
    errs(
      'a status is required',
      [{ interfaceDescriptions: {} }],
      'the check `VerifyInterfacesStatus` does not accept its inputs at interfaces.0.status: Invalid option: expected one of "up"|"down"|"adminDown"',
      { interfaces: [{ name: 'Ethernet1' }] },
    ),
    errs('empty', [{}], '`show interfaces description` answered in an unknown shape at interfaceDescriptions'),
  ]),
  ...rowsOf('VerifyInterfaceErrDisabled', { command: 'show interfaces status errdisabled' }, [
    passes('none', [{ interfaceStatuses: {} }]),
    passes('others than the one that was named', [{ interfaceStatuses: { Ethernet2: { causes: ['bpduguard'] } } }], {
      interfaces: ['Ethernet1'],
    }),
    fails(
      'two, one for two causes',
      [{ interfaceStatuses: { Ethernet2: { causes: ['bpduguard', 'link-flap'] }, Ethernet3: {}, Management1: {} } }],
      ['Interface: Ethernet2 - Error disabled - Causes: bpduguard, link-flap'],
      { ignored_interfaces: ['Management'] },
    ),
    errs('empty', [{}], '`show interfaces status errdisabled` answered in an unknown shape at interfaceStatuses'),
  ]),
  ...rowsOf(
    'VerifyInterfacesSpeed',
    {
      command: 'show interfaces',
      inputs: {
        interfaces: [
          { name: 'et1', auto: true, speed: 100, lanes: 4 },
          { name: 'et2', speed: 2.5 },
        ],
      },
    },
    [
      passes('as given', [
        {
          interfaces: {
            Ethernet1: { bandwidth: 100_000_000_000, duplex: 'duplexFull', autoNegotiate: 'success', lanes: 4 },
            Ethernet2: { bandwidth: 2_500_000_000, duplex: 'duplexFull', autoNegotiate: 'off', lanes: 1 },
          },
        },
      ]),
      fails(
        'everything is another, or not told',
        [
          {
            interfaces: {
              Ethernet1: { bandwidth: 10_000_000_000, duplex: 'duplexHalf', autoNegotiate: 'unknown', lanes: 1 },
              Ethernet2: { bandwidth: 0 },
            },
          },
        ],
        [
          'Interface: Ethernet1 - Bandwidth mismatch - Expected: 100.0Gbps Actual: 10Gbps',
          'Interface: Ethernet1 - Duplex mode mismatch - Expected: duplexFull Actual: duplexHalf',
          'Interface: Ethernet1 - Auto-negotiation mismatch - Expected: success Actual: unknown',
          'Interface: Ethernet1 - Data lanes count mismatch - Expected: 4 Actual: 1',
          'Interface: Ethernet2 - Bandwidth mismatch - Expected: 2.5Gbps Actual: 0Gbps',
          'Interface: Ethernet2 - Duplex mode mismatch - Expected: duplexFull Actual: None',
        ],
      ),
      fails(
        'not there',
        [{ interfaces: {} }],
        ['Interface: Ethernet1 - Not found', 'Interface: Ethernet2 - Not found'],
      ),
      fails('empty', [{}], ['Interface: Ethernet1 - Not found', 'Interface: Ethernet2 - Not found']),
    ],
  ),
]
