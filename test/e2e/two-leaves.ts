import type { Fabric } from '../../src/eos/sim/fabric/fabric.ts'
import { type Lab, type LabOptions, openLab, type ProjectOptions } from '../lab/lab.ts'

/** Secrets that stand in the running-config of every switch of {@link twoLeaves}; none may come out of it. */
export const CANARIES = {
  user: '$6$Can4ryUs3rSalt$Can4ryUs3rHashCan4ryUs3rHashCan4ryUs3rHashCan4ryUs3rHashCan4ryUs3rHashCan4ryUs3rH',
  bgp: 'Q2FuNHJ5QmdwUGFzc3dk',
  snmp: 'Can4rySnmpC0mmunity',
} as const

/** A leaf with an uplink, a host port and one BGP neighbour. */
export const running = (name: string, n: number) => `! Command: show running-config
! device: ${name} (DCS-7050SX3-48YC8, EOS-4.32.2F)
!
hostname ${name}
!
username operator privilege 15 role network-admin secret sha512 ${CANARIES.user}
!
snmp-server community ${CANARIES.snmp} ro
!
vlan 110
   name PROD-WEB
!
interface Ethernet1
   description uplink to spine1
   no switchport
   ip address 10.1.${n}.1/31
!
interface Ethernet2
   description HOST_web0${n}
   switchport access vlan 110
!
interface Management1
   ip address 192.0.2.1${n}/24
!
router bgp 6510${n}
   router-id 10.0.250.1${n}
   neighbor 10.1.${n}.0 remote-as 65000
   neighbor 10.1.${n}.0 password 7 ${CANARIES.bgp}
!
management api http-commands
   no shutdown
!
end
`

const leaf = (n: number) => ({
  name: `leaf${n}`,
  eos: '4.32.2F',
  model: 'DCS-7050SX3-48YC8',
  serial: `JPE0000000${n}`,
  mac: `00:1c:73:00:00:0${n}`,
  config: running(`leaf${n}`, n),
  managementOutside: true,
})

/** One or two leaves, not cabled to each other. */
export const leaves = (count: 1 | 2): { readonly fabric: Fabric } => ({
  fabric: {
    name: 'leaves',
    credentials: { username: 'admin', password: 'admin' },
    devices: [leaf(1), leaf(2)].slice(0, count),
    cabling: [],
    faults: [],
  },
})

/** What the tests of the command line change on them: a VLAN that a template renders, verified in two seconds. */
export const ADD_VLAN = `name: add-vlan
params:
  vlan:  { type: integer, minimum: 2, maximum: 4094 }
  label: { type: string, pattern: '[A-Z0-9-]{1,32}', default: TENANT-A }
targets: role:leaf
change: { mode: merge, template: vlan.j2 }
rollout: { waves: [1] }
steps:
  - snapshot: { state: [interfaces, vlan] }
  - plan
  - approve: { expires: 4h }
  - push: { confirmWithin: 2m }
  - verify:
      within: 2s
      stableFor: 0s
      every: 1s
      checks: [reachable, vlans-present: { vlans: ['{{ vlan }}'] }]
  - confirm
`

/** Its template; a switch with a tag `mtu` gets one line more. */
export const VLAN_TEMPLATE = `vlan {{ vlan }}
   name {{ label }}
{% if 'mtu' in device.tags %}
interface Ethernet2
   mtu {{ device.tags.mtu }}
{% endif %}
`

/** The files of a project that changes them. */
export const PROJECT_FILES: ProjectOptions = {
  files: { 'workflows/add-vlan.yaml': ADD_VLAN, 'workflows/vlan.j2': VLAN_TEMPLATE },
  tags: () => ({ role: 'leaf' }),
}

/** A lab of these leaves in memory, whose project changes them. */
export const leafLab = (count: 1 | 2, given: LabOptions = {}): Lab =>
  openLab({ switches: leaves(count), ...PROJECT_FILES, ...given })
