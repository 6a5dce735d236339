import { describe, expect, test } from 'vitest'
import { foreignRemovals, foreignWords } from '../../../src/change/plan/foreign-lines.ts'
import { type ConfirmedChange, type IntendedLines, intendedAfter } from '../../../src/change/plan/intended.ts'
import { makePlan } from '../../../src/change/plan/make-plan.ts'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import { parsePlan } from '../../../src/change/plan/plan.ts'
import { compared } from '../../../src/change/plan/seal.ts'
import { lineAt, placeOf } from '../../../src/eos/config/merge.ts'
import { comparableText } from '../../../src/eos/config/vlan-sets.ts'
import { planAs } from '../../../src/report/plan/text.ts'
import { running } from '../../e2e/two-leaves.ts'
import { shared, wholeConfigs } from '../../eos/config/replace-pairs.ts'
import { ownPairs } from '../../eos/config/texts.ts'
import { extent, extentOfLong } from '../../extent.ts'
import { DEFINITION, evidenceOf, replace } from './material.ts'

/** A switch that somebody typed on, and what is on record of it; worked out on the text alone, by nothing of what is tested. */
interface ForeignMutant {
  /** What was done, for messages. */
  readonly acts: readonly string[]
  /** Confirmed changes behind the first whole configuration, the oldest first. */
  readonly changes: readonly ConfirmedChange[]
  readonly running: string
  /** The next whole configuration. */
  readonly candidate: string
  /** The lines that nobody on record has written and that the candidate takes away, each with the blocks that hold it. */
  readonly foreign: readonly (readonly string[])[]
}

