import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiffLine, Plan } from '../../src/change/plan/plan.ts'
import { groupBySkeleton } from '../../src/report/plan/group-lines.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { colored, plain } from '../../src/report/text/text.ts'
import { planOf } from '../change/plan/material.ts'
import { inProcess } from '../lab/lab.ts'

/** The changes of each switch, read back from a plan as it is printed, by its layout alone. */
type Expanded = ReadonlyMap<string, readonly DiffLine[]>

/** What ends the head of a group. */
const SIZE = / +(?:\+\d+ -\d+|\(no change\))$/

/** Reads the groups of `planText`. */
function expandedText(text: string): Expanded {
  const found = new Map<string, readonly DiffLine[]>()
  for (const block of text.split('\n\n').filter((one) => /^[A-Z] ─ /.test(one))) {
    const lines = block.split('\n')
    const ended = lines.findIndex((line) => SIZE.test(line))
    const head = lines
      .slice(0, ended + 1)
      .map((line) => line.trim())
      .join(' ')
    const names = head
      .replace(/^[A-Z] ─ \d+ switch(?:es)?: /, '')
      .replace(SIZE, '')
      .split(' ')
    const body = lines.slice(ended + 1)
    const values = tablesIn(body.filter((line) => line.startsWith('  │ ')).map((line) => line.slice(4)))
    const diff = body.filter((line) => !line.startsWith('  │ ')).map((line) => line.slice(2))
    for (const name of names) found.set(name, filled(linesOf(name, names, diff), values.get(name)))
  }
  return found
}

/** The lines that a switch has: one that ends with a bar and some switches of the group is for those only. */
function linesOf(name: string, names: readonly string[], diff: readonly string[]) {
  const bars = diff.filter((line) => line.includes('│'))
  const isInline = bars.length > 0 && bars.every((line) => switchesOf(line).some((one) => names.includes(one)))
  if (!isInline) return diff
  return diff.flatMap((line) => {
    if (!line.includes('│')) return [line]
    return switchesOf(line).includes(name) ? [line.slice(0, line.indexOf('│')).trimEnd()] : []
  })
}

const switchesOf = (line: string) => line.slice(line.indexOf('│') + 2).split(' ')

/** Reads the groups of `planMarkdown`. */
function expandedMarkdown(text: string): Expanded {
  const found = new Map<string, readonly DiffLine[]>()
  for (const [, title = ''] of text.matchAll(/^\*\*No change\*\* on (.*)$/gm)) {
    for (const name of namesIn(title)) found.set(name, [])
  }
  for (const [, title = '', diff = '', tables = ''] of text.matchAll(
    /^<details open><summary>(.*) \(\+\d+ -\d+\)<\/summary>\n\n```diff\n([\s\S]*?)\n```\n\n([\s\S]*?)<\/details>$/gm,
  )) {
    const rows = tables.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    const cells = rows.map((row) => row.slice(2, -2).split(' | ').map(plainText))
    const marks = cells[0]?.slice(0, -1) ?? []
    const values = new Map<string, Map<string, string>>()
    for (const row of cells.slice(1)) {
      for (const name of row.at(-1)?.split(' ') ?? [])
        values.set(name, new Map(marks.map((mark, n) => [mark, row[n] ?? ''])))
    }
    for (const name of namesIn(title)) found.set(name, filled(diff.split('\n'), values.get(name)))
  }
  return found
}

const plainText = (cell: string) => cell.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

const namesIn = (title: string) =>
  plainText(title)
    .replace(/^\d+ switch(?:es)?: /, '')
    .split(', ')

/** Tables by fixed columns: a header with the marks and `switches`, then the rows; a row without values goes on with the names of the last. */
function tablesIn(rows: readonly string[]): ReadonlyMap<string, Map<string, string>> {
  const values = new Map<string, Map<string, string>>()
  let columns: { mark: string; from: number; to: number }[] = []
  let names = 0
  let row = new Map<string, string>()
  for (const line of rows) {
    const marks = [...line.matchAll(/\{\d+\}/g)]
    if (/^(?:\{\d+\} +)+switches$/.test(line)) {
      names = line.indexOf('switches')
      columns = marks.map((match, n) => ({ mark: match[0], from: match.index, to: marks[n + 1]?.index ?? names }))
      continue
    }
    const letters = [...line]
    const cut = (from: number, to?: number) => letters.slice(from, to).join('')
    if (cut(0, names).trim() !== '')
      row = new Map(columns.map(({ mark, from, to }) => [mark, cut(from, to - 2).trimEnd()]))
    for (const name of cut(names).split(' ')) values.set(name, new Map([...(values.get(name) ?? []), ...row]))
  }
  return values
}

