import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { ConfigNode, ConfigTree } from '../../../src/eos/config/text/tree.ts'
import { linesOf } from '../../table.ts'
import type { ReplacePair } from './replace-pairs.ts'

const LEAVES = ['mtu 9000', 'no shutdown', 'description x ', 'ip address 10.0.0.1/31', '!! kept', 'exit', 'banner motd']
const ENTRIES = ['permit ip any any', 'deny ip any any', '10 permit tcp any any', 'ip community-list C permit 1:1']
const HEADERS = linesOf(`
  interface Ethernet1
  router bgp 65001
  vrf A
  address-family ipv6
  ip access-list X
`)
const TRIVIA = ['!', '', '! a remark', '   !', '  ']
const BODY = ['', '!', '! no comment', 'interface Ethernet9', '   indented', 'not EOF', 'trailing  ']

const leaf = fc.constantFrom(...LEAVES, ...ENTRIES).map((line) => [line])

const heredoc = fc
  .tuple(
    fc.constantFrom('banner login', 'comment', 'action bash', 'code unit X'),
    fc.array(fc.constantFrom(...BODY), { maxLength: 3 }),
    fc.constantFrom('EOF', '   EOF', '      EOF'),
  )
  .map(([line, body, terminator]) => [line, ...body, terminator])

const certificate = fc.constant(['protocol https certificate', 'CERTIFICATE', 'EOF', 'KEY', 'EOF'])

/** Siblings and their trivia, blocks nested up to `depth`, indented by steps of one to five. */
function siblings(depth: number): fc.Arbitrary<string[]> {
  const items = [leaf, leaf, heredoc, certificate]
  if (depth > 0) items.push(block(depth), block(depth), block(depth))
  const trivia = fc.array(fc.constantFrom(...TRIVIA), { maxLength: 2 })
  return fc.array(fc.tuple(trivia, fc.oneof(...items)), { maxLength: 6 }).map((rows) => rows.flat(2))
}

function block(depth: number): fc.Arbitrary<string[]> {
  return fc
    .tuple(fc.constantFrom(...HEADERS), fc.constantFrom(3, 3, 3, 1, 2, 5), siblings(depth - 1))
    .map(([header, step, rows]) => [header, ...rows.map((row) => (row === '' ? row : ' '.repeat(step) + row))])
}

/** Texts that look like EOS configurations and hold every trap: odd indents, repeated siblings, heredocs, stray `!`. */
export const eosText: fc.Arbitrary<string> = siblings(3).map((rows) => rows.map((row) => `${row}\n`).join(''))

/** Two such texts: unrelated ones, or one and an edit of it row by row. */
export const eosTextPair: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(eosText, eosText),
  fc
    .tuple(eosText, fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'repeat', 'swap', 'new')), { maxLength: 6 }))
    .map(([text, edits]) => [text, edits.reduce((edited, [at, edit]) => edit1(edited, at, edit), text)] as const),
)

function edit1(text: string, at: number, edit: string): string {
  const rows = text.split('\n').slice(0, -1)
  const place = rows.length === 0 ? 0 : at % rows.length
  const row = rows[place] ?? 'mtu 1500'
  const next = rows[place + 1] ?? '!'
  if (edit === 'drop') rows.splice(place, 1)
  else if (edit === 'repeat') rows.splice(place, 0, row)
  else if (edit === 'swap') rows.splice(place, 2, next, row)
  else rows.splice(place, 0, `   new ${at}`)
  return rows.map((line) => `${line}\n`).join('')
}

const root = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** Whole configurations of the project's own: three with what recorded ones are hard to read for, and those of the fabric dc1. */
export const ownConfigs: readonly { readonly name: string; readonly text: string }[] = [
  ...readdirSync(new URL('test/fixtures/configs/', root))
    .toSorted()
    .map((name) => ({ name, text: read(`test/fixtures/configs/${name}`) })),
  ...['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'].map((name) => ({
    name,
    text: read(`fixtures/dc1/${name}/running-config`),
  })),
]

