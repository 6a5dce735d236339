import { expect, test } from 'vitest'
import { changeOfDiff, changeRead, diffChange, siteChangeRead } from '../../../src/change/plan/change-read.ts'
import type { DiffLine, PlannedDevice, PlanWarning } from '../../../src/change/plan/plan.ts'
import { compare } from '../../../src/change/plan/seal.ts'
import { lists } from '../../table.ts'

/** Each diff as a plan prints it, with what rules read: kind, whether something goes away by it, and whether its words are known. */
const DIFFS = lists`
  a new VLAN                                                   | + vlan 110; +    name clients | vlan keeps known; vlan.name keeps known
  a VLAN that is taken out of service                          |   vlan 110; +    state suspend | vlan-state keeps known
  a VLAN that goes                                             | - vlan 110; -    name clients | vlan removes known; vlan.name removes known
  another region of MST                                        |   spanning-tree mst configuration; -    name a; +    name b | spanning-tree removes known; spanning-tree keeps known
  another name                                                 |   vlan 110; -    name a; +    name b | vlan.name keeps known
  a list of VLANs that grows                                   | - vlan 10,20; + vlan 10,15,20 | vlan keeps known
  a list of VLANs that loses one                               | - vlan 10,20; + vlan 10,15 | vlan removes known; vlan keeps known
  a trunk that grows                                           |   interface Ethernet1; -    switchport trunk allowed vlan 10,20; +    switchport trunk allowed vlan 10-20 | interface.trunk-vlans keeps known
  a trunk that grows on one port and shrinks on another        |   interface Ethernet1; -    switchport trunk allowed vlan 10; +    switchport trunk allowed vlan 10,20;   interface Ethernet2; -    switchport trunk allowed vlan 10,20; +    switchport trunk allowed vlan 10 | interface.trunk-vlans keeps known; interface.trunk-vlans removes known
  a list on a trunk that had none, which carried every VLAN    |   interface Ethernet1; +    switchport trunk allowed vlan 10 | interface.trunk-vlans removes known
  a list on a port that is new                                 | + interface Port-Channel1; +    switchport trunk allowed vlan 10 | interface.block keeps known; interface.trunk-vlans keeps known
  a VLAN that goes off every trunk without its group           |   vlan 110; +    trunk group A | vlan-state keeps known
  another access VLAN                                          |   interface Ethernet1; -    switchport access vlan 10; +    switchport access vlan 20 | interface.access-vlan removes known; interface.access-vlan keeps known
  a description                                                |   interface Ethernet1; -    description a; +    description b | interface.description keeps known
  no description                                               |   interface Ethernet1; -    description a | interface.description removes known
  a negation that is stored                                    |   interface Ethernet1; +    no switchport | interface.switchport removes known
  a word that is in no table                                   |   interface Ethernet1; +    frobnicate on | interface.other keeps unknown
  a root that is in no table                                   | + frobnicate | undefined keeps unknown
  a port of no known name                                      |   interface Foo1; +    shutdown | other-port.shutdown keeps known
  the text of a banner that reads like commands, and what is behind it |   banner login; + vlan 10; + EOF; + router bgp 65001 | banner keeps known; vlan keeps known; router-bgp.block keeps known
  the text of a banner whose end has not changed: what follows may be of it, or not |   banner login; + hello; + router bgp 65001 | banner keeps known; undefined keeps unknown; router-bgp.block keeps known
  EVPN of a VLAN                                               |   router bgp 65001; +    vlan 10; +       rd 1.1.1.1:10; +       redistribute learned | router-bgp.vlan keeps known
  a session of a VRF                                           |   router bgp 65001;      vrf A; +       neighbor 10.0.0.1 remote-as 65002 | router-bgp.vrf keeps known
`

test.each(DIFFS)('%s', (_what, diff, read) => {
  const { lines } = changeOfDiff(diff.join('\n'), ['leaf1'], {}).switches.get('leaf1') ?? { lines: [] }
  const said = lines.map(
    ({ kind, removes, isKnown }) => `${kind} ${removes ? 'removes' : 'keeps'} ${isKnown ? 'known' : 'unknown'}`,
  )
  expect(said).toEqual(read)
})

/** A switch of a plan, as far as rules read it. */
function device(given: Partial<PlannedDevice>) {
  return { name: 'leaf1', mode: 'merge', lines: [], diff: [], unknownLines: [], ...given } as PlannedDevice
}

const line = (sign: DiffLine['sign'], text: string) => ({ sign, text })

function contentOf(devices: readonly PlannedDevice[], warnings: readonly PlanWarning[] = [], offline = false) {
  const workflow = { name: 'w', file: 'w.yaml', digest: 'x', params: { vlan: 110 } }
  return { devices, warnings, offline, allow: [] as readonly string[], workflow }
}

