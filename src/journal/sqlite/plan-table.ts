import type { Database, Statement } from 'better-sqlite3'
import { BrokenChainError } from '../chain.ts'
import type { StoreKeys } from '../store-keys.ts'
import { summed } from './execution-entry.ts'
import type { MarkTable } from './mark-table.ts'

interface Mention {
  readonly plan: string
  readonly first: number
}

interface SealedMention extends Mention {
  readonly seal: Uint8Array
}

const NO_SEALS = new Uint8Array(32)

/**
 * The record that mentions each plan for the first time, sealed: decisions about a plan are judged on the chain from there on, so nobody
 * can take away what was decided before a mention that is left. Written inside the transactions of the journal alone.
 */
export class PlanTable {
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #marks: MarkTable
  readonly #mentions: Statement<[after: number, upTo: number], Mention>
  readonly #first: Statement<[plan: string], number | null>
  readonly #select: Statement<[plan: string], SealedMention>
  readonly #all: Statement<[], SealedMention>
  readonly #insert: Statement<[plan: string, first: number, seal: Uint8Array]>
  readonly #clear: Statement<[]>

  constructor(database: Database, origin: string, keys: StoreKeys, marks: MarkTable) {
    this.#origin = origin
    this.#keys = keys
    this.#marks = marks
    // The plus keeps the index away: the few new records are looked at by their position.
    this.#mentions = database.prepare(`SELECT plan, min(seq) AS first FROM journal
      WHERE seq > ? AND seq <= ? AND +plan IS NOT NULL GROUP BY plan`)
    this.#first = database.prepare<[string], number | null>('SELECT min(seq) FROM journal WHERE plan = ?').pluck()
    this.#select = database.prepare('SELECT plan, first, seal FROM plan_mention WHERE plan = ?')
    this.#all = database.prepare('SELECT plan, first, seal FROM plan_mention')
    this.#insert = database.prepare('INSERT INTO plan_mention(plan, first, seal) VALUES (?, ?, ?)')
    this.#clear = database.prepare('DELETE FROM plan_mention')
  }

  /** Keeps the plans that the records behind those looked at so far mention first. Throws BrokenChainError where an earlier mention was not kept. */
  advance(upTo: number): void {
    const mark = this.#marks.find('plans')
    if (mark === undefined) this.#clear.run()
    let sum = mark?.hash ?? NO_SEALS
    for (const { plan, first } of this.#mentions.all(mark?.seq ?? 0, upTo)) {
      if (this.#kept(plan) !== undefined) continue
      if (this.#first.get(plan) !== first) throw wrongMention(first)
      const seal = this.#sealOf({ plan, first })
      this.#insert.run(plan, first, seal)
      sum = summed(sum, seal)
    }
    this.#marks.set('plans', { seq: upTo, hash: sum, latest: undefined })
  }

  /** Whether the plans of all records up to the head are kept: somebody may have written who keeps none. */
  isKept(head: number): boolean {
    return this.#marks.find('plans')?.seq === head
  }

  /** Requires that the first record that is there to mention a plan is the one that was. Throws BrokenChainError. */
  requireFirst(plan: string, first: number | undefined, head: number): void {
    if (!this.isKept(head)) return
    const kept = this.#kept(plan)
    if (kept !== first) throw wrongMention(kept ?? first ?? 0)
  }

  /** What differs between the plans that are kept and the journal, all of which is verified. Throws BrokenChainError. */
  requireAll(): void {
    const mark = this.#marks.find('plans')
    const kept = this.#all.all()
    const sum = kept.reduce<Uint8Array>((before, { seal }) => summed(before, seal), NO_SEALS)
    if (Buffer.compare(sum, mark?.hash ?? NO_SEALS) !== 0) throw wrongMention(mark?.seq ?? 0)
    for (const { plan, first } of this.#mentions.all(0, mark?.seq ?? 0))
      if (this.#kept(plan) !== first) throw wrongMention(first)
  }

  #kept(plan: string): number | undefined {
    const row = this.#select.get(plan)
    if (row === undefined || Buffer.compare(row.seal, this.#sealOf(row)) === 0) return row?.first
    throw wrongMention(row.first)
  }

  /** What is sealed is canonical JSON, the members in the order of their names. */
  #sealOf({ plan, first }: Mention): Uint8Array {
    return Buffer.from(this.#keys.seal(JSON.stringify({ first, origin: this.#origin, plan })), 'hex')
  }
}

const wrongMention = (seq: number): BrokenChainError =>
  new BrokenChainError({ seq, reason: 'what is kept of the first mention of a plan is not what its records say' })
