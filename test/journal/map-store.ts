import { openText, sealText } from '../../src/journal/blob-format.ts'
import { BrokenChainError } from '../../src/journal/chain.ts'
import { type AppendRequest, placed } from '../../src/journal/chains/append-request.ts'
import { ChainReader } from '../../src/journal/chains/chain-reader.ts'
import { Executions } from '../../src/journal/chains/executions.ts'
import { foundBy } from '../../src/journal/chains/found-by.ts'
import { Lookups } from '../../src/journal/chains/lookups.ts'
import { sealOfNone } from '../../src/journal/chains/newest-checkpoint.ts'
import { emptyRegister, prepare, type SentRow } from '../../src/journal/chains/prepare.ts'
import { readTrail } from '../../src/journal/chains/read-trail.ts'
import { RecordAnswers } from '../../src/journal/chains/record-answers.ts'
import { eventOf } from '../../src/journal/chains/rows.ts'
import { requireConditions } from '../../src/journal/condition.ts'
import { positionIn } from '../../src/journal/cursor.ts'
import { draftsOf } from '../../src/journal/draft-context.ts'
import type { ArtefactRef, JournalEvent } from '../../src/journal/event.ts'
import { usesIn } from '../../src/journal/event-uses.ts'
import { isUnderWay } from '../../src/journal/freeze.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { KeyRing } from '../../src/journal/key-ring.ts'
import { type Lease, type Leases, QUARANTINE_ON_ONE_MACHINE, requireToken, takesOver } from '../../src/journal/lease.ts'
import { REGISTER_CHAIN } from '../../src/journal/link.ts'
import { readBack } from '../../src/journal/read-back.ts'
import { recordAt } from '../../src/journal/record-text.ts'
import type { Actor, Store, StoreHead } from '../../src/journal/store.ts'
import type { Clock } from '../../src/model/clock.ts'
import { type Fence, fenceOf } from '../../src/model/fence.ts'
import { bytesOf, MapRows, mapRecordRows, mapRecordView, storedRow } from './map-rows.ts'

const ORIGIN = 'eosflow.audit/00000000000000ab'
const WORDS = ['StopRequested', 'SuspendRequested']

/** A store whose rows are in maps: a dialect in the smallest words, and one process has it open. */
export class MapStore extends RecordAnswers implements Store, Leases {
  readonly id = ORIGIN
  readonly quarantineSeconds = QUARANTINE_ON_ONE_MACHINE
  readonly #clock: Clock
  readonly #keys: KeyRing
  readonly #kept: MapRows
  readonly #tokens = new Map<string, ReadonlyMap<string, number>>()

  constructor(clock: Clock, key: string) {
    const keys = new KeyRing(key)
    const said = { origin: ORIGIN, check: keys.check }
    const kept = new MapRows(said, emptyRegister(ORIGIN, keys), sealOfNone({ origin: ORIGIN, keys }))
    const rows = mapRecordRows(kept)
    const reading = new ChainReader(rows, ORIGIN, keys, { rowsOf: async () => [] })
    super({ reading, lookups: new Lookups(rows, reading), executions: new Executions(rows, reading) })
    this.#clock = clock
    this.#keys = keys
    this.#kept = kept
  }

