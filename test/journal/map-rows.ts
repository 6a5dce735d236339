import type { ExecutionRow, HeadRow } from '../../src/journal/chains/append-basis.ts'
import { type FoundChainRow, inOrder } from '../../src/journal/chains/chain-rows.ts'
import { sealOfNone } from '../../src/journal/chains/newest-checkpoint.ts'
import type { PlacedRow } from '../../src/journal/chains/placing.ts'
import { emptyRegister } from '../../src/journal/chains/prepare.ts'
import type {
  DrivenRow,
  ExecutionHead,
  RecordRows,
  RegisteredQuery,
  RegisteredRow,
} from '../../src/journal/chains/record-rows.ts'
import type { RecordView, StoreSaid } from '../../src/journal/chains/records.ts'
import type { StoredRow } from '../../src/journal/chains/rows.ts'
import type { ArtefactRef } from '../../src/journal/event.ts'
import type { KeyRing } from '../../src/journal/key-ring.ts'
import type { Lease } from '../../src/journal/lease.ts'
import { REGISTER_CHAIN } from '../../src/journal/link.ts'

/** Everything that a store of maps keeps. */
export class MapRows {
  readonly chains = new Map<string, FoundChainRow[]>()
  readonly executions = new Map<string, ExecutionRow>()
  readonly leases = new Map<string, Lease>()
  readonly used = new Map<string, string | null>()
  readonly tokens = new Map<string, string>()
  readonly texts = new Map<ArtefactRef, Uint8Array>()
  readonly said: StoreSaid
  readonly checkpointSeal: string
  register: HeadRow
  newest = 0
  clockSince = 0
  latest: string | null = null

  constructor(origin: string, keys: KeyRing) {
    this.said = { origin, check: keys.check }
    this.register = emptyRegister(origin, keys)
    this.checkpointSeal = sealOfNone({ origin, keys })
  }

