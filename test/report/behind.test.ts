import { expect, test } from 'vitest'
import { parsePlan } from '../../src/change/plan/plan.ts'
import type { BehindSwitch } from '../../src/change/task/act/behind.ts'
import { behindSection } from '../../src/report/page/approval.ts'
import { behindLines } from '../../src/report/phrases/behind.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { plain } from '../../src/report/text/text.ts'
import { DEFINITION, evidenceOf, merge, planOf, VLAN_120 } from '../change/plan/material.ts'

const FULL: BehindSwitch = {
  ports: [
    {
      name: 'Ethernet7',
      description: 'srv-db-2',
      link: 'up',
      forSeconds: 90,
      heard: [{ device: 'srv-db-2', port: 'eth0' }],
      memberOf: 'Port-Channel7',
      mlag: { id: '7', partner: 'leaf2', port: 'Port-Channel17' },
      hosts: 3,
      addresses: ['10.0.10.11'],
      traffic: { in: 1_234_567, out: 999, over: 300 },
    },
    {
      name: 'Port-Channel8',
      link: 'down',
      forSeconds: 400_000,
      members: ['Ethernet8'],
      hosts: 1,
      traffic: { in: 999, out: 0 },
    },
    { name: 'Ethernet9' },
  ],
  vlans: [
    { vlan: 10, name: 'WEB', ports: ['Ethernet1'], portCount: 48, hosts: 900, arp: 1 },
    { vlan: 11, ports: [], portCount: 0, hosts: 0, arp: 0 },
  ],
  vrfs: [{ vrf: 'PROD', interfaces: ['Vlan10'], interfaceCount: 1, arp: 2 }],
  neighbors: [{ neighbor: '10.2.2.2', vrf: 'PROD', description: 'firewall', state: 'Idle', asn: '65200' }],
  more: 2,
  unread: [{ what: 'show mlag', because: 'Agent down' }],
}

const LINES = [
  'Ethernet7 "srv-db-2" · LLDP srv-db-2 eth0 · member of Port-Channel7 · MLAG 7, partner leaf2 Port-Channel17 · up for 90 s · 3 hosts · 10.0.10.11 · 1.23 Mb/s in, 999 b/s out (average of 5 min)',
  'Port-Channel8 · members Ethernet8 · down for 4 d · 1 host · silent',
  'Ethernet9',
  'VLAN 10 "WEB" · 48 ports: Ethernet1 and 47 more · 900 hosts · 1 ARP entry',
  'VLAN 11 · 0 ports · 0 hosts',
  'VRF PROD · 1 interface: Vlan10 · 2 ARP entries',
  'BGP 10.2.2.2 in PROD "firewall" · AS 65200 · Idle',
  'and 2 more',
  'not read: show mlag: Agent down',
]

const planBehind = (behind: BehindSwitch) => planOf({}, [{ ...evidenceOf(1, merge(...VLAN_120)), behind }])

test('each touched thing is one line, in words', () => {
  expect(behindLines(planBehind(FULL))).toEqual([{ device: 'leaf1', lines: LINES }])
})

test('it is in the text, the Markdown and the page, and the plan file is read with it', () => {
  const plan = planBehind(FULL)
  const intro = 'As the switches showed it at 2026-01-05 08:00 UTC; it moves, and the digest does not cover it'
  expect(planAs.text(plan, plain, { width: 400, details: true })).toContain(
    `What is behind it. ${intro}:\n  leaf1 Ethernet7 "srv-db-2" · LLDP`,
  )
  expect(planAs.markdown(plan)).toContain(
    `<summary>What is behind it</summary>\n\n${intro}.\n\n- leaf1 Ethernet7 "srv-db-2"`,
  )
  expect(String(behindSection(plan))).toContain(`${intro}.</p>`)
  const read = parsePlan(JSON.stringify(plan), 'plan.json')
  expect(read.ok && read.value.evidence.behind).toEqual({ leaf1: FULL })
})

test('the digest does not cover it: hosts and traffic move', () => {
  const without = planOf({}, [evidenceOf(1, merge(...VLAN_120))])
  expect(planBehind(FULL).digest).toBe(without.digest)
  expect(planBehind({ vlans: [{ vlan: 10, hosts: 901 }] }).digest).toBe(without.digest)
  expect(planBehind(FULL).seal?.signature).not.toBe(without.seal?.signature)
})

