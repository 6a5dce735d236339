import { lldpAsBefore } from '../../../../src/eos/check/builtin/lldp-as-before.ts'
import { checkTable } from '../check-table.ts'

type Row = readonly [port: string, device: string, neighborPort: string]

/** `show lldp neighbors` with these neighbours. */
const neighbors = (...rows: readonly Row[]) => ({
  tablesLastChangeTime: 1_448_356_585.42,
  tablesInserts: 2,
  lldpNeighbors: rows.map(([port, neighborDevice, neighborPort]) => ({ port, neighborDevice, neighborPort, ttl: 120 })),
})

const BEFORE = {
  lldp: {
    Ethernet1: [{ device: 'spine1', port: 'Ethernet3' }],
    Ethernet2: [{ device: 'spine2', port: 'Ethernet3' }],
  },
}

checkTable(lldpAsBefore, {
  'all are heard where they were': {
    replies: [neighbors(['Ethernet2', 'spine2', 'Ethernet3'], ['Ethernet1', 'spine1', 'Ethernet3'])],
    baseline: BEFORE,
    verdict: { status: 'pass', facts: ['2 as before'] },
  },
  'a new one is said': {
    replies: [
      neighbors(
        ['Ethernet1', 'spine1', 'Ethernet3'],
        ['Ethernet1', 'tap', 'eth0'],
        ['Ethernet2', 'spine2', 'Ethernet3'],
        ['Ethernet9', 'host', 'eth1'],
      ),
    ],
    baseline: BEFORE,
    verdict: { status: 'pass', facts: ['2 as before', 'new on Ethernet1: tap eth0', 'new on Ethernet9: host eth1'] },
  },
  'one is lost': {
    replies: [neighbors(['Ethernet1', 'spine1', 'Ethernet3'])],
    baseline: BEFORE,
    verdict: { status: 'fail', reasons: ['Ethernet2 - expected: spine2 Ethernet3, actual: no neighbour'] },
  },
  'all are lost': {
    replies: [neighbors()],
    baseline: BEFORE,
    verdict: {
      status: 'fail',
      reasons: [
        'Ethernet1 - expected: spine1 Ethernet3, actual: no neighbour',
        'Ethernet2 - expected: spine2 Ethernet3, actual: no neighbour',
      ],
    },
  },
  'two are swapped': {
    replies: [neighbors(['Ethernet1', 'spine2', 'Ethernet3'], ['Ethernet2', 'spine1', 'Ethernet3'])],
    baseline: BEFORE,
    verdict: {
      status: 'fail',
      reasons: [
        'Ethernet1 - expected: spine1 Ethernet3, actual: spine2 Ethernet3 (it is now on Ethernet2)',
        'Ethernet2 - expected: spine2 Ethernet3, actual: spine1 Ethernet3 (it is now on Ethernet1)',
      ],
    },
  },
  'the other end is plugged into another port': {
    replies: [neighbors(['Ethernet1', 'spine1', 'Ethernet4'], ['Ethernet2', 'spine2', 'Ethernet3'])],
    baseline: BEFORE,
    verdict: { status: 'fail', reasons: ['Ethernet1 - expected: spine1 Ethernet3, actual: spine1 Ethernet4'] },
  },
  'without a snapshot there is nothing to compare with': {
    replies: [neighbors(['Ethernet1', 'spine1', 'Ethernet3'])],
    verdict: { status: 'error', reason: 'the snapshot did not read the state area `lldp` before the change' },
  },
  'nobody was heard before': {
    replies: [neighbors()],
    baseline: { lldp: {} },
    verdict: { status: 'skip', reason: 'LLDP heard no neighbour before the change' },
  },
})