  put(chain: string, { mirror, execution = '', columns, token, ...sent }: PlacedRow): void {
    const rows = this.chains.get(chain) ?? []
    this.chains.set(chain, rows)
    const row = { ...sent, prev: bytesOf(sent.prev), hash: bytesOf(sent.hash) }
    const mirrored = mirror === undefined ? { mirror: null, execution: null } : { mirror, execution }
    rows.push({ chain, row, isMirror: mirror !== undefined, ...mirrored, before: rows.at(-1)?.row.hash, columns })
    if (token !== undefined) this.tokens.set(token, chain)
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

  found({ types, plan, receivers, after = 0, through = this.newest }: RegisteredQuery): readonly FoundChainRow[] {
    const isAmong = (asked: readonly unknown[] | undefined, value: unknown): boolean => asked?.includes(value) ?? true
    return this.records(({ row: { pos }, columns: { type, receiver, plan: named } }) => {
      const isMeant = isAmong(types, type) && isAmong(receivers, receiver) && (plan === undefined || named === plan)
      return isMeant && pos > after && pos <= through
    })
  }
}

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

const storedRow = ({ chain, row, execution }: FoundChainRow): StoredRow => ({
  ...row,
  execution: chain === REGISTER_CHAIN ? execution : chain,
})

const sealedIn = ({ n, hash, seal }: HeadRow) => ({ head: n, head_hash: bytesOf(hash), seal: bytesOf(seal) })

/** The questions about single records, answered by maps. */
export function mapRecordRows(kept: MapRows): RecordRows {
  const headOf = (id: string, mustBeOpen = false): readonly ExecutionHead[] => {
    const known = kept.executions.get(id)
    if (known === undefined || (mustBeOpen && !known.isOpen)) return []
    const { first, last, isOpen, hasActed } = known
    return [{ id, first, last, ...sealedIn(known), is_open: isOpen, has_acted: hasActed, retired: null }]
  }
  const driven = (rows: readonly FoundChainRow[]): readonly DrivenRow[] =>
    rows.flatMap((row) => headOf(row.chain).map((head) => ({ ...storedRow(row), ...head })))
  const registered = (rows: readonly FoundChainRow[]): readonly RegisteredRow[] =>
    rows.map((row) => ({ ...storedRow(row), ...sealedIn(kept.register) }))
  const register = (isAsked: (row: StoredRow) => boolean): readonly StoredRow[] =>
    kept.rowsOf(REGISTER_CHAIN).map(storedRow).filter(isAsked)
  const newestFirst = (prefix = ''): readonly string[] =>
    [...kept.executions.keys()].filter((id) => id.startsWith(prefix)).reverse()
  return {
    execution: async (id, read) => {
      const [head] = headOf(id)
      return head && read(head, kept.rowsOf(id).map(storedRow))
    },
    mirrorOfGone: async (id) =>
      kept.rowsOf(REGISTER_CHAIN).find(({ execution }) => execution === id && !kept.executions.has(id))?.row.pos,
    heads: async ({ before, limit, open = false }) => {
      const ids = newestFirst()
      const from = before === undefined ? 0 : kept.executions.has(before) ? ids.indexOf(before) + 1 : ids.length
      const asked = ids.slice(from).flatMap((id) => headOf(id, open))
      return asked.slice(0, limit)
    },
    ids: async ({ prefix = '', limit } = {}) => newestFirst(prefix).slice(0, limit),
    at: async (positions) => kept.events(({ row }) => positions.includes(row.pos)).map(storedRow),
    firstOfKey: async (key) => kept.rowsOf(kept.used.get(`key ${key}`) ?? '').map(storedRow)[0],
    knowsPlan: async (plan) => [...kept.events(), ...kept.records()].some(({ columns }) => columns.plan === plan),
    ofPlan: async (plan) => driven(kept.events(({ columns }) => columns.plan === plan)),
    turnsOf: async (ids) => {
      const own = kept.events(({ chain }) => ids.includes(chain))
      return {
        begun: driven(own.filter(({ row }) => row.n === 1)),
        ended: driven(own.filter(({ columns: { type } }) => /^Execution(Ended|Redriven)$/.test(type ?? ''))),
      }
    },
    between: async (after, through, limit) =>
      driven(kept.events(({ row }) => row.pos > after && row.pos <= through)).slice(0, limit),
    registered: async (query) => {
      const found = registered(kept.found(query))
      return (query.newestFirst === true ? found.toReversed() : found).slice(0, query.limit)
    },
    newestWord: async ({ type, receiver, after }) =>
      registered(kept.found({ types: [type], receivers: [receiver], after })).at(-1),
    // All of them: whoever asks takes the newest.
    ofSchedules: async () => registered(kept.records(({ columns }) => columns.schedule !== null)),
    registerHead: async () => sealedIn(kept.register),
    registerBehind: async (n, through, limit) => register((row) => row.n > n && row.n <= through).slice(0, limit),
    registerAt: async (numbers) => register((row) => numbers.includes(row.n)),
    head: async () => ({ hash: bytesOf(kept.register.hash), seq: kept.newest, latest: kept.latest }),
    horizon: async () => kept.newest,
  }
}

/** What a verification asks. What is exported, or leaves a store, no map answers for. */
export function mapRecordView(kept: MapRows): RecordView {
  const sealed = ({ n, hash, seal, uncovered: positions }: HeadRow) => {
    return { n, hash: bytesOf(hash), seal: bytesOf(seal), positions }
  }
  return {
    ...unasked,
    said: async () => kept.said,
    registerRows: async function* () {
      yield kept.rowsOf(REGISTER_CHAIN)
    },
    executionRows: async function* () {
      for (const id of [...kept.executions.keys()].toSorted()) yield kept.rowsOf(id)
    },
    keptRegister: async () => [{ ...sealed(kept.register), clockSince: kept.clockSince }],
    keptExecutions: async () =>
      [...kept.executions].map(([id, head]) => ({ ...head, id, ...sealed(head), retired: null })),
    checkpointSeals: async () => [{ id: 0, seal: bytesOf(kept.checkpointSeal) }],
    newestPosition: async () => kept.newest,
    usedKeys: async () => [...kept.used].map(([key, execution]) => ({ key, execution })),
    taskTokens: async () => [...kept.tokens].map(([token, execution]) => ({ token, execution })),
    leases: async () => [...kept.leases.values()],
    newestCheckpoint: async () => undefined,
    textsBehind: async (after, most) => {
      const behind = [...kept.texts].filter(([ref]) => ref > after).map(([ref, bytes]) => ({ ref, bytes }))
      return behind.toSorted((one, other) => (one.ref < other.ref ? -1 : 1)).slice(0, most)
    },
  }
}

// biome-ignore format: a list of names.
const UNASKED = ['rotations', 'checkpoints', 'segments', 'deliveries', 'horizon', 'keptHeads', 'registerEnd', 'executionEnds', 'checkpointsBehind',
  'checkpointsBetween', 'checkpointOver', 'newestSegment', 'delivery', 'rowsBetween', 'mirrorsBetween', 'mirrorsBehind', 'rowsOf', 'registerAbout', 'placesAt',
  'namingAny'] as const
const unasked = Object.fromEntries(UNASKED.map((name) => [name, async () => []])) as unknown as Unasked
type Unasked = Pick<RecordView, (typeof UNASKED)[number]>
