import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carries } from '../../../src/change/plan/carries.ts'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { diffConfig } from '../../../src/eos/config/diff/diff.ts'
import { mergeConfig } from '../../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { extentOfLong } from '../../extent.ts'
import { partOf } from '../../lab/part-of.ts'
import { table } from '../../table.ts'
import { BASE, planOn } from './material.ts'

/** Lines that somebody types. */
type Typed = readonly string[]

/** What is approved. */
const CHANGES = table`
  interface Ethernet2                             switchport access vlan 120
  interface Ethernet2                             description changed
  interface Ethernet1                             description changed
  interface Ethernet1                             ip access-group OTHER in
  interface Ethernet7                             description member
  vlan 120                                        name RENAMED
  vlan 140                                        name ADDED  interface Ethernet3  switchport access vlan 140
  interface Port-Channel7                         switchport trunk allowed vlan add 120
  interface Vlan130                               description gateway
  router bgp 65001                                neighbor 10.0.0.0 description spine1
  router bgp 65001                                neighbor 10.0.0.0 route-map RM-OTHER out
  route-map RM-IN permit 10                       set local-preference 200
  route-map RM-OTHER permit 10                    set local-preference 200
  ip prefix-list PL-IN seq 20 permit 10.1.0.0/16
  ip access-list OTHER                            20 deny ip any any
  ip route vrf PROD 10.8.0.0/16 10.0.0.0
  vrf instance PROD                               rd 65001:1
`

/** What a colleague types meanwhile. */
const EDITS = table`
  interface Ethernet8                             description used
  interface Ethernet8                             switchport access vlan 120
  interface Ethernet8                             channel-group 7 mode active
  interface Ethernet3                             description host C
  interface Ethernet2                             description host C
  interface Ethernet1                             mtu 9000
  interface Port-Channel7                         description bundle
  no interface Loopback0
  vlan 110                                        name WEB
  vlan 120                                        name OTHER-NAME
  no vlan 120
  vlan 125                                        name NEW
  interface Vlan130                               ip address 10.130.0.9/24
  ip access-list EDGE                             5 deny tcp any any
  ip access-list OTHER                            5 deny tcp any any
  ip prefix-list PL-IN seq 5 deny 10.9.0.0/16
  ip prefix-list PL-OTHER seq 5 deny 10.9.0.0/16
  route-map RM-IN permit 10                       set metric 5
  route-map RM-OTHER permit 10                    set metric 5
  vrf instance PROD                               rd 65001:9
  vrf instance NEW
  router bgp 65001                                router-id 10.255.0.1
  ip route 10.9.0.0/16 10.0.0.0
  username eve privilege 15 nopassword
  aaa authorization exec default none
  management ssh                                  idle-timeout 5
  interface Management1                           mtu 1400
  ip route vrf MGMT 10.0.0.0/8 192.0.2.253
  hostname other
  no ip routing vrf PROD
  ntp server 192.0.2.2
`

/** What a colleague types that touches no traffic. */
const QUIET: readonly Typed[] = table`
  interface Ethernet8      description used
  interface Ethernet8      no description
  interface Ethernet7      description member of 7
  interface Ethernet3      description host C
  interface Ethernet1      description to spine9
  interface Loopback0      description router id
  interface Port-Channel7  description bundle
  interface Vlan130        description gateway of B
  interface Management1    description out of band
  vlan 110                 name WEB
  vlan 120                 name TENANT-X
  vlan 130                 no name
`

/** How the rows of a base are altered, as nobody types it. */
const ALTERATIONS = ['swap', 'drop', 'double', 'move', 'word'] as const

/** A text whose nth row that says something is altered, one alteration behind the other. */
function altered(text: string, all: readonly (readonly [(typeof ALTERATIONS)[number], number])[]) {
  return all.reduce((present, [how, nth]) => {
    const rows = present.split('\n')
    const places = rows.flatMap((row, at) => (/[^\s!]/.test(row) && row !== 'end' ? [at] : []))
    const at = places[nth % places.length] ?? 0
    const row = rows[at] ?? ''
    const beside = places.find((place) => place > at && indentOf(rows[place]) === indentOf(row)) ?? at
    if (how === 'swap') [rows[at], rows[beside]] = [rows[beside] ?? '', row]
    if (how === 'drop') rows.splice(at, 1)
    if (how === 'double') rows.splice(at, 0, row)
    if (how === 'move') rows.splice(at, 0, ...rows.splice(beside, 1))
    if (how === 'word') rows[at] = row.replace(/\S+$/, (word) => `${word}x`)
    return rows.join('\n')
  }, text)
}

const indentOf = (row = '') => row.length - row.trimStart().length

const isOfBgp = ([head = '']: Typed) => head.startsWith('router bgp')

/** Some of them, typed one after another. Those of BGP are the last ones: a VLAN is another one there. */
const some = (typed: readonly Typed[], maxLength: number) =>
  fc
    .uniqueArray(fc.constantFrom(...typed), { minLength: 1, maxLength })
    .map((parts) => parts.toSorted((a, b) => Number(isOfBgp(a)) - Number(isOfBgp(b))).flat())

const typedInto = (base: string, lines: readonly string[]) =>
  renderConfig(mergeConfig(parseConfig(base), lines, { version: '4.32.2F' }))

/** A seal takes most of the time, and says nothing of what is judged here. */
const UNSEALED = partOf<Partial<PlanDefinition>>({ sealing: undefined })

const approved = new Map<string, Plan>()

/** The plan of a change on `BASE`, made once. */
function approvedFor(lines: readonly string[]) {
  const key = lines.join('\n')
  const plan = approved.get(key) ?? planOn(BASE, lines, UNSEALED)
  approved.set(key, plan)
  return plan
}