test('what is typed counts beside what changes: a line that changes nothing may do something', () => {
  const read = changeRead(
    contentOf([device({ lines: ['vlan 110', '   name a', 'no ntp server 10.0.0.1'], diff: [line('+', 'vlan 110')] })]),
  )
  expect(read.switches.get('leaf1')).toEqual({
    lines: [
      { text: 'vlan 110 / name a', kind: 'vlan.name', isKnown: true, removes: false },
      { text: 'no ntp server 10.0.0.1', kind: 'ntp', isKnown: true, removes: true },
      { text: 'vlan 110', kind: 'vlan', isKnown: true, removes: false },
    ],
    size: 2,
  })
  expect(read).toMatchObject({ params: { vlan: 110 } })
  expect(read).not.toHaveProperty('closed')
})

test('what is typed to get into a block that is there is no change of it', () => {
  const lines = ['interface Vxlan1', '   vxlan vlan 110 vni 10110', 'interface Ethernet1']
  const read = changeRead(contentOf([device({ lines })]))
  expect(read.switches.get('leaf1')?.lines.map(({ text, kind }) => `${text}: ${kind}`)).toEqual([
    'interface Vxlan1 / vxlan vlan 110 vni 10110: vxlan.vlan',
    'interface Ethernet1: interface.block',
  ])
})

test('of a whole configuration the diff says what changes', () => {
  const whole = ['hostname leaf1', 'router bgp 65001', 'vlan 110']
  const read = changeRead(contentOf([device({ mode: 'replace', lines: whole, diff: [line('+', 'vlan 110')] })]))
  expect(read.switches.get('leaf1')).toMatchObject({ size: 1, lines: [{ kind: 'vlan' }] })
})

test('lines of boot are read, although they are in no diff', () => {
  const read = changeRead(contentOf([device({ bootLines: ['boot system flash:EOS.swi'] })]))
  expect(read.switches.get('leaf1')).toMatchObject({ size: 1, lines: [{ kind: 'boot' }] })
})

const CLOSED: readonly (readonly [
  what: string,
  content: Parameters<typeof changeRead>[0],
  closed: string | undefined,
])[] = [
  ['nothing', contentOf([device({})]), undefined],
  ['that nobody approves', contentOf([device({})], [{ code: 'no-approval', message: 'm' }]), undefined],
  [
    'a warning',
    contentOf([device({})], [{ code: 'not-saved', device: 'leaf1', message: 'm' }]),
    'the plan has a warning: leaf1: m',
  ],
  [
    'a warning behind that',
    contentOf(
      [device({})],
      [
        { code: 'no-approval', message: 'a' },
        { code: 'no-canary', message: 'b' },
      ],
    ),
    'the plan has a warning: b',
  ],
  [
    'an unknown line',
    contentOf([device({ unknownLines: ['foo'] })]),
    'the plan has a line that no rule knows: leaf1: foo',
  ],
  [
    'that users may change',
    { ...contentOf([device({})]), allow: ['users'] },
    'the workflow may change users, passwords and keys',
  ],
  ['an offline plan', contentOf([device({})], [], true), 'the plan was computed offline'],
  [
    'a switch whose change was computed',
    contentOf([device({}), device({ name: 'leaf2', offline: true })]),
    'the plan was computed offline',
  ],
]

test('a plan of several sites, and that of each of them, is within no rule', () => {
  const whole = { ...contentOf([device({})]), sites: [{ site: 'fra', plan: 'sha256:1' }] }
  expect(changeRead(whole).closed).toBe('the plan is of several sites')
  expect(siteChangeRead(contentOf([device({})])).closed).toBe('the plan is of several sites')
})

test.each(CLOSED)('what keeps every rule from asking for less: %s', (_what, content, closed) => {
  expect(changeRead(content).closed).toBe(closed)
})

/** What may be hidden of a line, and whether its kind is hidden with it. */
const HIDDEN: readonly (readonly [diff: string, isHidden: boolean])[] = [
  ['+ <redacted> 65001', true],
  ['+ <redacted:0a1b2c3d>', true],
  ['+ router <redacted> 65001', true],
  ['  router <redacted>\n+    neighbor 10.0.0.1 remote-as 65002', true],
  ['+ interface <redacted>', true],
  ['+ no <redacted> 65001', true],
  ['  interface Ethernet1\n+    <redacted> vlan 10', true],
  ['  interface Ethernet1\n+    switchport access <redacted>', true],
  ['  interface Ethernet1\n+    description <redacted>', false],
  ['  router bgp 65001\n+    neighbor 10.0.0.1 password 7 <redacted>', false],
  ['+ snmp-server community <redacted> ro', false],
]

test.each(HIDDEN)('a secret may be the words that give a line its kind: %s', (diff, isHidden) => {
  const { lines } = changeOfDiff(diff, ['leaf1'], {}).switches.get('leaf1') ?? { lines: [] }
  expect(lines.map((one) => one.isHidden ?? false)).toEqual([isHidden])
})

test('[3A5] a name for one of several VLANs that share a command removes nothing', () => {
  const listed = 'vlan 10-12\n!\nhostname a\n'
  const named = 'vlan 10,12\n!\nvlan 11\n   name X\n!\nhostname a\n'
  const read = diffChange(compare(listed, named).lines)
  expect(read.map(({ text, removes }) => [text, removes])).toEqual([['vlan 11 / name X', false]])
})
