import { describe, expect, test } from 'vitest'
import { type Inventory, parseInventory } from '../../../../src/change/inventory/inventory.ts'
import { type ComplyRules, Excuses, readComplyFile } from '../../../../src/change/plan/comply/comply-file.ts'
import type { LineDifference } from '../../../../src/eos/config/merge.ts'

function rulesOf(text: string): ComplyRules {
  const read = readComplyFile(text, 'comply.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

function inventory(): Inventory {
  const read = parseInventory(
    'defaults: { credentials: a }\ncredentials: { a: { username: a, password: b, simulated: true } }\ndevices:\n  leaf1: { host: 127.0.0.1, port: 1, tags: { role: leaf } }\n  spine1: { host: 127.0.0.1, port: 2, tags: { role: spine } }\n',
    'i',
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const OWNED = 'owner: o, until: 2026-06-30, because: b'

describe('comply.yaml', () => {
  test.each([
    ['another version', 'version: 2\n', '1:10', 'version'],
    [
      'a day that is none',
      'version: 1\nexceptions: [{ section: ntp, owner: o, until: 2026-02-30, because: b }]\n',
      '2:47',
      '',
    ],
    [
      'nobody who answers for it',
      'version: 1\nexceptions: [{ section: ntp, until: 2026-02-20, because: b }]\n',
      '2:14',
      'owner',
    ],
    ['no reason', 'version: 1\nexceptions: [{ section: ntp, until: 2026-02-20, owner: o }]\n', '2:14', 'because'],
    [
      'an exception from whatever there is',
      `version: 1\nexceptions: [{ ${OWNED} }]\n`,
      '2:14',
      'it would excuse whatever there is',
    ],
    ...['*', '**'].map((section): [string, string, string, string] => [
      `an exception from every section by ${section}`,
      `version: 1\nexceptions: [{ section: '${section}', ${OWNED} }]\n`,
      '2:14',
      'it would excuse whatever there is',
    ]),
    [
      'a glob without a word',
      `version: 1\nexceptions: [{ lines: ['*'], ${OWNED} }]\n`,
      '2:24',
      'means whatever there is',
    ],
    ['a selector that is none', `version: 1\nexceptions: [{ on: 'leaf1 and', section: ntp, ${OWNED} }]\n`, '2:20', ''],
    [
      'a list of switches',
      `version: 1\nexceptions: [{ on: '@f', section: ntp, ${OWNED} }]\n`,
      '2:20',
      'is no selector of an exception',
    ],
    ['a word that it does not know', 'version: 1\nsection: []\n', '2:1', 'section'],
    ['a section with a blank', "version: 1\nsections: [{ name: 'a b', lines: [ntp] }]\n", '2:20', ''],
  ])('is refused with %s, at its place', (_, text, place, word) => {
    const read = readComplyFile(text, 'comply.yaml')
    const problems = read.ok ? [] : read.problems
    expect(problems.map(({ at }) => `${at.line}:${at.column}`)).toEqual([place])
    expect(problems[0]?.message).toContain(word)
  })

  test('has sections besides those by kind: the first that has a line counts', () => {
    const { sectionOf } = rulesOf(
      "version: 1\nsections: [{ name: time, lines: ['ntp *', clock *] }, { name: late, lines: ['ntp server *'] }]\n",
    )
    expect(['ntp server 1.1.1.1', 'clock timezone UTC', 'interface Ethernet1', 'frob'].map(sectionOf)).toEqual([
      'time',
      'time',
      'interface',
      'other',
    ])
  })
})

describe('an exception', () => {
  const [leaf, spine] = inventory().devices
  const line = (...place: readonly string[]): LineDifference => ({
    kind: 'extra',
    change: { sign: '-', path: place.slice(0, -1), line: place.at(-1) ?? '' },
  })
  const SECTIONS = [
    { section: 'interface', lines: [line('interface Ethernet1'), line('interface Ethernet1', 'mtu 9000')] },
    { section: 'ntp', lines: [line('ntp server 10.0.0.1'), line('ntp server 10.0.0.2')] },
  ]
  const excused = (text: string, today = '2026-06-30', device = leaf): readonly boolean[] => {
    if (device === undefined) throw new RangeError('no switch')
    const excuses = new Excuses(rulesOf(text).exceptions, today)
    return excuses.judged(device, SECTIONS).flatMap(({ lines }) => lines.map(({ excuse }) => excuse !== undefined))
  }

  test.each([
    ['a section', '{ section: ntp', [false, false, true, true]],
    ['sections by a glob', "{ section: 'n*'", [false, false, true, true]],
    ['one line', "{ lines: ['ntp server 10.0.0.1']", [false, false, true, false]],
    ['lines of a section alone', "{ section: interface, lines: ['ntp *']", [false, false, false, false]],
    ['a block with what is below it', "{ lines: ['interface Ethernet*']", [true, true, false, false]],
    ['a line in a block, not the block', "{ lines: ['interface Ethernet1 > mtu *']", [false, true, false, false]],
    ['its switches alone', '{ on: role:spine, section: ntp', [false, false, false, false]],
    ['switches by their tag', '{ on: role:leaf, section: ntp', [false, false, true, true]],
  ])('is for %s', (_, given, expected) => {
    expect(excused(`version: 1\nexceptions: [${given}, ${OWNED} }]\n`)).toEqual(expected)
  })

  test('counts on its last day, and not on the next', () => {
    const text = `version: 1\nexceptions: [{ section: ntp, ${OWNED} }]\n`
    expect(excused(text, '2026-06-30')).toEqual([false, false, true, true])
    expect(excused(text, '2026-07-01')).toEqual([false, false, false, false])
  })

  test('that is over leaves its lines to the next one', () => {
    const later = '{ section: ntp, owner: p, until: 2026-12-31, because: c }'
    expect(excused(`version: 1\nexceptions: [{ section: ntp, ${OWNED} }, ${later}]\n`, '2026-07-01')).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('is named where it is over or means nothing, once for all switches, and not where its switches were not compared', () => {
    if (leaf === undefined || spine === undefined) throw new RangeError('no switch')
    const { exceptions } = rulesOf(`version: 1
exceptions:
  - { section: ntp, owner: used, until: 2026-06-30, because: b }
  - { section: ntp, owner: over, until: 2026-06-29, because: b }
  - { section: vlan, owner: unused, until: 2026-06-30, because: b }
  - { on: role:spine, section: vlan, owner: elsewhere, until: 2026-06-30, because: b }
`)
    const excuses = new Excuses(exceptions, '2026-06-30')
    excuses.judged(leaf, SECTIONS)
    const idle = () => excuses.idle().map(({ exception, because, lines }) => [exception.owner, because, lines])
    expect(idle()).toEqual([
      ['over', 'expired', 2],
      ['unused', 'unused', 0],
    ])
    excuses.judged(spine, SECTIONS)
    expect(idle()).toEqual([
      ['over', 'expired', 4],
      ['unused', 'unused', 0],
      ['elsewhere', 'unused', 0],
    ])
  })
})
