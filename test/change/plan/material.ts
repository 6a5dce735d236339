import { type CarryVerdict, carries } from '../../../src/change/plan/carries.ts'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import { makePlan } from '../../../src/change/plan/make-plan.ts'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { renderedChange } from '../../../src/change/plan/rendered.ts'
import type { DeviceEvidence } from '../../../src/change/task/act/context.ts'
import type { RenderedChange } from '../../../src/change/task/act/rendered-change.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import { running } from '../../e2e/two-leaves.ts'

const target = (n: number): PlanDefinition['targets'][number] => ({
  name: `leaf${n}`,
  host: `192.0.2.1${n}`,
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'ca', file: 'certs/ca.pem' },
})

const TIMERS = { confirmWithin: 600, verifyWithin: 180, stableFor: 30, every: 5 }

/** What a plan of three leaves takes from its project. */
export const DEFINITION: PlanDefinition = {
  workflow: {
    name: 'add-vlan',
    file: 'workflows/add-vlan.yaml',
    digest: `sha256:${'11'.repeat(32)}`,
    params: { vlan: 120, label: 'TENANT-A' },
  },
  inventory: { content: { read: {} }, evidence: {} },
  targets: [target(1), target(2), target(3)],
  credentials: { leaf1: 'lab', leaf2: 'lab', leaf3: 'lab' },
  rollout: {
    waves: [1, '100%'],
    redundant: {},
    together: false,
    pairs: 'apart',
    concurrency: 10,
    atomic: 'change',
    maxFailures: 0,
  },
  timers: { ...TIMERS, derived: { within: false, stableFor: false } },
  terms: { atomic: 'change', concurrency: 10, timers: { ...TIMERS, perRound: 180, perWave: 0, soak: 0 } },
  checks: [{ name: 'vlans-present', input: { vlans: ['120'] } }],
  approve: { expires: 14_400 },
  allow: [],
  policy: null,
  offline: false,
  requester: { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' },
  createdAt: '2026-01-05T08:00:00.000Z',
  toolVersion: '0.1.0',
  key: '5e'.repeat(32),
  sealing: { key: signingKeyOf(Buffer.alloc(32, 1)), store: 'eosflow.audit/0123456789abcdef', anyStore: false },
}

/** The lines of a merge, as a template renders them, in a workflow that may touch the management path. */
export const merge = (...lines: readonly string[]): RenderedChange => rendered('merge', lines)

/** A whole configuration, as a file gives it. */
export const replace = (text: string): RenderedChange => rendered('replace', text.trimEnd().split('\n'))

function rendered(mode: RenderedChange['mode'], lines: readonly string[]): RenderedChange {
  const change = renderedChange({ mode, lines, file: 'workflows/vlan.j2' }, ['management', 'unknown-lines'])
  if (change.ok) return change.value
  throw new Error(change.problems.map(({ message }) => message).join('\n'))
}

/** What leaf `n` shows for a change; its secrets are the canaries of `running`. */
export function evidenceOf(n: number, change: RenderedChange, more: Partial<DeviceEvidence> = {}): DeviceEvidence {
  const identity = {
    serial: `JPE0000000${n}`,
    systemMac: `00:1c:73:00:00:0${n}`,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
  }
  const device = {
    name: `leaf${n}`,
    identity,
    running: running(`leaf${n}`, n),
    startupDiff: '',
    state: { vlan: { '110': 'PROD-WEB' } },
  }
  return { ...offlineEvidence(device, change), ...more }
}

/** A VLAN and the port that it is for. */
export const VLAN_120: readonly string[] = [
  'vlan 120',
  '   name TENANT-A',
  'interface Ethernet2',
  '   switchport access vlan 120',
]

/** The plan of most tests: leaf1 and leaf2 change alike, leaf3 already is as it shall be. */
export const EVIDENCE: readonly DeviceEvidence[] = [
  evidenceOf(1, merge(...VLAN_120)),
  evidenceOf(2, merge(...VLAN_120)),
  evidenceOf(3, merge('vlan 110', '   name PROD-WEB')),
]

/** The plan of a definition and its evidence, each changed in some way. */
export function planOf(definition: Partial<PlanDefinition> = {}, evidence: readonly DeviceEvidence[] = EVIDENCE): Plan {
  return makePlan({ ...DEFINITION, ...definition }, evidence)
}

/** A leaf with one of everything that a change may name. */
export const BASE = `hostname leaf1
!
ntp server 192.0.2.1
!
username admin privilege 15 role network-admin secret 0 canary-of-admin
!
vlan 110
   name PROD-WEB
!
vlan 120
   name TENANT-A
!
vlan 130
   name TENANT-B
!
vrf instance MGMT
!
vrf instance PROD
!
interface Port-Channel7
   switchport mode trunk
   switchport trunk allowed vlan 110,130
!
interface Ethernet1
   description to spine1
   no switchport
   vrf PROD
   ip address 10.0.0.1/31
   ip access-group EDGE in
!
interface Ethernet2
   description host A
   switchport access vlan 110
!
interface Ethernet3
   description host B
   switchport access vlan 110
!
interface Ethernet7
   channel-group 7 mode active
!
interface Ethernet8
   description spare
!
interface Loopback0
   ip address 10.255.0.1/32
!
interface Management1
   vrf MGMT
   ip address 192.0.2.11/24
!
interface Vlan130
   vrf PROD
   ip address 10.130.0.1/24
!
ip access-list EDGE
   10 permit ip any any
!
ip access-list OTHER
   10 permit tcp any any
!
ip routing
ip routing vrf PROD
!
ip prefix-list PL-IN seq 10 permit 10.0.0.0/8
!
ip prefix-list PL-OTHER seq 10 permit 192.168.0.0/16
!
ip route vrf MGMT 0.0.0.0/0 192.0.2.254
!
route-map RM-IN permit 10
   match ip address prefix-list PL-IN
!
route-map RM-OTHER permit 10
   match ip address prefix-list PL-OTHER
!
router bgp 65001
   neighbor UNDERLAY peer group
   neighbor UNDERLAY route-map RM-IN in
   neighbor 10.0.0.0 peer group UNDERLAY
   neighbor 10.0.0.0 remote-as 65000
!
management api http-commands
   no shutdown
!
end
`

/** A base with some of its text replaced: each text must be there once. */
export function edited(...edits: readonly (readonly [string, string])[]) {
  return edits.reduce((text, [old, put]) => {
    if (text.split(old).length !== 2) throw new Error(`not there once: ${old}`)
    return text.replace(old, () => put)
  }, BASE)
}

/** What leaf1 shows of a change, on a base. */
export function shownBy(base: string, lines: readonly string[], more: Partial<DeviceEvidence> = {}): DeviceEvidence {
  const identity = { serial: 'JPE00000001', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'DCS-7050SX3-48YC8' }
  const state = { vlan: { '110': 'PROD-WEB' } }
  const device = { name: 'leaf1', identity, running: base, startupDiff: '', state }
  return { ...offlineEvidence(device, merge(...lines)), ...more }
}

/** A plan of leaf1 whose approval may carry. */
export function planOn(base: string, lines: readonly string[], more: Partial<PlanDefinition> = {}): Plan {
  return planOfShown([shownBy(base, lines)], more)
}

/** A plan of what switches showed. */
export function planOfShown(evidence: readonly DeviceEvidence[], more: Partial<PlanDefinition> = {}): Plan {
  return makePlan(
    { ...DEFINITION, targets: DEFINITION.targets.slice(0, evidence.length), carries: true, ...more },
    evidence,
  )
}

/** The reasons by which a change that was approved on `BASE` carries to no other base; none: it carries. */
export function reasonsOn(base: string, lines: readonly string[], more: Partial<PlanDefinition> = {}) {
  return verdictOn(base, lines, more).obstacles
}

/** The whole verdict of the same. */
export function verdictOn(base: string, lines: readonly string[], more: Partial<PlanDefinition> = {}): CarryVerdict {
  return carries(planOn(BASE, lines), planOn(base, lines, more))
}