  as(actor: Actor): Journal {
    return {
      append: async (execution, events, after) => {
        const at = new Date(this.#clock.now()).toISOString()
        const drafts = draftsOf(events, { actor, at, execution, scrub: (text) => text })
        const read = drafts.map((draft) => readBack(recordAt(draft, 1)))
        return this.#append({ execution, at, leaseAt: at, drafts, events: read, after })
      },
      read: (execution) => this.read(execution),
    }
  }

  #append(request: AppendRequest): readonly JournalEvent[] {
    const kept = this.#kept
    const { execution, events, at, after } = request
    const newest = (of: string): number => kept.executions.get(of)?.last ?? 0
    requireConditions(
      { newest, isAsked: (of, since) => kept.words(WORDS, of, positionIn(since)).length > 0 },
      execution,
      after,
    )
    const holders = [...kept.leases.values()].map((lease) => lease.execution)
    const freezes = kept.records(({ columns: { type } }) => type === 'FreezeSet' || type === 'FreezeEnded')
    const known = {
      ...kept,
      over: new Set(holders.filter((id) => kept.executions.get(id)?.isOpen !== true)),
      tokens: this.#tokens,
      freezes: { version: 0, records: freezes.map(({ row }) => eventOf(row)) },
      isUnderWay: (of: string) => isUnderWay(kept.rowsOf(of).map(({ row }) => eventOf(row))),
    }
    const terms = { origin: ORIGIN, keys: this.#keys, quarantineSeconds: this.quarantineSeconds, isReplicated: false }
    const prepared = prepare(request, kept.register, known, terms)
    const uses = events.flatMap(usesIn)
    const twice = uses.find(({ key }) => kept.used.has(key))
    if (twice !== undefined) throw twice.refusal()
    for (const { key } of uses) kept.used.set(key, execution ?? null)
    const { head, rows, register } = prepared.sent
    const places = this.#write(execution ?? '', request, (rows ?? []) as readonly SentRow[], [])
    const mirrors = this.#write(REGISTER_CHAIN, request, register?.rows ?? [], places)
    if (register !== undefined) kept.register = { ...prepared.register, uncovered: mirrors }
    kept.newest = Math.max(kept.newest, ...places, ...mirrors)
    const isReset = events.some(({ type }) => type === 'ClockAccepted')
    if (isReset) kept.clockSince = mirrors[0] ?? 0
    if (isReset || kept.latest === null || kept.latest < at) kept.latest = at
    for (const [device, lease] of prepared.leases) kept.leases.set(device, lease)
    if (execution !== undefined && head !== undefined) {
      const present = kept.executions.get(execution)
      const token = present === undefined ? 1 : present.token + Number(events.some(takesOver))
      const [first, last] = [present?.first ?? places[0] ?? 0, places.at(-1) ?? 0]
      kept.executions.set(execution, { ...head, first, last, token, uncovered: places, worker: null })
      this.#tokens.set(execution, prepared.tokens)
    }
    return placed(request, { is: 'written', places, register: mirrors, token: null })
  }

  /** Writes rows of a chain, and gives their positions: a mirror has that of what it mirrors. */
  #write(
    chain: string,
    { events, at }: AppendRequest,
    rows: readonly SentRow[],
    mirrored: readonly number[],
  ): readonly number[] {
    const all = this.#kept.chains.get(chain) ?? []
    this.#kept.chains.set(chain, all)
    return rows.map(({ n, covers, prev, hash, body, mirror = null, execution = null, of = 0 }, index) => {
      const pos = mirror === null ? this.#kept.newest + 1 + index : (mirrored[of - 1] ?? 0)
      const row = { n, pos, covers, prev: bytesOf(prev), hash: bytesOf(hash), body }
      const event = mirror === null ? events[index] : undefined
      const columns = { ...foundBy(event, chain), at }
      if (event?.type === 'TaskSubmitted') this.#kept.tokens.set(event.token, chain)
      all.push({ chain, row, isMirror: mirror !== null, mirror, execution, before: all.at(-1)?.row.hash, columns })
      return pos
    })
  }

  async put(text: string): Promise<ArtefactRef> {
    const { ref, bytes } = sealText(this.#keys, text)
    this.#kept.texts.set(ref, bytes)
    return ref
  }

  async get(ref: ArtefactRef): Promise<string> {
    return openText(this.#keys, ref, this.#kept.texts.get(ref))
  }

  async leaseOf(device: string): Promise<Lease | undefined> {
    return this.#kept.leases.get(device)
  }

  async fence(execution: string, device: string): Promise<Fence> {
    const held = this.#tokens.get(execution)?.get(`${execution} ${device}`)
    if (held !== undefined) requireToken(this.#kept.leases.get(device), held, { execution, device })
    return fenceOf(device, this.#clock.monotonic(), () => this.#clock.monotonic())
  }

  async verifyChain(): Promise<StoreHead> {
    const { chains } = await readTrail(mapRecordView(this.#kept), { keys: this.#keys })
    if (chains.fault !== undefined) throw new BrokenChainError(chains.fault)
    return this.head()
  }

  async close(): Promise<void> {
    this.#kept.texts.clear()
  }
}