/** The ones that are written as a switch prints them, in the order of its version. */
export const asPrinted = ownConfigs.filter(({ name }) => name !== 'generated.cfg')

/** Edits of whole configurations: one of many kinds, one of the order alone, one that takes the management path away. */
export const ownPairs: readonly ReplacePair[] = readdirSync(new URL('test/fixtures/pairs/', root))
  .toSorted()
  .map((name) => ({
    name,
    running: read(`test/fixtures/pairs/${name}/running.cfg`),
    candidate: read(`test/fixtures/pairs/${name}/candidate.cfg`),
  }))

/**
 * The commands of a configuration, each behind those it stands under, with its text; order and layout do not count,
 * nor does it whether an interface is called `Eth1`, `ethernet1` or, as EOS prints it, `Ethernet1`.
 */
export function commandsIn(tree: ConfigTree): string[] {
  return rows(tree.children, '')
}

function rows(nodes: readonly ConfigNode[], above: string): string[] {
  return nodes.flatMap((node) => {
    const row = `${above}${node.line.replace(/^interface (?:Eth|ethernet)(?=\d)/, 'interface Ethernet')}`
    const text = node.body ? ` ${JSON.stringify(node.body)}` : ''
    return [`${row}${text}`, ...rows(node.children, `${row} > `)]
  })
}

/** The commands that two configurations do not share, as `-command` and `+command`, repeats counted. */
export function differences(before: ConfigTree, after: ConfigTree): string[] {
  const counts = new Map<string, number>()
  for (const row of commandsIn(before)) counts.set(row, (counts.get(row) ?? 0) - 1)
  for (const row of commandsIn(after)) counts.set(row, (counts.get(row) ?? 0) + 1)
  return [...counts].flatMap(([row, count]) =>
    Array.from({ length: Math.abs(count) }, () => `${count < 0 ? '-' : '+'}${row}`),
  )
}

/** Ways in which a switch stores other commands than were entered (docs/eos.md 4). */
const storedOtherwise: readonly (readonly [kind: string, row: RegExp])[] = [
  ['comment text shown as !!', /(^-|> )(comment \[|!! )/],
  ['port that stays as an empty block', /^\+interface (Ethernet|Management)[\d/]+$/],
  ['VLAN list as ranges', /^[-+](.* > switchport trunk allowed vlan |vlan \d)/],
  ['list entry without number', /^[-+](ip|ipv6|mac) access-list \S+ > (\d+ )?(permit|deny|remark) /],
  ['repeated block, one on a switch', /^-.* > address-family ipv6( unicast)?$/],
  ['exit and end, no commands', /^[-+](.* > )?(exit|end)$/],
  ['left by rollback clean-config (docs/eos.md 2.2)', /^\+(no ip routing|spanning-tree mode .*|service routing .*)$/],
]

/** The kind of a difference between what was entered and what a switch stores, undefined for one it does not make. */
export function kindOfDifference(row: string): string | undefined {
  return storedOtherwise.find(([, pattern]) => pattern.test(row))?.[0]
}

/** A line with the kind that somebody gave it by the manual, without the tables; undefined for one of none. */
export interface LabelledLine {
  readonly kind: string | undefined
  readonly path: readonly string[]
  readonly line: string
}

/** The lines of `by-hand.txt`. */
export function labelledLines(): readonly LabelledLine[] {
  let kind = ''
  const rows = readFileSync(new URL('kinds/by-hand.txt', import.meta.url), 'utf8').split('\n')
  return rows.flatMap((row): readonly LabelledLine[] => {
    if (!row.startsWith(' ')) kind = row === '' ? kind : row
    if (!row.startsWith(' ')) return []
    const words = row.trim().split(' > ')
    return [{ kind: kind === 'none' ? undefined : kind, path: words.slice(0, -1), line: words.at(-1) ?? '' }]
  })
}
