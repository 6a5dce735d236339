import type { HeadRow } from '../../src/journal/chains/append-basis.ts'
import type { ChainRows, FoundChainRow } from '../../src/journal/chains/chain-rows.ts'
import { inOrder } from '../../src/journal/chains/chain-rows.ts'
import type { DrivenRow, ExecutionHead, RecordRows, RegisteredRow } from '../../src/journal/chains/record-rows.ts'
import type { RecordView, StoreSaid } from '../../src/journal/chains/records.ts'
import type { StoredRow } from '../../src/journal/chains/rows.ts'
import type { ArtefactRef } from '../../src/journal/event.ts'
import type { Lease } from '../../src/journal/lease.ts'
import { REGISTER_CHAIN } from '../../src/journal/link.ts'

/** What is kept of an execution. */
export interface MapExecution extends HeadRow {
  readonly first: number
  readonly last: number
  readonly isOpen: boolean
  readonly hasActed: boolean
  readonly token: number
  readonly worker: null
}

/** Everything that a store of maps keeps. */
export class MapRows {
  /** The rows of each chain, by its name. */
  readonly chains = new Map<string, FoundChainRow[]>()
  /** In the order in which they began. */
  readonly executions = new Map<string, MapExecution>()
  readonly leases = new Map<string, Lease>()
  readonly used = new Map<string, string | null>()
  readonly tokens = new Map<string, string>()
  readonly texts = new Map<ArtefactRef, Uint8Array>()
  readonly said: StoreSaid
  register: HeadRow
  newest = 0
  clockSince = 0
  latest: string | null = null
  checkpointSeal: string

  constructor(said: StoreSaid, register: HeadRow, checkpointSeal: string) {
    this.said = said
    this.register = register
    this.checkpointSeal = checkpointSeal
  }

  rowsOf(chain: string): readonly FoundChainRow[] {
    return this.chains.get(chain) ?? []
  }

  /** The rows of all executions, in the order of their positions. */
  events(isAsked: (row: FoundChainRow) => boolean = () => true): readonly FoundChainRow[] {
    const rows = [...this.executions.keys()].flatMap((chain) => this.rowsOf(chain).filter(isAsked))
    return rows.toSorted(inOrder)
  }

  /** The records of the register, without mirrors. */
  records(isAsked: (row: FoundChainRow) => boolean = () => true): readonly FoundChainRow[] {
    return this.rowsOf(REGISTER_CHAIN).filter((row) => !row.isMirror && isAsked(row))
  }

  /** The newest words of some types to somebody, behind a position. */
  words(types: readonly string[], receiver: string, after: number): readonly FoundChainRow[] {
    return this.records(
      ({ row, columns }) => row.pos > after && columns.receiver === receiver && types.includes(columns.type ?? ''),
    )
  }
}

export const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

/** A row as it is read. */
export const storedRow = ({ chain, row, execution }: FoundChainRow): StoredRow => ({
  ...row,
  execution: chain === REGISTER_CHAIN ? execution : chain,
})

