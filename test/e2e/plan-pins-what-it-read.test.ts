import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { type Lab, openLab, planAt, workflowFor } from '../lab/lab.ts'

const LINES = [
  'snmp-server location {{ device.vars.place }} {{ device.vars.bgp.asn }} {{ device.tags.rack }}',
  "snmp-server contact {{ fabric['spine1'].vars.asn }}{% if 'EDGE' in device.groups %} edge{% endif %}",
  '{% for vlan, name in device.vars.vlans.items() %}vlan {{ vlan }}\n   name {{ name }}\n{% endfor %}',
  '{% if device.vars.banner is defined %}vlan 997{% else %}vlan 998{% endif %}',
  'vlan 999\n   name V{{ device.vars.ntp|length }}',
]

/** The inventory that the plan is made from. */
function inventoryOf({ fabric }: Lab) {
  const [first] = fabric.devices
  const at = (name: string) => `host: 127.0.0.1, port: ${fabric.device(name).http.port}`
  return `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: ${first?.username}, password: ${first?.password}, simulated: true } }
groups:
  DC1:    { vars: { place: hall-one, unread: 1, ntp: [192.0.2.1, 192.0.2.2] }, children: [LEAVES] }
  LEAVES: { vars: { bgp: { asn: 65100, hold: 30 }, vlans: { '101': ONE, '102': TWO } } }
  EDGE:   {}
devices:
  leaf1:  { ${at('leaf1')}, groups: [LEAVES], tags: { role: leaf, mlag: pair1, rack: r1, row: a } }
  leaf2:  { ${at('leaf2')}, groups: [LEAVES], tags: { role: leaf, mlag: pair1, rack: r2 }, vars: { own: 1 } }
  leaf3:  { ${at('leaf3')}, groups: [LEAVES], tags: { role: spare, rack: r3 } }
  spine1: { ${at('spine1')}, tags: { role: spine }, vars: { asn: 65000, other: 1 } }
`
}

/** A lab with a saved plan, and the command line that runs it approved. */
async function plannedLab(...options: readonly string[]) {
  const lab = openLab({ workflow: workflowFor('role:leaf', { lines: LINES }) })
  const before = inventoryOf(lab)
  lab.write('inventory.yaml', before)
  const made = await lab.eosflow('plan workflow.yaml -o a.plan --details', ...options)
  expect(made.err, made.out).not.toContain('✖')
  expect(made.code).toBe(0)
  // Of each leaf place, bgp.asn, the keys of vlans and both names, banner and the length of ntp; of spine1 its asn.
  const read = options.includes('leaf1') ? '8 variables of 2 switches' : '15 variables of 3 switches'
  expect(made.out).toContain(`Made from ${read}\n`)
  const plan = planAt(lab, 'a.plan')
  return { lab, before, plan, line: ['run', 'a.plan', '--approve', plan.digest] }
}

/** `[what is edited, the text, what is written instead, what the refusal says; nothing where the plan holds]` */
type Row = readonly [string, string, string, readonly string[]]

const moved = (what: string, line?: number) =>
  `${what}${line === undefined ? '' : ` (inventory.yaml:${line})`} is no longer what the plan was made from`

