import { describe, expect, test } from 'vitest'
import { lineAt, placeOf } from '../../src/config/placed-lines.ts'
import { compared } from '../../src/plan/comparison.ts'
import { foreignRemovals, foreignWords } from '../../src/plan/foreign-lines.ts'
import { type ConfirmedChange, type IntendedLines, intendedAfter } from '../../src/plan/intended.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { offlineEvidence } from '../../src/plan/offline.ts'
import { parsePlan } from '../../src/plan/plan-schema.ts'
import { planAs } from '../../src/report/plan/formats.ts'
import { ownPairs } from '../config/own-texts.ts'
import { shared, wholeConfigs } from '../config/replace-pairs.ts'
import { running } from '../e2e/two-leaves.ts'
import { extent, extentOfLong } from '../extent.ts'
import { foreignMutant, rolls } from './foreign-mutants.ts'
import { DEFINITION, evidenceOf, replace } from './material.ts'

const NOTHING: IntendedLines = { source: { kind: 'none' }, lines: new Set() }
const whole = (text: string, id = 'x0'): ConfirmedChange => ({
  id,
  names: [id],
  mode: 'replace',
  base: '',
  target: text,
})
const foreignIn = (now: string, candidate: string, intended: IntendedLines): readonly (readonly string[])[] => {
  const identity = { serial: 'JPE1', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'DCS-7050' }
  const device = { name: 'leaf1', identity, running: now, startupDiff: '', state: {} }
  const shown = compared({ ...offlineEvidence(device, replace(candidate)), intended })
  return foreignRemovals(shown).map((one) => lineAt(placeOf(one)))
}

describe('what a switch was meant to have', () => {
  const base = running('leaf1', 1)
  const plus = (text: string, line: string): string => text.replace('vlan 110', `${line}\nvlan 110`)
  const merge = (id: string, before: string, after: string, takesBack?: string): ConfirmedChange => ({
    id,
    names: [id],
    mode: 'merge',
    base: before,
    target: after,
    ...(takesBack === undefined ? {} : { takesBack }),
  })
  const has = ({ lines }: IntendedLines, ...path: readonly string[]): boolean => lines.has(JSON.stringify(path))

  test.each([
    ['nothing on record: only what eosflow has put there', [merge('a', base, plus(base, 'vlan 7'))], 'none', true],
    [
      'a whole configuration, and what a merge has added',
      [whole(base), merge('a', base, plus(base, 'vlan 7'))],
      'x0',
      true,
    ],
    [
      'what a merge has added and a rollback has taken off',
      [whole(base), merge('a', base, plus(base, 'vlan 7')), merge('b', plus(base, 'vlan 7'), base, 'a')],
      'x0',
      false,
    ],
    [
      'a foreign line that a rollback brings back stays foreign',
      [whole(base), merge('a', plus(base, 'vlan 7'), base), merge('b', base, plus(base, 'vlan 7'), 'a')],
      'x0',
      false,
    ],
    [
      'an intended line that a rollback brings back is intended again',
      [
        whole(plus(base, 'vlan 7')),
        merge('a', plus(base, 'vlan 7'), base),
        merge('b', base, plus(base, 'vlan 7'), 'a'),
      ],
      'x0',
      true,
    ],
    [
      'a whole configuration that was taken back is intended no longer',
      [whole(base), whole(plus(base, 'vlan 7'), 'x1'), merge('b', plus(base, 'vlan 7'), base, 'x1')],
      'x0',
      false,
    ],
    [
      'a rollback of what is not known brings nothing that has an author',
      [merge('b', base, plus(base, 'vlan 7'), 'gone')],
      'none',
      false,
    ],
  ])('%s', (_, changes, source, isIntended) => {
    const found = intendedAfter(NOTHING, changes)
    expect('id' in found.source ? found.source.id : found.source.kind).toBe(source)
    expect(has(found, 'vlan 7')).toBe(isIntended)
  })
})