/** The questions about single records, answered by maps. */
export function mapRecordRows(kept: MapRows): RecordRows {
  const headOf = (id: string): readonly ExecutionHead[] => {
    const known = kept.executions.get(id)
    if (known === undefined) return []
    const { first, last, n, hash, seal, isOpen, hasActed } = known
    const sealed = { head: n, head_hash: bytesOf(hash), seal: bytesOf(seal) }
    return [{ id, first, last, ...sealed, is_open: isOpen, has_acted: hasActed, retired: null }]
  }
  const driven = (rows: readonly FoundChainRow[]): readonly DrivenRow[] =>
    rows.flatMap((row) => headOf(row.chain).map((head) => ({ ...storedRow(row), ...head })))
  const registerHead = () => {
    const { n, hash, seal } = kept.register
    return { head: n, head_hash: bytesOf(hash), seal: bytesOf(seal) }
  }
  const registered = (rows: readonly FoundChainRow[]): readonly RegisteredRow[] =>
    rows.map((row) => ({ ...storedRow(row), ...registerHead() }))
  const newestFirst = (): readonly string[] => [...kept.executions.keys()].reverse()
  const isMade = ({ chain }: FoundChainRow, plan: string): boolean =>
    kept.rowsOf(chain).some(({ columns }) => columns.plan === plan && columns.type === 'PlanMade')
  return {
    execution: async (id) => {
      const [head] = headOf(id)
      return head && { head, rows: kept.rowsOf(id).map(storedRow) }
    },
    mirrorOfGone: async (id) =>
      kept.rowsOf(REGISTER_CHAIN).find(({ execution }) => execution === id && !kept.executions.has(id))?.row.pos,
    heads: async ({ before, limit, open = false }) => {
      const ids = newestFirst()
      const from = before === undefined ? 0 : kept.executions.has(before) ? ids.indexOf(before) + 1 : ids.length
      const asked = ids.slice(from).flatMap(headOf)
      return asked.filter(({ is_open }) => is_open || !open).slice(0, limit)
    },
    ids: async ({ prefix = '', limit } = {}) =>
      newestFirst()
        .filter((id) => id.startsWith(prefix))
        .slice(0, limit),
    at: async (positions) => kept.events(({ row }) => positions.includes(row.pos)).map(storedRow),
    firstOfKey: async (key) => kept.rowsOf(kept.used.get(`key ${key}`) ?? '').map(storedRow)[0],
    knowsPlan: async (plan) => [...kept.events(), ...kept.records()].some(({ columns }) => columns.plan === plan),
    ofPlan: async (plan, type, which) =>
      driven(kept.events(({ columns }) => columns.plan === plan && columns.type === type)).slice(
        which === 'newest' ? -1 : 0,
      ),
    runsOfPlan: async (plan) => ({
      begun: driven(kept.events((found) => isMade(found, plan) && found.row.n === 1)),
      ended: driven(kept.events((found) => isMade(found, plan) && ENDS.has(found.columns.type ?? ''))),
    }),
    between: async (after, through, limit) =>
      driven(kept.events(({ row }) => row.pos > after && row.pos <= through)).slice(0, limit),
    registered: async ({ types, plan, receivers, after = 0, through = kept.newest, newestFirst: isTurned, limit }) => {
      const found = kept.records(
        ({ row, columns }) =>
          (types?.some((type) => type === columns.type) ?? true) &&
          (plan === undefined || columns.plan === plan) &&
          (receivers?.some((receiver) => receiver === columns.receiver) ?? true) &&
          row.pos > after &&
          row.pos <= through,
      )
      return registered(isTurned === true ? found.toReversed() : found).slice(0, limit)
    },
    newestWord: async ({ type, receiver, after }) => registered(kept.words([type], receiver, after)).at(-1),
    ofSchedules: async (most) => registered(ofSchedules(kept, most)),
    firstNaming: async (plan) => kept.rowsOf(REGISTER_CHAIN).find(({ columns }) => columns.plan === plan)?.row.n,
    registerFrom: async (from) => {
      const rows = kept.rowsOf(REGISTER_CHAIN).map(storedRow)
      const before = rows.filter(({ n }) => n < from)
      const covering = before.findLastIndex(({ covers }) => covers.length > 0)
      return { head: registerHead(), before: before.slice(Math.max(0, covering)), rows: rows.slice(before.length) }
    },
    head: async () => ({ hash: bytesOf(kept.register.hash), seq: kept.newest, latest: kept.latest }),
    horizon: async () => kept.newest,
  }
}

const ENDS: ReadonlySet<string> = new Set(['ExecutionEnded', 'ExecutionRedriven'])

/** Of each schedule its changes, what is said of its last occurrence, and the newest of its other records. */
function ofSchedules(kept: MapRows, most: number): readonly FoundChainRow[] {
  const all = kept.records(({ columns }) => columns.schedule !== null)
  const asked = [...new Set(all.map(({ columns }) => columns.schedule))].flatMap((schedule) => {
    const own = all.filter(({ columns }) => columns.schedule === schedule)
    const instants = own.filter(({ columns }) => columns.instant !== null)
    const fired = instants
      .filter(({ columns }) => columns.type === 'ScheduleFired')
      .map(instantOf)
      .toSorted()
      .at(-1)
    const newest = instants.toSorted((one, other) => (instantOf(one) < instantOf(other) ? -1 : 1)).slice(-most)
    return own.filter((row) => row.columns.instant === null || instantOf(row) === fired || newest.includes(row))
  })
  return asked.toSorted(inOrder)
}

const instantOf = ({ columns }: FoundChainRow): string => columns.instant ?? ''