const ROWS: readonly Row[] = [
  [
    'a variable of a group that was read',
    'hall-one',
    'hall-two',
    [moved('leaf1: vars.place', 4), moved('leaf2: vars.place', 4)],
  ],
  ['a variable that was not read', 'unread: 1', 'unread: 2', []],
  ['a part of a mapping that was read', 'asn: 65100', 'asn: 65199', [moved('leaf1: vars.bgp.asn', 5)]],
  ['a part of the same mapping that was not', 'hold: 30', 'hold: 60', []],
  ['a new part of that mapping', 'hold: 30', 'hold: 30, bfd: true', []],
  ['the type of a value, not how it prints', 'asn: 65100', "asn: '65100'", [moved('leaf1: vars.bgp.asn', 5)]],
  [
    'a variable that now comes from a stronger place',
    'rack: r2 }, vars: { own: 1 }',
    'rack: r2 }, vars: { place: attic }',
    [moved('leaf2: vars.place', 9)],
  ],
  ['the same value in another place', 'rack: r2 }, vars: { own: 1 }', 'rack: r2 }, vars: { place: hall-one }', []],
  ['a variable that was read and is gone', 'place: hall-one, ', '', [moved('leaf1: vars.place', 4)]],
  ['a variable that was asked for and not there', 'unread: 1', 'banner: hello', [moved('leaf1: vars.banner', 4)]],
  [
    'the order of keys that were gone through',
    "'101': ONE, '102': TWO",
    "'102': TWO, '101': ONE",
    [moved('leaf1: keys(vars.vlans)', 5)],
  ],
  [
    'a key of a mapping that was gone through',
    "'102': TWO",
    "'103': TWO",
    [moved('leaf1: keys(vars.vlans)', 5), moved('leaf1: vars.vlans["102"]', 5)],
  ],
  ['the order of keys that were not', 'asn: 65100, hold: 30', 'hold: 30, asn: 65100', []],
  ['the length of a list that was counted', '192.0.2.1, 192.0.2.2', '192.0.2.1', [moved('leaf1: length(vars.ntp)', 4)]],
  ['an item of a list that was only counted', '192.0.2.2', '192.0.2.9', []],
  ['a tag that was read', 'rack: r1', 'rack: r9', [moved('leaf1: tags.rack')]],
  ['a tag that was not', 'row: a', 'row: b', []],
  ['a tag of the rollout', 'mlag: pair1, rack: r2', 'mlag: pair2, rack: r2', [moved('leaf2: tags.mlag')]],
  [
    'a group that was looked for',
    'groups: [LEAVES], tags: { role: leaf, mlag: pair1, rack: r1',
    'groups: [LEAVES, EDGE], tags: { role: leaf, mlag: pair1, rack: r1',
    [moved('leaf1: groups')],
  ],
  ['a variable of another switch that was read', 'asn: 65000', 'asn: 65001', [moved('spine1: vars.asn', 11)]],
  ['another one of it', 'other: 1', 'other: 2', []],
  ['a group of a switch that is not in the plan', 'groups: [LEAVES], tags: { role: spare', 'tags: { role: spare', []],
  [
    'a switch that fits now',
    'role: spare',
    'role: leaf',
    ['leaf3: `role:leaf` selects it now, and the plan is without it'],
  ],
  ['a new switch that does not', 'devices:\n', 'devices:\n  leaf9: { host: 127.0.0.1, port: 9 }\n', []],
  [
    'a switch that no longer fits',
    'role: leaf, mlag: pair1, rack: r2',
    'role: attic, mlag: pair1, rack: r2',
    ['leaf2: `role:leaf` no longer selects it', moved('leaf2: tags.role')],
  ],
  ['a comment', 'groups:\n', '# the fabric\ngroups:\n', []],
]

