import { join } from 'node:path'
import type { HostAddress } from '../../../src/sim/facts.ts'
import { readAvdSwitches } from './avd-lab.ts'
import type { PublishedLab, StandIn } from './published-lab.ts'

const LAB = 'inventories/inetsix-lab'

/** The 18 cEOS switches of 4.27.2F of titom73/ansible-arista-network-lab-automation, with the three servers that they have heard. */
export function readCeosLab(clone: string): PublishedLab {
  const switches = readAvdSwitches(join(clone, LAB, 'snapshots'), join(clone, LAB, 'config_backup'), 'avd-')
  return { name: 'ceos-lab', switches, around: SERVERS }
}

const bundled = (at: number): string => `interface Ethernet${at}\n   channel-group 1 mode active\n!\n`

/** The servers are cEOS themselves, and nobody recorded them: their cables are of LLDP, what they send of the tables of MAC addresses. */
const SERVERS: readonly StandIn[] = [
  {
    name: 'srv-pod01',
    config: 'interface Ethernet1\n   no switchport\n!\n',
    cables: [['Ethernet1', 'avd-agg01', 'Ethernet3']],
  },
  {
    name: 'srv-pod02',
    config: 'interface Ethernet1\n   no switchport\n!\n',
    cables: [['Ethernet1', 'avd-agg02', 'Ethernet3']],
    sends: [{ mac: '00:1c:73:39:f7:ae', vlan: 112, address: '10.1.12.2' }] satisfies readonly HostAddress[],
  },
  {
    name: 'srv-pod03',
    config: ['interface Port-Channel1\n!\n', ...[1, 2].map(bundled)].join(''),
    cables: [
      ['Ethernet1', 'avd-leaf3a', 'Ethernet5'],
      ['Ethernet2', 'avd-leaf4a', 'Ethernet5'],
    ],
    sends: [{ mac: '00:1c:73:a4:f9:2c', vlan: 110, address: '10.1.10.3' }] satisfies readonly HostAddress[],
  },
]
