import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT_WORDS } from '../../../../src/eos/config/guard/root-forms.ts'
import { KIND_TABLES, type KindTables, kindOf, kindsBy } from '../../../../src/eos/config/kinds/kind-of.ts'
import { CHANGE_KINDS } from '../../../../src/model/change-kind.ts'
import { labelledLines } from '../texts.ts'

const BY_HAND = labelledLines()

test('lines have the kinds that were given by hand', () => {
  expect(BY_HAND.length).toBeGreaterThan(600)
  const wrong = BY_HAND.filter(({ kind, path, line }) => kindOf(path, line) !== kind)
  expect(
    wrong.map(({ kind, path, line }) => `${kind}: ${[...path, line].join(' > ')} is ${kindOf(path, line)}`),
  ).toEqual([])
})

test('each kind that a table gives is one that a rule may name, and each of these has a line by hand, but for topics that ports share', () => {
  const given = BY_HAND.flatMap(({ kind }) => kind ?? [])
  expect(given.filter((kind) => !CHANGE_KINDS.includes(kind))).toEqual([])
  const without = CHANGE_KINDS.filter((kind) => !given.includes(kind))
  expect(without.filter((kind) => !/^(?:svi|loopback|tunnel|management-port|other-port)\./.test(kind))).toEqual([])
})

test('every root command that the guard knows has a kind', () => {
  const words = [...ROOT_WORDS].toSorted()
  expect(words.length).toBeGreaterThan(90)
  const without = words.filter((word) => {
    const forms = [[], ['x']].map((rest) => kindOf([], [word, ...rest].join(' ')))
    return forms.every((kind) => kind === undefined)
  })
  // Known by their second words alone, each of which has a kind above.
  expect(without).toEqual(SECOND_WORDS)
})

const SECOND_WORDS = [
  'address',
  'application',
  'dynamic',
  'group',
  'interface',
  'ip',
  'ipv6',
  'mac',
  'monitor',
  'router',
  'switch',
  'switchport',
  'system',
]

/** Each table with one alternative of one pattern gone. */
function mutants() {
  return Object.entries(KIND_TABLES).flatMap(([table, kinds]) =>
    Object.entries(kinds as KindTables['root']).flatMap(([kind, sources]) =>
      sources.flatMap((source, at) =>
        alternatives(source).map((left) => {
          const others = sources.flatMap((one, index) => (index === at ? left.sources : [one]))
          return [
            `${table} ${kind} without ${left.without}`,
            { ...KIND_TABLES, [table]: { ...kinds, [kind]: others } },
          ] as const
        }),
      ),
    ),
  )
}

/** A pattern without one of the words that it takes at one place. */
function alternatives(source: string) {
  const words = source.split(' ')
  const choices = words.flatMap((word, at) => (word.includes('|') ? word.split('|').map((one) => ({ at, one })) : []))
  if (choices.length === 0) return [{ without: source, sources: [] }]
  return choices.map(({ at, one }) => {
    const left = (words[at] ?? '')
      .split('|')
      .filter((word) => word !== one)
      .join('|')
    return {
      without: `${one} of ${source}`,
      sources: [words.map((word, index) => (index === at ? left : word)).join(' ')],
    }
  })
}

test('no pattern of a table can be left out unseen', { tags: ['long', 'turn'] }, () => {
  const all = mutants()
  expect(all.length).toBeGreaterThan(300)
  const alive = all.filter(([, tables]) => {
    const read = kindsBy(tables)
    return BY_HAND.every(({ kind, path, line }) => read(path, line) === kind)
  })
  expect(alive.map(([name]) => name)).toEqual([])
})

/** A table of the page, as it must be: a kind, and the commands that have it. */
function rowsOf(kinds: Readonly<Record<string, readonly string[]>>, prefix = '') {
  return Object.entries(kinds)
    .map(
      ([kind, sources]) =>
        `| \`${prefix}${kind}\` | ${sources.map((source) => `\`${source.replaceAll('|', '\\|')}\``).join(', ')} |`,
    )
    .join('\n')
}

test('docs/reference/change-kinds.md shows the tables as they are', () => {
  const page = readFileSync(new URL('../../../../docs/reference/change-kinds.md', import.meta.url), 'utf8')
  expect(page).toContain(rowsOf(KIND_TABLES.root))
  expect(page).toContain(rowsOf(KIND_TABLES.vlan))
  expect(page).toContain(rowsOf(KIND_TABLES.port, '….'))
  expect(page).toContain(rowsOf(KIND_TABLES.vxlan, 'vxlan.'))
  expect(page).toContain(rowsOf(KIND_TABLES.bgp, 'router-bgp.'))
})
