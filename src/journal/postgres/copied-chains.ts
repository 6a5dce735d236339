import { EosflowError } from '../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { identityOf, type Principal } from '../../model/principal.ts'
import { BrokenChainError } from '../chain.ts'
import { DerivedRows } from '../chains/derived-rows.ts'
import type { EventBody } from '../event.ts'
import { linkGenesis, linkHash, REGISTER_CHAIN } from '../link.ts'
import { draftOf, recordAt } from '../record-text.ts'
import type { MovedContent } from '../sqlite/move-out.ts'

/** By whom and when a store is moved, and what else goes on record of that. */
export interface MoveRecord {
  readonly principal: Principal
  readonly event: Omit<EventBody & { readonly type: 'StoreMoved' }, 'type' | 'origin' | 'records' | 'root'>
  /** ISO 8601 in UTC. */
  readonly now: string
}

/** One row of a chain as it is copied. */
export interface CopiedRow {
  readonly pos: number
  /** Its execution, or the one that it mirrors; empty for a record outside of executions. */
  readonly execution: string
  readonly n: number
  /** The position of the row before in its chain, which it covers; 0 for the first. */
  readonly covers: number
  readonly prev: Uint8Array
  readonly hash: Uint8Array
  readonly body: string
  readonly mirror: 'begun' | 'ended' | null
}

/** The newest row of a chain. */
interface ChainEnd {
  readonly n: number
  readonly hash: Uint8Array
  readonly pos: number
}

/** The chains that the records of one chain are in, each record at the position that is its number. */
export class CopiedChains {
  readonly #origin: string
  readonly #ends = new Map<string, ChainEnd>()
  /** What follows from the records that were copied. */
  readonly derived = new DerivedRows()
  #events: CopiedRow[] = []
  #register: CopiedRow[] = []

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Takes the next record. Throws BrokenChainError for what is none. */
  copy(seq: number, body: string): void {
    const said = JSON.parse(body) as Json
    if (!isJsonObject(said)) throw new BrokenChainError({ seq, reason: 'it is not a record' })
    const { execution, type, at } = said
    const chain = typeof execution === 'string' ? execution : REGISTER_CHAIN
    const { n, hash } = this.#link(chain, seq, renumbered(said, (this.#ends.get(chain)?.n ?? 0) + 1))
    if (chain === REGISTER_CHAIN) return
    const mirror = (kind: 'begun' | 'ended'): void => {
      const next = (this.#ends.get(REGISTER_CHAIN)?.n ?? 0) + 1
      const text = { at, execution: chain, hash: Buffer.from(hash).toString('hex'), mirror: kind, n, seq: next, v: 1 }
      this.#link(REGISTER_CHAIN, seq, JSON.stringify(text), { kind, execution: chain })
    }
    if (n === 1) mirror('begun')
    if (type === 'ExecutionEnded') mirror('ended')
  }

  /** Behind all records: the first record that the store has by itself vouches for those that were copied. */
  end({ origin, head }: Pick<MovedContent, 'origin' | 'head'>, { principal, event, now }: MoveRecord): void {
    const root = Buffer.from(head.hash).toString('base64')
    const moved: EventBody = { type: 'StoreMoved', ...event, origin, records: head.seq, root }
    const envelope = { v: 1, at: now, actor: identityOf(principal) } as const
    const n = (this.#ends.get(REGISTER_CHAIN)?.n ?? 0) + 1
    this.#link(REGISTER_CHAIN, head.seq + 1, recordAt(draftOf(envelope, moved), n))
  }

  /** The rows that were made since this was last asked. */
  taken(): { readonly events: readonly CopiedRow[]; readonly register: readonly CopiedRow[] } {
    const taken = { events: this.#events, register: this.#register }
    this.#events = []
    this.#register = []
    return taken
  }

  /** The newest row of a chain. */
  endOf(chain: string): ChainEnd {
    const end = this.#ends.get(chain)
    if (end === undefined) throw new EosflowError('bug', `nothing was copied of ${chain}`)
    return end
  }

  #link(
    chain: string,
    pos: number,
    body: string,
    mirrored?: { readonly kind: 'begun' | 'ended'; readonly execution: string },
  ): CopiedRow {
    const end = this.#ends.get(chain) ?? { ...linkGenesis(this.#origin, chain), pos: 0 }
    const n = end.n + 1
    const hash = linkHash({ n, prev: end.hash, covers: end.pos === 0 ? [] : [end.pos], body })
    const execution = mirrored?.execution ?? (chain === REGISTER_CHAIN ? '' : chain)
    const row = { pos, execution, n, covers: end.pos, prev: end.hash, hash, body, mirror: mirrored?.kind ?? null }
    this.#ends.set(chain, { n, hash, pos })
    if (chain === REGISTER_CHAIN) this.#register.push(row)
    else this.#events.push(row)
    if (mirrored === undefined) this.derived.add(chain, pos, body)
    return row
  }
}

/** The body of a record with its number in the chain that it is in here; canonical as it was. */
export function renumbered(said: JsonObject, n: number): string {
  const { seq: _, v, at, actor, execution, ...event } = said
  const envelope = { v, at, actor, ...(execution === undefined ? {} : { execution }) }
  return recordAt(draftOf(envelope as unknown as Parameters<typeof draftOf>[0], event as unknown as EventBody), n)
}
