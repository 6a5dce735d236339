import { expect, test } from 'vitest'
import {
  type Advisory,
  isAffected,
  parseAdvisories,
  SHIPPED_ADVISORIES,
  switchedOn,
} from '../../../src/change/plan/advisories.ts'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import { parsePlan } from '../../../src/change/plan/plan.ts'
import { compare } from '../../../src/change/plan/seal.ts'
import { planAs } from '../../../src/report/plan/text.ts'
import { plain } from '../../../src/report/text/text.ts'
import { lists } from '../../table.ts'
import { evidenceOf, merge, planOf } from './material.ts'

test.for(lists`
  4.31.4M | 4.31.0-6 | yes
  4.31.7M | 4.31.0-6 | no
  4.30.0F | 4.30.1-9 | no
  4.30.10M | 4.30.1-9 | no
  4.30.9.1M | 4.30.1-9 | yes
  4.32.2F | <4.33 | yes
  4.33.0F | <4.33 | no
  4.33.0F | 4.33.* | yes
  4.3.3F | 4.33.* | no
  4.34.7M | 4.34.7.0 | yes
  4.34.7.1M | 4.34.7.0 | no
  4.34.7.1M | 4.34.7 | yes
  4.36.0F | 4.36.0 | yes
  4.36.1F | 4.36.0 | no
  4.36.0.1F | 4.29.*; 4.36.0 | yes
  4.33.1FX-wbb | 4.33.0-1 | yes
  vEOS-lab | <4.33 | no
  | <4.99 | no
`)('EOS %s is among %s: %s', ([eos, affected = [], [is = ''] = []]) => {
  expect(isAffected(eos, affected)).toBe(is === 'yes')
})

function shipped() {
  const read = parseAdvisories(SHIPPED_ADVISORIES, 'shipped')
  if (!read.ok) throw new RangeError(JSON.stringify(read.problems))
  return read.value
}

const BASE = `interface Ethernet1
   description x
!
interface Vlan10
!
end
`
const on = (eos: string, to: string, from = BASE) =>
  switchedOn(shipped(), { eos, ...compare(from, to) }).map(({ advisory: { id }, line }) => [id, line])

const GNMI = 'management api gnmi\n   transport grpc default\n!\n'
const GRPC = 'management api gnmi / transport grpc default'

test.each([
  [
    'gNMI on an affected version',
    '4.31.4M',
    BASE,
    GNMI + BASE,
    ['SA-117', 'SA-146', 'SA-166', 'SA-168'].map((id) => [id, GRPC]),
  ],
  [
    'gNMI on a version in which most is mended',
    '4.36.1F',
    BASE,
    GNMI + BASE,
    [
      ['SA-146', GRPC],
      ['SA-168', GRPC],
    ],
  ],
  ['gNMI on a version in which all is mended', '4.36.2F', BASE, GNMI + BASE, []],
  [
    'gNMI that was there, with another transport',
    '4.31.4M',
    GNMI + BASE,
    GNMI.replace('default', 'default\n   transport grpc second') + BASE,
    [],
  ],
  ['gNMI that goes', '4.31.4M', GNMI + BASE, BASE, []],
  [
    'a relay',
    '4.32.2F',
    BASE,
    BASE.replace('Vlan10', 'Vlan10\n   ip helper-address 10.0.0.1'),
    [['SA-156', 'interface Vlan10 / ip helper-address 10.0.0.1']],
  ],
  [
    'a relay on a second interface',
    '4.32.2F',
    BASE.replace('description x', 'ip helper-address 10.0.0.1'),
    BASE.replace('description x', 'ip helper-address 10.0.0.1').replace(
      'Vlan10',
      'Vlan10\n   ip helper-address 10.0.0.1',
    ),
    [],
  ],
  ['a line that says no', '4.32.2F', BASE, BASE.replace('Vlan10', 'Vlan10\n   no ip helper-address 10.0.0.1'), []],
  [
    'a description that names it',
    '4.32.2F',
    BASE,
    BASE.replace('description x', 'description ip helper-address 10.0.0.1'),
    [],
  ],
  ['the same words at another place', '4.31.4M', BASE, BASE.replace('description x', 'transport grpc default'), []],
])('%s', (_what, eos, from, to, found) => {
  expect(on(eos, to, from)).toEqual(found)
})

test('a text that follows a command is none', () => {
  expect(on('4.32.2F', `banner login\nrouter ospfv3\nEOF\n!\n${BASE}`)).toEqual([])
})