function filled(lines: readonly string[], values: ReadonlyMap<string, string> = new Map()): readonly DiffLine[] {
  return lines.flatMap((line) => {
    const sign = line.slice(0, 1)
    if (sign === '?') return []
    if (sign !== '+' && sign !== '-' && sign !== ' ') throw new Error(`no sign: ${line}`)
    const text = line.slice(2).replace(/\{\d+\}/g, (mark) => values.get(mark) ?? mark)
    return [{ sign, text }]
  })
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** `+ vlan 140` and the like as a diff. */
const diffOf = (...lines: readonly string[]): readonly DiffLine[] =>
  lines.map((line) => ({ sign: line.charAt(0) as DiffLine['sign'], text: line.slice(2) }))

/** A plan in which these switches change so. */
function planFor(changes: Readonly<Record<string, readonly DiffLine[]>>): Plan {
  const plan = planOf({})
  const [device] = plan.content.devices
  if (device === undefined) throw new Error('the material has no switch')
  const devices = Object.entries(changes).map(([name, diff]) => ({ ...device, name, diff }))
  return { ...plan, content: { ...plan.content, devices } }
}

const expandedAs = (plan: Plan): Expanded => new Map(plan.content.devices.map(({ name, diff }) => [name, diff]))

const tenant = (asn: string, loopback: string) =>
  diffOf('+ vlan 140', '+    name PROD', `  router bgp ${asn}`, '+    vlan 140', `+       rd ${loopback}:10140`)

describe('the groups of a plan', () => {
  test('[3N7] are by skeleton: of up to four switches the values that differ are in their lines, with the switches that have them', () => {
    const plan = planFor({
      leaf1: tenant('65101', '10.0.250.11'),
      leaf2: tenant('65101', '10.0.250.12'),
      leaf3: tenant('65102', '10.0.250.13'),
      leaf5: tenant('65102', '10.0.250.15'),
      leaf4: diffOf(),
    })
    expect(planAs.text(plan, plain).split('\n\n').slice(-3, -1).join('\n\n')).toBe(
      [
        'A ─ 4 switches: leaf1 leaf2 leaf3 leaf5   +4 -0',
        '  + vlan 140',
        '  +    name PROD',
        '    router bgp 65101            │ leaf1 leaf2',
        '    router bgp 65102            │ leaf3 leaf5',
        '  +    vlan 140',
        '  +       rd 10.0.250.11:10140  │ leaf1',
        '  +       rd 10.0.250.12:10140  │ leaf2',
        '  +       rd 10.0.250.13:10140  │ leaf3',
        '  +       rd 10.0.250.15:10140  │ leaf5',
        '',
        'B ─ 1 switch: leaf4   (no change)',
      ].join('\n'),
    )
  })

  const five = {
    leaf1: tenant('65101', '10.0.250.11'),
    leaf2: tenant('65101', '10.0.250.12'),
    leaf3: tenant('65102', '10.0.250.13'),
    leaf4: tenant('65102', '10.0.250.14'),
    leaf5: tenant('65103', '10.0.250.15'),
  }

  test('[U11] of five they are marked and listed, once for switches that have the same', () => {
    expect(planAs.text(planFor(five), plain).split('\n\n').at(-2)).toBe(
      [
        'A ─ 5 switches: leaf1 leaf2 leaf3 leaf4 leaf5   +4 -0',
        '  + vlan 140',
        '  +    name PROD',
        '    router bgp {1}',
        '  +    vlan 140',
        '  +       rd {2}',
        '  │ {1}    {2}                switches',
        '  │ 65101  10.0.250.11:10140  leaf1',
        '  │ 65101  10.0.250.12:10140  leaf2',
        '  │ 65102  10.0.250.13:10140  leaf3',
        '  │ 65102  10.0.250.14:10140  leaf4',
        '  │ 65103  10.0.250.15:10140  leaf5',
      ].join('\n'),
    )
  })

  test.each<[string, readonly string[], number]>([
    ['that would be wider than the screen', ['+    description x', `+    description ${'y'.repeat(70)}`], 80],
    ['that hold what parts a line from its switches', ['+    description x  │ leaf2', '+    description y'], 80],
    ['that end with a blank', ['+    description x ', '+    description y'], 80],
  ])('of two have a table, too, if there are lines %s', (_, [one = '', other = ''], width) => {
    const plan = planFor({ leaf1: diffOf(one), leaf2: diffOf(other) })
    const text = planAs.text(plan, plain, { width })
    expect(text).toContain('  +    description {1}\n  │ {1}')
  })

  test('of more than a thousand switches with the same change the first ten are named, in the waves too', () => {
    const names = (many: number) => Array.from({ length: many }, (_, index) => `leaf${index + 1}`)
    const planned = (many: number) => {
      const plan = planFor(Object.fromEntries(names(many).map((name) => [name, diffOf('+ vlan 140')])))
      const text = planAs.text({ ...plan, content: { ...plan.content, waves: [names(many)] } }, plain, {
        width: 10_000,
      })
      return text.split('\n').filter((line) => line.startsWith('Waves:') || line.startsWith('A ─'))
    }
    expect(planned(1000)).toEqual([
      `Waves: ${names(1000).join(',')} +1000 -0`,
      `A ─ 1000 switches: ${names(1000).join(' ')}   +1 -0`,
    ])
    expect(planned(1001)).toEqual([
      'Waves: leaf1,leaf2,leaf3,leaf4,leaf5,leaf6,leaf7,leaf8,leaf9,leaf10 and 991 more +1001 -0 (`eosflow show --json` names all)',
      'A ─ 1001 switches: leaf1 leaf2 leaf3 leaf4 leaf5 leaf6 leaf7 leaf8 leaf9 leaf10 and 991 more   +1 -0',
    ])
  })

  test.each<[string, string, string, string[][]]>([
    ['another address', '+ ip address 10.0.0.1/31', '+ ip address 10.0.0.3/31', [['leaf1', 'leaf2']]],
    ['another IPv6 address', '+ ipv6 address fd00::1/64', '+ ipv6 address 2001:db8::1/64', [['leaf1', 'leaf2']]],
    ['another MAC address', '+ mac 001c.7300.00aa', '+ mac abcd.7300.00aa', [['leaf1', 'leaf2']]],
    ['another description', '+    description to spine', '+    description host of team A', [['leaf1', 'leaf2']]],
    ['another name', '+    name PROD', '+    name TEST', [['leaf1', 'leaf2']]],
    ['another port', '  interface Ethernet1', '  interface Ethernet2/1', [['leaf1', 'leaf2']]],
    ['a port-channel in place of a port', '  interface Ethernet1', '  interface Port-Channel1', [['leaf1'], ['leaf2']]],
    ['another keyword', '+    10 permit 10.0.0.0/24', '+    10 deny 10.0.0.0/24', [['leaf1'], ['leaf2']]],
    ['one more keyword', '+    shutdown', '+    no shutdown', [['leaf1'], ['leaf2']]],
    ['the other sign', '+ vlan 10', '- vlan 10', [['leaf1'], ['leaf2']]],
    ['a text that looks like what a value becomes', '+ vlan 10', '+ vlan value', [['leaf1'], ['leaf2']]],
  ])('%s: %s and %s', (_name, one, other, groups) => {
    const plan = planFor({ leaf1: diffOf(one), leaf2: diffOf(other) })
    expect(groupBySkeleton(plan).map(({ devices }) => devices)).toEqual(groups)
    expect(expandedText(planAs.text(plan, plain))).toEqual(expandedAs(plan))
  })

  test('a line that holds a mark by itself does not pass for a value', () => {
    const line = (n: number) => diffOf('+    description {1} and {3}', `+ vlan ${n}`, `+ vlan 9${n}`)
    const plan = planFor({ leaf1: line(1), leaf2: line(2) })
    expect(groupBySkeleton(plan)[0]?.values.map(({ mark }) => mark)).toEqual(['{2}', '{4}'])
    expect(expandedText(planAs.text(plan, plain))).toEqual(expandedAs(plan))
  })

  test('[N7] a thousand switches fit 80 columns, names and all', () => {
    const names = Array.from({ length: 1000 }, (_, n) => `leaf${n}`)
    const plan = planFor(Object.fromEntries(names.map((name, n) => [name, tenant(`${65000 + (n % 3)}`, '10.0.0.1')])))
    const text = planAs.text(plan, plain)
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(text.split('\n').length).toBeGreaterThan(100)
    expect(expandedText(text)).toEqual(expandedAs(plan))
  })
})

/** Lines of a diff as switches have them, values and all, and some that look like our own layout. */
const value = fc.constantFrom(
  '10',
  '110,120',
  '10.0.0.1/31',
  'fd00::1',
  '65101:10',
  'leaf7',
  'x',
  '{1}',
  '-5',
  '+',
  '│',
)
const command = fc.constantFrom('vlan', 'interface Ethernet1', 'rd', 'description', 'no shutdown', 'A ─', 'name', '?')
const line: fc.Arbitrary<DiffLine> = fc
  .tuple(
    fc.constantFrom<DiffLine['sign']>('+', '-', ' '),
    fc.constantFrom('', '   '),
    command,
    fc.array(value, { maxLength: 3 }),
  )
  .map(([sign, margin, word, values]) => ({ sign, text: `${margin}${[word, ...values].join(' ')}` }))
/** Changes that share their skeletons often: each switch has one of three, with some words put in place of others. */
const changes = fc
  .tuple(fc.array(fc.array(line, { maxLength: 6 }), { minLength: 3, maxLength: 3 }), fc.infiniteStream(value))
  .chain(([bodies, others]) =>
    fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 12 }).map((picks) =>
      Object.fromEntries(
        picks.map((pick, n): [string, readonly DiffLine[]] => [
          `switch-with-a-long-name-${n}`,
          (bodies[pick] ?? []).map(({ sign, text }) => ({
            sign,
            text: text.replace(/10|leaf7|65101:10/g, (was) => (n % 3 === 0 ? was : String(others.next().value))),
          })),
        ]),
      ),
    ),
  )