describe('[G56] a plan pins what it read of the inventory', () => {
  test.each(everyNthOfLong(6, 'changes of what a plan has read', ROWS))(
    '%s',
    { tags: 'long' },
    async (_what, from, to, said) => {
      const { lab, before, line } = await plannedLab()
      expect(before).toContain(from)
      lab.write('inventory.yaml', before.replace(from, to))
      const { code, out, err } = await lab.eosflow(...line)
      for (const sentence of said) expect(err).toContain(sentence)
      expect(code, err).toBe(said.length === 0 ? 0 : 5)
      if (said.length === 0) expect(lab.printed).not.toContain('no longer')
      if (said.length > 0) expect(out + err).toContain('Plan again and have the new plan approved.')
    },
  )

  test('a switch that is gone, and the place of what is gone', async () => {
    const { lab, before, line } = await plannedLab()
    lab.write('inventory.yaml', before.replace(/^ {2}leaf2:.*\n/m, ''))
    const { err } = await lab.exits(5, ...line)
    expect(err).toContain('leaf2: it is no longer in the inventory')
  })

  const narrowed: readonly (readonly [string, string, string, string, readonly string[]])[] = [
    ['a switch that fits the targets, and not -t', 'leaf1', 'role: spare', 'role: leaf', []],
    [
      'one that fits both',
      'rack:r*',
      'role: spare',
      'role: leaf',
      ['leaf3: `role:leaf` and `rack:r*` selects it now, and the plan is without it'],
    ],
    [
      'one that no longer fits -t',
      'rack:r*',
      'rack: r2',
      'rack: s2',
      ['leaf2: `role:leaf` and `rack:r*` no longer selects it'],
    ],
  ]
  test.each(everyNthOfLong(3, 'plans that are narrowed', narrowed))(
    'narrowed: %s',
    async (_what, only, from, to, said) => {
      const { lab, before, line } = await plannedLab('-t', only)
      lab.write('inventory.yaml', before.replace(from, to))
      const { code, err } = await lab.eosflow(...line)
      for (const sentence of said) expect(err).toContain(sentence)
      expect(code, err).toBe(said.length === 0 ? 0 : 5)
    },
  )

  test('a group that a selector names, of a switch that is still selected', async () => {
    const lab = openLab({ workflow: workflowFor("'group:EDGE or role:leaf'", { lines: ['vlan 998'] }) })
    const before = inventoryOf(lab).replace(
      'groups: [LEAVES], tags: { role: leaf, mlag: pair1, rack: r1',
      'groups: [EDGE], tags: { role: leaf, mlag: pair1, rack: r1',
    )
    lab.write('inventory.yaml', before)
    await lab.ok('plan workflow.yaml -o a.plan')
    const { digest } = planAt(lab, 'a.plan')
    lab.write('inventory.yaml', before.replace('groups: [EDGE]', 'groups: [LEAVES]'))
    const { code, err } = await lab.eosflow(`run a.plan --approve ${digest}`)
    expect([code, err]).toEqual([5, expect.stringContaining(moved('leaf1: groups.EDGE'))])
  })

  test('the digest of the same change does not depend on what was not read', { tags: 'long' }, async () => {
    const { lab, before, plan } = await plannedLab()
    const edits = [
      before,
      before.replace('unread: 1', 'unread: 2').replace('hold: 30', 'hold: 60'),
      before.replace('groups:\n', '# moved down\n\n\ngroups:\n').replace('row: a', 'row: b'),
    ]
    for (const text of edits) {
      lab.write('inventory.yaml', text)
      await lab.eosflow('plan workflow.yaml -o b.plan')
      const again = planAt(lab, 'b.plan')
      expect(again.digest).toBe(plan.digest)
    }
    lab.write('inventory.yaml', before.replace('asn: 65100', 'asn: 65101'))
    await lab.eosflow('plan workflow.yaml -o b.plan')
    expect(planAt(lab, 'b.plan').digest).not.toBe(plan.digest)
  })

  test('a plan holds HMACs of what it read, and no value', async () => {
    const { plan } = await plannedLab()
    const read = Object.entries(plan.content.inventory.read.leaf1 as Record<string, string>)
    expect(read.map(([name]) => name)).toEqual([
      'groups',
      'keys(vars.vlans)',
      'length(vars.ntp)',
      'tags.mlag',
      'tags.rack',
      'tags.role',
      'vars.banner',
      'vars.bgp.asn',
      'vars.place',
      'vars.vlans["101"]',
      'vars.vlans["102"]',
    ])
    for (const [, sealed] of read) expect(sealed).toMatch(/^hmac:[0-9a-f]{64}$/)
    // The same datum of two switches has two: it says nothing to compare them.
    expect(plan.content.inventory.read.leaf2['vars.place']).not.toBe(plan.content.inventory.read.leaf1['vars.place'])
    expect(plan.evidence.readAt.leaf1['vars.place']).toBe('inventory.yaml:4')
  })
})