/** What a whole store is walked by. What leaves a store, and is exported, no map answers for. */
export function mapRecordView(kept: MapRows): RecordView {
  const sealed = (head: HeadRow) => {
    return { n: head.n, hash: bytesOf(head.hash), seal: bytesOf(head.seal), positions: head.uncovered }
  }
  const endOf = (chain: string, head: HeadRow & Partial<MapExecution>) => {
    const { isOpen = true, hasActed = false } = head
    return { chain, ...sealed(head), isOpen, hasActed, stored: kept.rowsOf(chain).at(-1)?.row.hash ?? null }
  }
  const endsOf = (id: string) => {
    const head = kept.executions.get(id)
    return head === undefined ? [] : [endOf(id, head)]
  }
  const nothing = async (): Promise<readonly never[]> => []
  return {
    ...mapChainRows(kept),
    said: async () => kept.said,
    newestPosition: async () => kept.newest,
    horizon: async () => kept.newest,
    keptRegister: async () => [{ ...sealed(kept.register), clockSince: kept.clockSince }],
    keptHeads: async (ids) => ids.toSorted().flatMap(endsOf),
    registerEnd: async () => endOf(REGISTER_CHAIN, kept.register),
    executionEnds: async (behind, named) => {
      const ended = kept.rowsOf(REGISTER_CHAIN).filter(({ row, mirror }) => row.n > behind && mirror === 'ended')
      const asked = new Set([...named, ...ended.map(({ execution }) => execution)])
      return [...kept.executions].flatMap(([id, { isOpen }]) => (isOpen || asked.has(id) ? endsOf(id) : []))
    },
    keptExecutions: async () =>
      [...kept.executions].map(([id, head]) => ({ ...head, id, ...sealed(head), retired: null })),
    checkpointSeals: async () => [{ id: 0, seal: bytesOf(kept.checkpointSeal) }],
    newestSegment: async () => 0,
    usedKeys: async () => [...kept.used].map(([key, execution]) => ({ key, execution })),
    taskTokens: async () => [...kept.tokens].map(([token, execution]) => ({ token, execution })),
    leases: async () => [...kept.leases.values()],
    textsBehind: async (after, most) =>
      [...kept.texts]
        .filter(([ref]) => ref > after)
        .map(([ref, bytes]) => ({ ref, bytes }))
        .slice(0, most),
    newestCheckpoint: async () => undefined,
    checkpointOver: async () => undefined,
    delivery: async () => undefined,
    rotations: nothing,
    checkpoints: nothing,
    checkpointsBehind: nothing,
    checkpointsBetween: nothing,
    segments: nothing,
    deliveries: nothing,
  }
}

function mapChainRows(kept: MapRows): ChainRows {
  const register = (): readonly FoundChainRow[] => kept.rowsOf(REGISTER_CHAIN)
  const isWithin =
    (from: number, through: number) =>
    ({ row }: FoundChainRow): boolean =>
      from <= row.pos && row.pos <= through
  return {
    registerRows: () => given(register()),
    executionRows: () => given([...kept.executions.keys()].toSorted().flatMap((id) => kept.rowsOf(id))),
    rowsBetween: async (from, through, limit) => {
      const isAsked = isWithin(from, through)
      return [...kept.events(isAsked), ...kept.records(isAsked)].toSorted(inOrder).slice(0, limit)
    },
    mirrorsBetween: async (from, through) =>
      register().filter((found) => found.isMirror && isWithin(from, through)(found)),
    rowsOf: async (id) => kept.rowsOf(id).map(storedRow),
    registerAbout: async (words, through) => {
      const isNamed = ({ execution, columns: { plan, receiver } }: FoundChainRow): boolean =>
        words.some((word) => word === execution || word === plan || word === receiver)
      const first = register().findIndex(isNamed)
      const rows = first === -1 ? [] : register().slice(first)
      return rows.filter(({ row }) => row.n <= through).map((found) => ({ ...storedRow(found), mirror: found.mirror }))
    },
    hashAt: async (chain, n) => kept.rowsOf(chain)[n - 1]?.row.hash,
    positionsUpTo: async (chain, n) => {
      const rows = kept.rowsOf(chain).slice(0, n)
      return rows
        .slice(
          Math.max(
            0,
            rows.findLastIndex(({ row }) => row.covers.length > 0),
          ),
        )
        .map(({ row }) => row.pos)
    },
    namingAny: async (texts) => {
      const naming = kept.events(({ row }) => texts.some((text) => row.body.includes(text)))
      return [...new Set(naming.map(({ chain }) => chain))].toSorted()
    },
  }
}

async function* given(rows: readonly FoundChainRow[]): AsyncGenerator<readonly FoundChainRow[]> {
  yield rows
}