describe('a plan with foreign removals', () => {
  const typed = running('leaf1', 1).replace('interface Ethernet2', 'interface Ethernet2\n   shutdown')
  const intended = (text: string): IntendedLines => intendedAfter(NOTHING, [whole(text)])
  const evidence = (known: IntendedLines) => {
    const shown = evidenceOf(1, replace(running('leaf1', 1)))
    return { ...shown, staged: { ...shown.staged, running: typed }, intended: known }
  }

  test('is refused with the lines, and with their number where there are many', () => {
    const many = { ...DEFINITION, targets: DEFINITION.targets.slice(0, 1) }
    expect(() => makePlan(many, [evidence(intended(running('leaf1', 1)))])).toThrow(
      'leaf1: 1 line goes that nobody on record has written (neither execution x0 nor a change since):\n  interface Ethernet2 > shutdown',
    )
    expect(() => makePlan(many, [evidence(NOTHING)])).toThrow(
      'leaf1: 1 line goes, and nobody knows whether anybody wants it: no intended text of this switch is on record',
    )
  })

  test('where they are allowed it says so under its digest, and reads its own file', () => {
    const definition = { ...DEFINITION, targets: DEFINITION.targets.slice(0, 1), allow: ['foreign-removals'] }
    const [silent, told] = [typed, running('leaf1', 1)].map((text) => makePlan(definition, [evidence(intended(text))]))
    expect(silent?.content.devices[0]?.foreign).toBeUndefined()
    expect(told?.content.devices[0]?.foreign).toEqual({
      against: { kind: 'execution', id: 'x0' },
      count: 1,
      lines: [
        { sign: ' ', text: 'interface Ethernet2' },
        { sign: '-', text: '   shutdown' },
      ],
    })
    expect(told?.digest).not.toBe(silent?.digest)
    expect(parsePlan(JSON.stringify(told), 'p.plan')).toMatchObject({ ok: true })
    if (told === undefined) throw new Error('no plan')
    expect(planAs.markdown(told)).toContain(
      '#### ⚠ Lines that nobody declared, and that go\n\nleaf1: 1 line goes that nobody on record has written (neither execution x0 nor a change since).\n\n```diff\n  interface Ethernet2\n-    shutdown\n```\n',
    )
  })

  test('a line with another secret is the same line where the one on record is gone, and foreign beside it', () => {
    const base = running('leaf1', 1)
    const known = intended(base)
    const community = /^snmp-server community .*$/m
    expect(foreignIn(base.replace(community, 'snmp-server community 0ther ro'), base, known)).toEqual([])
    expect(foreignIn(base.replace(community, '$&\nsnmp-server community 0ther ro'), base, known)).toEqual([
      ['snmp-server community 0ther ro'],
    ])
  })

  test('a merge takes away what its author names: nothing of it is foreign', () => {
    expect(foreignWords({ against: { kind: 'far' }, count: 1300 })).toBe(
      '1300 lines go, and nobody knows whether anybody wants them: its last intended text is too many changes ago',
    )
    const shown = evidenceOf(1, { ...replace(running('leaf1', 1)), mode: 'merge' })
    expect(foreignRemovals(compared({ ...shown, intended: NOTHING }))).toEqual([])
  })
})

/** Each mutant of a configuration: its foreign lines are those that were typed, no more and no less. */
function judge(texts: readonly string[], count: number): number {
  let injected = 0
  for (let seed = 1; seed <= count; seed += 1) {
    const roll = rolls(seed)
    const confirmed = texts[Math.floor(roll() * texts.length)] ?? ''
    const mutant = foreignMutant(confirmed, roll)
    const intended = intendedAfter(NOTHING, [whole(confirmed), ...mutant.changes])
    const found = foreignIn(mutant.running, mutant.candidate, intended)
    const sorted = (places: readonly (readonly string[])[]) => places.map((one) => one.join(' > ')).toSorted()
    expect({ seed, acts: mutant.acts, found: sorted(found) }).toEqual({
      seed,
      acts: mutant.acts,
      found: sorted(mutant.foreign),
    })
    injected += mutant.foreign.length
  }
  return injected
}

describe('mutants of whole configurations', () => {
  test('of our own: the typed lines are foreign, and nothing else', () => {
    const texts = ownPairs.map(({ candidate }) => candidate)
    expect(judge(texts, extent(60, 500))).toBeGreaterThan(60)
  })

  test.skipIf(shared === undefined)(
    'recorded intended configurations: all that was injected is foreign, and nothing else (absent: ../shared)',
    { tags: 'cut' },
    () => {
      const texts = wholeConfigs()
        .filter(({ text }) => text.length > 2_000 && text.length < 60_000)
        .map(({ text }) => text)
      expect(texts).toHaveLength(208)
      expect(judge(texts, extent(20, extentOfLong(60, 2_000)))).toBeGreaterThan(15)
    },
  )
})
