import { comparableText } from '../../src/config/volatile.ts'
import type { ConfirmedChange } from '../../src/plan/intended.ts'

/** A switch that somebody typed on, and what is on record of it; worked out on the text alone, by nothing of what is tested. */
export interface ForeignMutant {
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
export function rolls(seed: number): () => number {
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
export function foreignMutant(confirmed: string, roll: () => number): ForeignMutant {
  const one = new Mutating(confirmed, roll)
  const many = 1 + Math.floor(roll() * 5)
  for (let nth = 0; nth < many; nth += 1) one.pick(ACTS)?.(one, nth)
  const { acts, changes, running, candidate, foreign } = one
  return { acts, changes, running: running.text, candidate: candidate.text, foreign }
}