/** A number from 0 up to 1, the same row of them for the same seed. */
function rolls(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const BLOCK = /^(?:interface|router|vlan|route-map|ip access-list|ip prefix-list|vrf instance|policy-map|class-map) /
/** What a switch makes of by itself, or what is another line wherever it stands. */
const LEFT = /^\s*(?:!|boot|end$|no aaa root|ip routing|no ip routing|exit|spanning-tree mode|service routing)/

/** The text of a switch under way. */
class Typed {
  lines: string[]
  constructor(text: string) {
    this.lines = comparableText(text).split('\n')
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** The lines that open a block, without those that are a part of a banner or of another text. */
  blocks(): string[] {
    let isText = false
    return this.lines.filter((line, at) => {
      if (/^\s*(?:banner |code|certificate:)/.test(line)) isText = true
      if (line.trim() === 'EOF') isText = false
      const isOnce = this.lines.indexOf(line) === this.lines.lastIndexOf(line)
      return !isText && isOnce && BLOCK.test(line) && this.lines[at + 1]?.startsWith('   ') === true
    })
  }

  under(block: string): string[] {
    const from = this.lines.indexOf(block) + 1
    const to = this.lines.findIndex((line, at) => at >= from && !line.startsWith('   '))
    return this.lines.slice(from, to === -1 ? undefined : to).filter((line) => /^ {3}[^ !]/.test(line))
  }

  insert(line: string, block?: string): void {
    if (block !== undefined) this.lines.splice(this.lines.indexOf(block) + 1, 0, `   ${line}`)
    else {
      const end = this.lines.indexOf('end')
      this.lines.splice(end === -1 ? this.lines.length - 1 : end, 0, line)
    }
  }

  /** Takes a line of a block away; false where other lines are under it. */
  remove(line: string, block: string): boolean {
    const at = this.lines.indexOf(line, this.lines.indexOf(block))
    if (at === -1 || this.lines[at + 1]?.startsWith('      ') === true) return false
    this.lines.splice(at, 1)
    return true
  }
}

/** A mutant under way. */
class Mutating {
  readonly acts: string[] = []
  readonly changes: ConfirmedChange[] = []
  readonly foreign: (readonly string[])[] = []
  readonly running: Typed
  readonly candidate: Typed
  readonly #roll: () => number

  constructor(confirmed: string, roll: () => number) {
    this.running = new Typed(confirmed)
    this.candidate = new Typed(confirmed)
    this.#roll = roll
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#roll() * list.length)]
  }

  number(): number {
    return 1 + Math.floor(this.#roll() * 250)
  }

  block(): string | undefined {
    return this.pick(this.running.blocks().filter((one) => this.candidate.blocks().includes(one)))
  }
}

/** What people and eosflow do, each once where it can be done; `nth` keeps the lines of one mutant apart. */
const ACTS: readonly ((one: Mutating, nth: number) => void)[] = [
  (one, nth) => {
    const line = `ip route 198.51.${nth}.${one.number()}/32 Null0`
    one.running.insert(line)
    one.foreign.push([line])
    one.acts.push(`typed ${line}`)
  },
  (one, nth) => {
    const block = one.block()
    if (block === undefined) return
    const line = `hand-typed ${nth} ${one.number()}`
    one.running.insert(line, block)
    one.foreign.push([block, line])
    one.acts.push(`typed ${line} in ${block}`)
  },
  (one, nth) => {
    const opened = `interface Loopback9${nth}${one.number()}`
    one.running.insert(opened)
    one.running.insert('description typed by hand', opened)
    one.foreign.push([opened], [opened, 'description typed by hand'])
    one.acts.push(`typed ${opened}`)
  },
  (one) => {
    const block = one.block()
    const line = block === undefined ? undefined : one.pick(one.candidate.under(block))
    if (block === undefined || line === undefined || LEFT.test(line) || !one.candidate.remove(line, block)) return
    one.acts.push(`the author takes ${line} of ${block} away`)
  },
  (one) => {
    const block = one.block()
    if (block === undefined) return
    const alike = one.running.blocks().filter((other) => other !== block && other.split(' ')[0] === block.split(' ')[0])
    const other = one.pick(alike)
    const line = other === undefined ? undefined : one.pick(one.running.under(other))?.trim()
    if (line === undefined || LEFT.test(line) || line.includes('EOF')) return
    if (one.running.under(block).includes(`   ${line}`)) return
    one.running.insert(line, block)
    one.foreign.push([block, line])
    one.acts.push(`typed a line of ${other} in ${block}: ${line}`)
  },
  (one, nth) => {
    const line = `ntp server 203.0.${nth}.${one.number()}`
    const base = one.running.text
    one.running.insert(line)
    one.changes.push({ id: `merge-${nth}`, names: [`merge-${nth}`], mode: 'merge', base, target: one.running.text })
    one.acts.push(`eosflow adds ${line}`)
  },
  (one, nth) => {
    const line = `logging host 203.0.${nth}.${one.number()}`
    const base = one.running.text
    one.running.insert(line)
    const target = one.running.text
    const taken = `taken-${nth}`
    one.changes.push({ id: taken, names: [taken], mode: 'merge', base, target })
    one.changes.push({ id: `back-${nth}`, names: [], takesBack: taken, mode: 'merge', base: target, target: base })
    one.foreign.push([line])
    one.acts.push(`eosflow adds ${line}, takes it back, and somebody types it again`)
  },
  (one, nth) => {
    const line = `snmp-server community secret${nth}${one.number()} ro`
    one.running.insert(line)
    one.foreign.push([line])
    one.acts.push('typed another community')
  },
  (one) => {
    const at = one.running.lines.findIndex((line) => /^username \S+ .*secret sha512 \S+$/.test(line))
    if (at === -1) return
    one.running.lines[at] = `${one.running.lines[at]}${one.number()}`
    one.acts.push('somebody changes a password')
  },
]

/** Makes a mutant of a whole configuration that was confirmed, as the switch prints it: one to five acts. */
function foreignMutant(confirmed: string, roll: () => number): ForeignMutant {
  const one = new Mutating(confirmed, roll)
  const many = 1 + Math.floor(roll() * 5)
  for (let nth = 0; nth < many; nth += 1) one.pick(ACTS)?.(one, nth)
  const { acts, changes, running, candidate, foreign } = one
  return { acts, changes, running: running.text, candidate: candidate.text, foreign }
}

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
  const plus = (text: string, line: string) => text.replace('vlan 110', `${line}\nvlan 110`)
  const merge = (id: string, before: string, after: string, takesBack?: string): ConfirmedChange => ({
    id,
    names: [id],
    mode: 'merge',
    base: before,
    target: after,
    ...(takesBack === undefined ? {} : { takesBack }),
  })
  const has = ({ lines }: IntendedLines, ...path: readonly string[]) => lines.has(JSON.stringify(path))

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
function judge(texts: readonly string[], count: number) {
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
    expect(judge(texts, extent(20, 500))).toBeGreaterThan(20)
  })

  test.skipIf(shared === undefined)(
    'recorded intended configurations: all that was injected is foreign, and nothing else (absent: ../shared)',
    { tags: 'cut' },
    () => {
      const texts = wholeConfigs()
        .filter(({ text }) => text.length > 2_000 && text.length < 60_000)
        .map(({ text }) => text)
      expect(texts).toHaveLength(208)
      expect(judge(texts, extent(5, extentOfLong(60, 2_000)))).toBeGreaterThan(3)
    },
  )
})