describe('no line is lost', () => {
  test('[U11] of generated plans: the printed groups, read by machine, give back each switch', {
    tags: 'long',
  }, () => {
    let shared = 0
    fc.assert(
      fc.property(changes, fc.constantFrom(60, 80, 120), (given, width) => {
        const plan = planFor(given)
        shared += groupBySkeleton(plan).filter(({ values }) => values.length > 0).length
        expect(expandedText(planAs.text(plan, plain, { width }))).toEqual(expandedAs(plan))
        expect(expandedMarkdown(planAs.markdown(plan))).toEqual(expandedAs(plan))
      }),
      { seed: 20_260_105, numRuns: 400 },
    )
    expect(shared).toBeGreaterThan(150)
  })

  test.each<[string, readonly string[], number]>([
    ['add-vlan', ['vlan=140', 'label=PROD-CACHE', 'trunks=[Port-Channel1]'], 1],
    ['add-bgp-peer', ['loopbacks=[10.0.250.11, 10.0.250.13]', 'asns=[65101, 65102]'], 1],
    [
      'add-evpn-tenant',
      ['tenant=OFFICE', 'vni=50003', 'vlans=[150, 151]', 'gateways=[10.10.150.1/24, 10.10.151.1/24]'],
      1,
    ],
    ['change-acl', ['acl=ACL-SSH', 'add=[30 permit 203.0.113.0/24]', 'remove=[20]'], 0],
    ['drain-spine', ['spine=spine1'], 0],
    ['turn-up-port', ['leaves=[leaf1]', 'port=Ethernet25', 'label=HOST_web01', 'vlans=110'], 0],
  ])('of the bundled workflow %s', async (name, params, groups) => {
    const flags = params.flatMap((param) => ['-p', param])
    const argv = ['plan', `workflows/${name}.yaml`, ...flags, '--offline', 'fixtures/dc1', '--json']
    const { stdout, stderr } = await inProcess(argv, ROOT)
    expect(stderr).toBe('')
    const { plan } = JSON.parse(stdout) as { plan: Plan }
    expect(plan.content.devices.flatMap(({ diff }) => diff).length).toBeGreaterThan(0)
    expect(groupBySkeleton(plan).filter(({ values }) => values.length > 0)).toHaveLength(groups)
    expect(expandedText(planAs.text(plan, plain))).toEqual(expandedAs(plan))
    expect(expandedMarkdown(planAs.markdown(plan))).toEqual(expandedAs(plan))
  })
})