/** The rows of a configuration in their order, each behind the rows that it is under: by the indentation, without the code under test. */
function rowsOf(text: string) {
  let path: string[] = []
  return text
    .split('\n')
    .filter((row) => /[^\s!]/.test(row))
    .map((row) => {
      path = [...path.slice(0, (row.length - row.trimStart().length) / 3), row.trim()]
      return path.join(' / ')
    })
}

const QUIET_ROW = /^(?:interface [A-Z]\S+ \/ description .+|vlan \d+ \/ name \S+)$/

/** What a base has in its order, but for the text of quiet rows. */
const loudOf = (rows: readonly string[]) => rows.filter((row) => !QUIET_ROW.test(row))

/** The same with the rows of VLANs as a set: as a switch takes them, which prints them by their numbers. */
const withVlanSet = (rows: readonly string[]) => {
  const isVlan = (row: string) => /^vlan \d/.test(row)
  return JSON.stringify([[...new Set(rows.filter(isVlan))].toSorted(), rows.filter((row) => !isVlan(row))])
}

/** The blocks of which a row is another, or elsewhere. */
function otherBlocks(was: readonly string[], is: readonly string[]) {
  const rootOf = (row: string) => row.split(' / ')[0] ?? ''
  const of = (rows: readonly string[], root: string) => rows.filter((row) => rootOf(row) === root).join('\n')
  return new Set([...was, ...is].map(rootOf).filter((root) => of(was, root) !== of(is, root)))
}

/** What a change makes of a base, in no order. */
const madeOf = (base: string, lines: readonly string[]) =>
  diffConfig(parseConfig(base), parseConfig(typedInto(base, lines)))
    .changes.map(({ sign, path, line }) => [sign, ...path, line].join('|'))
    .toSorted()

const ROWS = rowsOf(BASE)
const LOUD = loudOf(ROWS)

const ofBase = new Map<string, readonly string[]>()

function madeOfBase(lines: readonly string[]) {
  const key = lines.join('\n')
  const made = ofBase.get(key) ?? madeOf(BASE, lines)
  ofBase.set(key, made)
  return made
}

/** The plan that is made again; undefined where the switch refuses the lines on what it runs now. */
function planned(base: string, lines: readonly string[]) {
  try {
    return planOn(base, lines, UNSEALED)
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'refused') return undefined
    throw error
  }
}

test('[G59] [3A1] of any base and any approved change, an approval carries exactly where quiet lines of untouched blocks are all that differs', {
  tags: 'long',
  timeout: 7_200_000,
}, () => {
  const count = { carried: 0, refused: 0, unplanned: 0, either: 0 }
  const edits = fc.oneof(some(EDITS, 3), some(QUIET, 4), some([...EDITS, ...QUIET], 4))
  const pairs = fc.record({
    edit: edits,
    alterations: fc.array(fc.tuple(fc.constantFrom(...ALTERATIONS), fc.nat(200)), { maxLength: 2 }),
    isAltered: fc.boolean(),
    change: some(CHANGES, 2),
  })
  fc.assert(
    fc.property(pairs, ({ edit, alterations, isAltered, change }) => {
      const typed = typedInto(BASE, edit)
      const base = isAltered ? altered(typed, alterations) : typed
      const made = planned(base, change)
      if (made === undefined) {
        count.unplanned += 1
        return
      }
      const { obstacles, differences } = carries(approvedFor(change), made)
      const [was, is] = [ROWS, rowsOf(base)]
      const others = otherBlocks(was, is)
      const own = madeOfBase(change)
      const isTouched = own.some((row) => others.has(row.split('|')[1] ?? ''))
      // What differs in no line, as in a separator, is told by the digest of the base alone.
      const isSeen = others.size > 0 || base === BASE
      const isInOrder = JSON.stringify(LOUD) === JSON.stringify(loudOf(is))
      // No switch prints a VLAN twice or out of order: such a text has the same VLANs, and may carry or be asked about again, if the rest is equal.
      const isEither = !isInOrder && withVlanSet(LOUD) === withVlanSet(loudOf(is))
      count.either += Number(isEither)
      const isQuiet = isSeen && (isInOrder || (isEither && obstacles.length === 0))
      const expected = isQuiet && !isTouched && JSON.stringify(own) === JSON.stringify(madeOf(base, change))
      expect(obstacles.length === 0, obstacles.join('; ')).toBe(expected)
      count[expected ? 'carried' : 'refused'] += 1
      if (!expected) return
      expect(new Set(differences.map(({ block }) => block))).toEqual(others)
      const named = differences.map(({ block, lines: [line = ''] }) => [line[0], `${block} / ${line.slice(1)}`])
      expect(named.filter(([, row = '']) => !QUIET_ROW.test(row))).toEqual([])
      const gone = was.filter((row) => !is.includes(row)).map((row) => ['-', row])
      const come = is.filter((row) => !was.includes(row)).map((row) => ['+', row])
      expect(named).toEqual(expect.arrayContaining([...gone, ...come]))
    }),
    { numRuns: extentOfLong(200, 50_000) },
  )
  const { carried, refused, unplanned, either } = count
  process.stdout.write(`carried ${carried}, refused ${refused}, refused by the switch ${unplanned}; either ${either}\n`)
  expect(count.carried).toBeGreaterThan(extentOfLong(20, 5_000))
  expect(count.refused).toBeGreaterThan(extentOfLong(60, 20_000))
  // The verdict of nearly all is told without looking at it.
  expect(count.either).toBeLessThan(extentOfLong(10, 1_000))
})
