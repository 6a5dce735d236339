import type { Json } from '../../../src/model/json.ts'
import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf, skips } from './rows-of.ts'

/** The neighbors of OSPF 100 in the default VRF. */
const neighbors = (...entries: readonly Json[]) => ({
  vrfs: { default: { instList: { '100': { ospfNeighborEntries: entries } } } },
})

const full = {
  interfaceName: 'Ethernet1',
  interfaceAddress: '192.0.2.1',
  adjacencyState: 'full',
  routerId: '192.0.2.99',
  details: { areaId: '0.0.0.0' },
}
const starting = { ...full, interfaceName: 'Ethernet2', interfaceAddress: '192.0.2.3', adjacencyState: 'exchStart' }

const instance = (numLsa: number, maxLsa = 1000) => ({
  maxLsaInformation: { maxLsa, maxLsaThreshold: 75 },
  lsaInformation: { numLsa },
})

const wanted = { instance: 100, ip_address: '192.0.2.1', local_interface: 'et1', area_id: 0 }

/** What the checks of `routing.ospf` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyOSPFNeighborState', { command: 'show ip ospf neighbor' }, [
    passes('all full', [neighbors(full, full)]),
    fails(
      'two of three, of two VRFs',
      [
        {
          vrfs: {
            default: { instList: { '100': { ospfNeighborEntries: [full, starting] } } },
            PROD: {
              instList: {
                '200': { ospfNeighborEntries: [{ ...starting, adjacencyState: 'init', routerId: '192.0.2.98' }] },
              },
            },
          },
        },
      ],
      [
        'Instance: 100 VRF: default Neighbor ID: 192.0.2.99 - Incorrect adjacency state - Expected: Full Actual: exchStart',
        'Instance: 200 VRF: PROD Neighbor ID: 192.0.2.98 - Incorrect adjacency state - Expected: Full Actual: init',
      ],
    ),
    skips('nobody there', [neighbors()], 'No OSPF neighbor detected'),
    errs(
      'no neighbors are told',
      [{ vrfs: { default: { instList: { '100': {} } } } }],
      '`show ip ospf neighbor` does not tell vrfs.default.instList.100.ospfNeighborEntries',
    ),
    skips('no OSPF', [{ vrfs: {} }], 'OSPF not configured'),
    skips('empty', [{}], 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFNeighborCount', { command: 'show ip ospf neighbor', inputs: { number: 2 } }, [
    passes('two full, and one that is not', [neighbors(full, starting, full)]),
    fails('one full', [neighbors(full, starting)], ['Neighbor count mismatch - Expected: 2 Actual: 1']),
    skips('nobody there', [neighbors()], 'No OSPF neighbor detected', { number: 0 }),
    skips('no OSPF', [{ vrfs: {} }], 'OSPF not configured'),
    skips('empty', [{}], 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFMaxLSA', { command: 'show ip ospf' }, [
    passes('at the threshold', [{ vrfs: { default: { instList: { '1': instance(750) } } } }]),
    fails(
      'no maximum, which is 0',
      [{ vrfs: { default: { instList: { '1': instance(9000, 0) } } } }],
      ['Instance: 1 - Crossed the maximum LSA threshold - Expected: < 0 Actual: 9000'],
    ),
    fails(
      'one above it, in each VRF',
      [{ vrfs: { default: { instList: { '1': instance(751) } }, PROD: { instList: { '2': instance(200, 100) } } } }],
      [
        'Instance: 1 - Crossed the maximum LSA threshold - Expected: < 750 Actual: 751',
        'Instance: 2 - Crossed the maximum LSA threshold - Expected: < 75 Actual: 200',
      ],
    ),
    fails(
      'no number is told',
      [{ vrfs: { default: { instList: { '1': { ...instance(0), lsaInformation: {} } } } } }],
      ['Instance: 1 - Current number of LSAs not found'],
    ),
    errs('no instance', [{ vrfs: { default: { instList: {} } } }], '`show ip ospf`: the answer has no OSPF instance'),
    skips('no OSPF', [{ vrfs: {} }], 'OSPF not configured'),
    skips('empty', [{}], 'OSPF not configured'),
  ]),
  ...rowsOf('VerifyOSPFSpecificNeighbors', { command: 'show ip ospf neighbor', inputs: { neighbors: [wanted] } }, [
    passes('full', [neighbors(starting, full)]),
    passes(
      'in two-way, in the highest area',
      [neighbors({ ...full, adjacencyState: '2Ways', details: { areaId: '255.255.255.255' } })],
      { neighbors: [{ ...wanted, state: '2Ways', area_id: '4294967295' }] },
    ),
    fails(
      'of another area and in another state, on another interface, of another instance, in no VRF',
      [neighbors(starting, full)],
      [
        'Instance: 100 VRF: default Neighbor IP: 192.0.2.3 Area: 0.0.1.0 - Area-ID mismatch - Expected: 0.0.1.0 Actual: 0.0.0.0',
        'Instance: 100 VRF: default Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found',
        'Instance: 200 VRF: default Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found',
        'Instance: 100 VRF: PROD Neighbor IP: 192.0.2.1 Area: 0.0.0.0 - Neighbor not found',
      ],
      {
        neighbors: [
          { ...wanted, ip_address: '192.0.2.3', local_interface: 'Ethernet2', area_id: 256 },
          { ...wanted, local_interface: 'Ethernet9' },
          { ...wanted, instance: 200 },
          { ...wanted, vrf: 'PROD' },
        ],
      },
    ),
    fails('no OSPF', [{ vrfs: {} }], ['OSPF not configured']),
    errs(
      'no area is told',
      [neighbors({ ...full, details: {} })],
      '`show ip ospf neighbor` does not tell vrfs.default.instList.100.ospfNeighborEntries.0.details.areaId',
    ),
    fails('empty', [{}], ['OSPF not configured']),
  ]),
]
