import { openText, sealText } from '../../src/journal/blob-format.ts'
import { BrokenChainError } from '../../src/journal/chain.ts'
import { type AppendRequest, placed, requestOf } from '../../src/journal/chains/append-request.ts'
import type { TakenTokens } from '../../src/journal/chains/lease-book.ts'
import { placedBehind, positionsOf } from '../../src/journal/chains/placing.ts'
import { prepare } from '../../src/journal/chains/prepare.ts'
import { readTrail } from '../../src/journal/chains/read-trail.ts'
import { RecordAnswers, readersOver } from '../../src/journal/chains/record-answers.ts'
import { eventOf } from '../../src/journal/chains/rows.ts'
import { POLICY_RECORDS, requireConditions } from '../../src/journal/condition.ts'
import { type Cursor, positionIn } from '../../src/journal/cursor.ts'
import type { ArtefactRef, JournalEvent } from '../../src/journal/event.ts'
import { usesIn } from '../../src/journal/event-uses.ts'
import { isUnderWay } from '../../src/journal/freeze.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { KeyRing } from '../../src/journal/key-ring.ts'
import { isLiveAt, type Leases, QUARANTINE_ON_ONE_MACHINE, requireToken } from '../../src/journal/lease.ts'
import { REGISTER_CHAIN } from '../../src/journal/link.ts'
import type { Actor, Store, StoreHead } from '../../src/journal/store.ts'
import { shareIn } from '../../src/model/budget-share.ts'
import type { Clock } from '../../src/model/clock.ts'
import { type Fence, fenceOf } from '../../src/model/fence.ts'
import { MapRows, mapRecordRows, mapRecordView } from './map-rows.ts'

const ORIGIN = 'eosflow.audit/00000000000000ab'

/** A store whose rows are in maps: a dialect in the smallest words, and one process has it open. */
export class MapStore extends RecordAnswers implements Store, Leases {
  readonly id = ORIGIN
  readonly quarantineSeconds = QUARANTINE_ON_ONE_MACHINE
  readonly #clock: Clock
  readonly #keys: KeyRing
  readonly #kept: MapRows
  readonly #tokens = new Map<string, TakenTokens>()

  constructor(clock: Clock, key: string) {
    const keys = new KeyRing(key)
    const kept = new MapRows(ORIGIN, keys)
    const segments = { rowsOf: async () => [], between: async () => [] }
    super(readersOver(mapRecordRows(kept), { origin: ORIGIN, keys, segments, clock }))
    this.#clock = clock
    this.#keys = keys
    this.#kept = kept
  }

  as(actor: Actor): Journal {
    return {
      append: async (execution, events, after) => {
        const at = new Date(this.#clock.now()).toISOString()
        const terms = { actor, at, leaseAt: at, execution, scrub: (text: string) => text, after }
        return this.#append(requestOf(events, terms))
      },
      read: (execution) => this.read(execution),
    }
  }

  #append(request: AppendRequest): readonly JournalEvent[] {
    const kept = this.#kept
    const { execution, events } = request
    const isAsked = (of: string, since: Cursor): boolean =>
      kept.found({ types: ['StopRequested', 'SuspendRequested'], receivers: [of], after: positionIn(since) }).length > 0
    const newest = (of: string): number => kept.executions.get(of)?.last ?? 0
    const newestPolicy = (): number =>
      kept
        .found({ types: POLICY_RECORDS })
        .map(({ row }) => eventOf(row).seq)
        .at(-1) ?? 0
    requireConditions({ newest, newestPolicy, isAsked }, execution, request.after)
    const holders = [...kept.leases.values()].map(({ execution: holder }) => holder)
    const freezes = kept.found({ types: ['FreezeSet', 'FreezeEnded'] })
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
    const present = kept.executions.get(execution ?? '')
    const { rows, registerRows, execution: head, ...after } = placedBehind(request, prepared, present, kept)
    for (const row of rows) kept.put(execution ?? '', row)
    for (const row of registerRows) kept.put(REGISTER_CHAIN, row)
    Object.assign(kept, after)
    for (const [device, lease] of prepared.leases) kept.leases.set(device, lease)
    if (execution !== undefined && head !== undefined) {
      kept.executions.set(execution, { ...head, seal: prepared.sent.head?.seal ?? '' })
      this.#tokens.set(execution, prepared.tokens)
    }
    const written = { is: 'written', token: null } as const
    return placed(request, { ...written, places: positionsOf(rows), register: positionsOf(registerRows) })
  }

  async put(text: string): Promise<ArtefactRef> {
    const { ref, bytes } = sealText(this.#keys, text)
    this.#kept.texts.set(ref, bytes)
    return ref
  }

  readonly close: Store['close'] = async () => undefined
  readonly markOf: Store['markOf'] = async () => undefined
  readonly get: Store['get'] = async (ref) => openText(this.#keys, ref, this.#kept.texts.get(ref))
  readonly liveLeases: Leases['liveLeases'] = async (of) => {
    const at = new Date(this.#clock.now()).toISOString()
    return [...this.#kept.leases.values()].filter(
      (lease) => isLiveAt(lease, at) && (of === 'all' || shareIn(lease.device) !== undefined),
    )
  }
  readonly leaseOf: Leases['leaseOf'] = async (device) => this.#kept.leases.get(device)

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
}