test('where nobody has asked there is no section; for very many switches and offline it is said why', () => {
  const none = planOf({}, [evidenceOf(1, merge(...VLAN_120))])
  expect(planAs.text(none, plain, { details: true })).not.toContain('behind')
  expect(behindSection(none)).toBe(false)
  const many = { ...none, evidence: { ...none.evidence, behind: 'too-many' as const } }
  expect(planAs.text(many, plain, { details: true })).toContain(
    'What is behind it. Not read: the plan is for 1 switch.\n',
  )
  expect(planAs.markdown(many)).toContain('What is behind it: Not read: the plan is for 1 switch.\n')
  const offline = planOf({ offline: true }, [evidenceOf(1, merge(...VLAN_120))])
  expect(planAs.text(offline, plain, { details: true })).toContain(
    'What is behind it. Not read: the plan was computed offline.\n',
  )
})

test('more than 50 switches are not asked, and the plan says so', () => {
  const [first] = DEFINITION.targets
  const targets = Array.from({ length: 51 }, (_, n) => ({
    ...first,
    name: `leaf${n + 1}`,
  })) as typeof DEFINITION.targets
  const some = (count: number, behind: boolean) =>
    planOf({ targets: targets.slice(0, count), behind }, [evidenceOf(1, merge(...VLAN_120))])
  expect([some(50, true), some(51, true), some(51, false)].map(({ evidence }) => evidence.behind)).toEqual([
    undefined,
    'too-many',
    undefined,
  ])
})

const EVIL = '\u001b[31m`*_[x](y)|<script>alert(1)</script>\n# heading\u202e'

test('what a switch says is no markup, no escape sequence and no second line', () => {
  const plan = planBehind({
    ports: [{ name: 'Ethernet1', description: EVIL, heard: [{ device: EVIL, port: EVIL }], mlag: { id: EVIL } }],
    unread: [{ what: EVIL, because: EVIL }],
  })
  const text = planAs.text(plan, plain, { width: 2000, details: true })
  const section = text.slice(text.indexOf('What is behind it')).split('\n\n')[0] ?? ''
  expect(section.split('\n')).toHaveLength(3)
  expect(section).toContain('\\u{1b}[31m')
  expect(section).toContain('\\u{202e}')
  expect(section).not.toContain('\u001b')
  const markdown = planAs.markdown(plan)
  expect(markdown).not.toContain('<script>')
  expect(markdown).not.toContain('\n# heading')
  expect(markdown).not.toContain('[x](y)')
  const page = String(behindSection(plan))
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script>')
  expect(page).not.toContain('\u202e')
})

test('a secret in what a switch says is taken out, and a long text is cut', () => {
  const scrub = (text: string) => text.replaceAll('hunter2', '<redacted>')
  const { evidence } = planOf({ scrub }, [
    {
      ...evidenceOf(1, merge(...VLAN_120)),
      behind: { ports: [{ name: 'Ethernet1', description: 'about hunter2' }, { name: 'a b '.repeat(125) }] },
    },
  ])
  expect(evidence.behind).toEqual({
    leaf1: {
      ports: [{ name: 'Ethernet1', description: 'about <redacted>' }, { name: `${'a b '.repeat(50).slice(0, 199)}…` }],
    },
  })
})

test('of very many things the first are shown', () => {
  const vlans = Array.from({ length: 30 }, (_, index) => ({ vlan: index + 1 }))
  const [found] = behindLines(planBehind({ vlans, more: 5 }))
  expect(found?.lines).toHaveLength(17)
  expect(found?.lines.at(-1)).toBe('and 19 more')
})

test('what others have named does not pass for words of ours, and leads nowhere', () => {
  const hostile: BehindSwitch = {
    ports: [
      {
        name: 'Ethernet7',
        description: 'x" · down · 0 hosts · "',
        heard: [{ device: 'core1 · 0 hosts', port: '@net-leads https://evil.example www.evil.example #12 ~~a~~ $x$' }],
        mlag: { id: '7', partner: 'leaf2 • silent' },
        hosts: 900,
      },
    ],
    vlans: [{ vlan: 10, name: 'WEB" · 0 hosts', ports: [], portCount: 0 }],
    neighbors: [{ neighbor: '10.2.2.2', vrf: 'default', description: '" · Idle', state: 'Established' }],
  }
  const plan = planBehind(hostile)
  expect(behindLines(plan)[0]?.lines).toEqual([
    `Ethernet7 "x' . down . 0 hosts . '" · LLDP core1 . 0 hosts @net-leads https://evil.example www.evil.example #12 ~~a~~ $x$ · MLAG 7, partner leaf2 . silent · 900 hosts`,
    `VLAN 10 "WEB' . 0 hosts" · 0 ports`,
    `BGP 10.2.2.2 "' . Idle" · Established`,
  ])
  expect(planAs.markdown(plan)).toContain(
    ' &#64;<!-- -->net-leads https&#58;<!-- -->//evil.example www&#46;<!-- -->evil.example &#35;<!-- -->12 &#126;&#126;a&#126;&#126; &#36;x&#36; · ',
  )
})