describe('changed words', () => {
  const marked = (...lines: readonly string[]) =>
    planAs
      .text(planFor({ leaf1: diffOf(...lines) }), plain)
      .split('\n\n')
      .at(-2)
      ?.split('\n')
      .slice(1)

  test('are marked below the line that has them', () => {
    expect(
      marked('-    switchport trunk allowed vlan 110-112,120', '+    switchport trunk allowed vlan 110-112,120,140'),
    ).toEqual([
      '  -    switchport trunk allowed vlan 110-112,120',
      '  +    switchport trunk allowed vlan 110-112,120,140',
      '  ?                                             ^^^^',
    ])
  })

  test('that are gone are marked below the line that had them', () => {
    expect(marked('- ntp server 10.0.0.1 prefer', '+ ntp server 10.0.0.1')).toEqual([
      '  - ntp server 10.0.0.1 prefer',
      '  ?                     ^^^^^^',
      '  + ntp server 10.0.0.1',
    ])
  })

  test('of lines that have little in common are not', () => {
    const lines = ['- snmp-server contact noc', '+ ntp server 10.0.0.1', '+    ntp server 10.0.0.1']
    expect(marked(...lines)).toEqual(lines.map((line) => `  ${line}`))
  })

  test('that are values of a table are not marked: the table says them', () => {
    const trunk = (list: string) =>
      diffOf(`-    switchport trunk allowed vlan ${list}`, `+    switchport trunk allowed vlan ${list},140`)
    const many = planFor(Object.fromEntries([10, 20, 30, 40, 50].map((list) => [`leaf${list}`, trunk(`${list}`)])))
    expect(planAs.text(many, plain)).toContain('+    switchport trunk allowed vlan {2}\n')
    expect(planAs.text(many, plain)).not.toContain('^')
    const two = planAs.text(planFor({ leaf1: trunk('10'), leaf2: trunk('20') }), plain)
    expect(two.split('\n\n').at(-2)?.split('\n').slice(1)).toEqual([
      '  -    switchport trunk allowed vlan 10      │ leaf1',
      '  -    switchport trunk allowed vlan 20      │ leaf2',
      '  +    switchport trunk allowed vlan 10,140  │ leaf1',
      '  ?                                    ^^^^',
      '  +    switchport trunk allowed vlan 20,140  │ leaf2',
      '  ?                                    ^^^^',
    ])
  })

  test('are looked for between lines of the same switches only', () => {
    const text = planAs.text(
      planFor({
        leaf1: diffOf('-    mtu 1500', '+    mtu 9214'),
        leaf2: diffOf('-    mtu 1500', '+    mtu 9100'),
      }),
      plain,
    )
    expect(text.split('\n\n').at(-2)?.split('\n').slice(1)).toEqual([
      '  -    mtu 1500',
      '  +    mtu 9214  │ leaf1',
      '  +    mtu 9100  │ leaf2',
    ])
  })

  test('are painted at a terminal', () => {
    const text = planAs.text(planFor({ leaf1: diffOf('-    mtu 1500', '+    mtu 9214') }), colored)
    expect(text).toContain('\u001b[31m-    mtu \u001b[0m\u001b[1m\u001b[31m1500\u001b[0m\u001b[0m\n')
    expect(text).toContain('\u001b[32m+    mtu \u001b[0m\u001b[1m\u001b[32m9214\u001b[0m\u001b[0m\n')
  })

  test('in Markdown, too', () => {
    const text = planAs.markdown(planFor({ leaf1: diffOf('-    mtu 1500', '+    mtu 9214') }))
    expect(text).toContain('-    mtu 1500\n+    mtu 9214\n?        ^^^^\n')
  })
})