/** One line for each pattern that is shipped, by hand, at its place. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'management api gnmi / transport grpc *': GRPC,
  'interface * / service-policy type pbr input *': 'interface Ethernet1 / service-policy type pbr input P',
  'router bgp * / address-family flow-spec ipv4|ipv6': 'router bgp 65001 / address-family flow-spec ipv6',
  'interface * / traffic-policy input *': 'interface Ethernet1 / traffic-policy input T',
  directflow: 'directflow',
  'router segment-security': 'router segment-security',
  'management api gribi / transport grpc *': 'management api gribi / transport grpc default',
  'router bfd / authentication mode *': 'router bfd / authentication mode sha1',
  'interface * / bfd authentication mode *': 'interface Ethernet1 / bfd authentication mode sha1',
  'ip dhcp relay information option': 'ip dhcp relay information option',
  'ip dhcp snooping information option': 'ip dhcp snooping information option',
  'interface * / ip helper-address *': 'interface Vlan10 / ip helper-address 10.0.0.1',
  'interface * / vrrp * peer authentication ietf-md5':
    'interface Vlan10 / vrrp 1 peer authentication ietf-md5 key-string 7 x',
  'interface * / isis enable *': 'interface Ethernet1 / isis enable CORE',
  'mlag configuration / dual-primary detection delay * action errdisable all-interfaces':
    'mlag configuration / dual-primary detection delay 5 action errdisable all-interfaces',
  'management api restconf / transport https *': 'management api restconf / transport https default',
  'management api netconf / transport ssh *': 'management api netconf / transport ssh default',
  'interface * / ip ospf authentication': 'interface Ethernet1 / ip ospf authentication',
  'interface * / ip ospf authentication message-digest': 'interface Ethernet1 / ip ospf authentication message-digest',
  'router ospfv3': 'router ospfv3 1',
  'ipv6 router ospf *': 'ipv6 router ospf 1',
  'interface * / pim ipv4 sparse-mode': 'interface Ethernet1 / pim ipv4 sparse-mode',
  'interface * / ip pim sparse-mode': 'interface Ethernet1 / ip pim sparse-mode',
  'snmp-server user * * v3 auth *': 'snmp-server user u g v3 auth sha x',
  'snmp-server user * * v3 localized * auth *': 'snmp-server user u g v3 localized f5 auth sha x',
}

test('every pattern that is shipped finds its line, on a version that its advisory names', () => {
  const all = shipped()
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(all).toHaveLength(16)
  let looked = 0
  for (const advisory of all) {
    for (const pattern of advisory.lines) {
      const line = EXAMPLES[pattern]
      expect(line, pattern).toBeDefined()
      const text = (line ?? '')
        .split(' / ')
        .map((command, depth) => `${'   '.repeat(depth)}${command}\n`)
        .join('')
      const found = switchedOn([{ ...advisory, lines: [pattern] }], {
        eos: '4.32.0F',
        ...compare('end\n', `${text}!\nend\n`),
      })
      expect(
        found.map((one) => one.line),
        pattern,
      ).toEqual([line])
      looked += 1
    }
  }
  expect(looked).toBe(30)
})

test('a file that is not good is refused with all that is wrong', () => {
  const bad = SHIPPED_ADVISORIES.replace('4.30.1-9', '4.30.x').replace('https://', 'http://')
  const read = parseAdvisories(bad, 'advisories.yaml')
  expect(read.ok).toBe(false)
  expect(read.ok ? [] : read.problems.map(({ at }) => at.file)).toEqual(['advisories.yaml', 'advisories.yaml'])
})

const noted = (known: PlanDefinition['advisories'], n = [1]) =>
  planOf(
    { advisories: known ?? [] },
    n.map((one) =>
      evidenceOf(one, merge('router isis CORE', '   net 49.0001.0000.0000.0001.00', 'ipv6 router ospf 1')),
    ),
  )
const OSPF: Advisory = {
  id: 'SA-1',
  about: 'something *bad*',
  url: 'https://example.com/sa-1',
  affected: ['<4.99'],
  lines: ['ipv6 router ospf *'],
}

test('a plan has a note of it, once for all of its switches, and its digest is as without', () => {
  const plan = noted([OSPF], [1, 2])
  const eos = plan.content.devices[0]?.identity.eos ?? ''
  const message = `\`ipv6 router ospf 1\` switches on what SA-1 is about on EOS ${eos}: something *bad* (https://example.com/sa-1)`
  expect(plan.evidence.notes).toEqual([{ code: 'advisory', devices: ['leaf1', 'leaf2'], message }])
  expect(plan.digest).toBe(noted([], [1, 2]).digest)
  expect(noted([], [1, 2]).evidence).not.toHaveProperty('notes')
  expect(planAs.text(plan, plain, { width: 400 })).toContain(`! leaf1 leaf2: ${message}\n`)
  expect(planAs.markdown(plan)).toContain('something &#42;bad&#42;')
  const read = parsePlan(JSON.stringify(plan), 'plan.json')
  expect(read.ok && read.value.evidence.notes).toEqual(plan.evidence.notes)
})

test('a file that cannot be read fails no plan, which says so', () => {
  const message = 'security advisories were not looked at: there is no file advisories.yaml'
  const plan = noted({ unread: 'there is no file advisories.yaml' })
  expect(plan.evidence.notes).toEqual([{ code: 'advisory', devices: [], message }])
  expect(planAs.text(plan, plain, { width: 400 })).toContain(`! ${message}\n`)
})
