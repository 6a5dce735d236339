import { vlansPresent } from '../../../../src/eos/check/builtin/vlans-present.ts'
import { checkTable } from '../check-table.ts'

const carried = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { privatePromoted: false }]))

const VLANS = {
  sourceDetail: '',
  vlans: {
    '1': { name: 'default', status: 'active', dynamic: false, interfaces: {} },
    '10': { name: 'BLUE', status: 'active', dynamic: false, interfaces: carried('Port-Channel1', 'Vxlan1', 'Cpu') },
    '11': { name: 'RED', status: 'active', dynamic: false, interfaces: carried('Port-Channel1') },
    '12': { name: 'OLD', status: 'suspended', dynamic: false, interfaces: {} },
  },
}

checkTable(vlansPresent, {
  'a list and a range': {
    input: { vlans: [1, '10-11'] },
    replies: [VLANS],
    verdict: { status: 'pass', facts: ['3 active'] },
  },
  'carried where they should be': {
    input: { vlans: '10', interfaces: ['Port-Channel1', 'Vxlan1'] },
    replies: [VLANS],
    verdict: { status: 'pass', facts: ['1 active'] },
  },
  'one is not there, one is suspended': {
    input: { vlans: '10,12-13' },
    replies: [VLANS],
    verdict: {
      status: 'fail',
      reasons: ['VLAN 12 - expected: active, actual: suspended', 'VLAN 13 - expected: active, actual: not there'],
    },
  },
  'one is not carried': {
    input: { vlans: [1, 11], interfaces: ['Vxlan1'] },
    replies: [VLANS],
    verdict: {
      status: 'fail',
      reasons: [
        'VLAN 1 - expected: on Vxlan1, actual: on no interface',
        'VLAN 11 - expected: on Vxlan1, actual: on Port-Channel1',
      ],
    },
  },
})
