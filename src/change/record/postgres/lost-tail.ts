import { EosflowError } from '../../../model/error.ts'
import { type AppendAnswer, type AppendRequest, type HeadRow, needsWhole } from '../chains/append-request.ts'
import type { PreparedAppend } from '../chains/prepare.ts'
import { BrokenChainError, REGISTER_CHAIN } from '../seal/chain.ts'
import type { Ask } from './database.ts'

export interface RememberedHead {
  readonly chain: string
  readonly n: number
  readonly hash: string
  readonly pos: number
  /** The hash of the newest restoration on record when it was written, hexadecimal; empty where there was none. */
  readonly restored: string
  /** Where that is not known: when it was written, ISO 8601 in UTC. */
  readonly at?: string
}

export interface Memory {
  /** Throws `store` where another version has written it. */
  read(): readonly RememberedHead[]
  /** `over`: chains that have ended, which the register vouches for. */
  remember(heads: readonly RememberedHead[], over: readonly string[]): void
  settle(heads: readonly RememberedHead[]): void
  close(): void
}

export interface MissingRecord extends Pick<RememberedHead, 'chain' | 'n' | 'hash' | 'pos'> {
  readonly present: number
}

interface Asked {
  readonly request: AppendRequest
  readonly prepared: PreparedAppend
}

const COMPARE = `WITH seen AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) WITH ORDINALITY AS s(chain, n, hash, place))
  SELECT coalesce((SELECT array_agg(encode(r.hash, 'hex') ORDER BY r.pos) FROM register r WHERE r.mirror IS NULL AND r.type = 'StoreRestored'), '{}') AS restorations,
    (SELECT jsonb_build_object('n', h.n, 'hash', encode(h.hash, 'hex'), 'seal', encode(h.seal, 'hex')) FROM register_head h) AS register,
    coalesce((SELECT max(r.at) FROM register r WHERE r.mirror IS NULL AND r.type = 'StoreRestored'), '') AS accepted,
    coalesce((SELECT jsonb_agg(jsonb_build_object('place', s.place, 'present',
        CASE WHEN s.chain = '${REGISTER_CHAIN}' THEN (SELECT h.n FROM register_head h) ELSE coalesce((SELECT x.n FROM execution x WHERE x.id = s.chain), 0) END))
      FROM seen s WHERE NOT CASE WHEN s.chain = '${REGISTER_CHAIN}'
        THEN EXISTS (SELECT 1 FROM register r WHERE r.n = s.n AND r.hash = decode(s.hash, 'hex'))
        ELSE EXISTS (SELECT 1 FROM event e WHERE e.execution = s.chain AND e.n = s.n AND e.hash = decode(s.hash, 'hex'))
          OR EXISTS (SELECT 1 FROM execution x WHERE x.id = s.chain AND x.retired IS NOT NULL AND x.n > s.n) END), '[]') AS missing,
    coalesce((SELECT array_agg(x.id) FROM execution x WHERE x.id = ANY($1) AND NOT x.is_open), '{}') AS over`

type SealedHead = Omit<HeadRow, 'uncovered'>

interface Compared {
  // The head of the register, which has the restorations; null where it is gone.
  readonly register: SealedHead | null
  readonly restorations: readonly string[]
  readonly accepted: string
  readonly missing: readonly { readonly place: number; readonly present: number }[]
  readonly over: readonly string[]
}

export type LostTail = ReturnType<typeof lostTail>

/** A database that was restored to an earlier time, or whose standby took over without its newest records, lacks some: then nothing leads on, until a person accepts the loss (docs/adr/0083). It is compared whenever the store is opened, and before the first append of each connection. */
export function lostTail(memory: Memory | undefined, heard: () => void, isSealed: (register: SealedHead) => boolean) {
  let restored = ''
  let compared = 0
  let missing: readonly MissingRecord[] = []

  /** Throws BrokenChainError where a loss is said to be accepted in a register that is not sealed. */
  const compare = async (ask: Ask): Promise<void> => {
    const heads = memory?.read() ?? []
    const columns = [heads.map(({ chain }) => chain), heads.map(({ n }) => n), heads.map(({ hash }) => hash)]
    const [row] = await ask<Compared>(COMPARE, columns)
    const { restorations, accepted, over, register, ...found } = row as Compared
    if (restorations.length > 0 && (register === null || !isSealed(register)))
      throw new BrokenChainError({
        seq: 0,
        reason: 'the seal of the register is broken: whether a loss was accepted is not known',
      })
    const newest = restorations.at(-1) ?? ''
    // What was written before a loss was accepted is accepted with it; what was behind one that is not on record is missing.
    const counts = (head: RememberedHead) =>
      head.at === undefined
        ? head.restored === newest || !['', ...restorations].includes(head.restored)
        : head.at > accepted
    restored = newest
    missing = found.missing.flatMap(({ place, present }): readonly MissingRecord[] => {
      const head = heads[place - 1]
      if (head === undefined || !counts(head)) return []
      const { chain, n, hash, pos } = head
      return [{ chain, n, hash, pos, present }]
    })
    if (missing.length > 0) heard()
    else
      memory?.settle(
        heads.filter((head) => head.at === undefined && head.restored === newest && !over.includes(head.chain)),
      )
  }

  return {
    get missing() {
      return missing
    },

    compare,

    compareOnce: async (connection: number, ask: Ask): Promise<void> => {
      if (compared === connection && missing.length === 0) return
      await compare(ask)
      compared = connection
    },

    remember: (asked: readonly Asked[], answers: readonly (AppendAnswer | 'alone' | undefined)[]): void => {
      const heads: RememberedHead[] = []
      const over: string[] = []
      for (const [place, each] of asked.entries()) {
        const answer = answers[place]
        if (answer === undefined || answer === 'alone' || answer.is !== 'written') continue
        if (each.request.events.some(({ type }) => type === 'StoreRestored')) {
          // It is accepted: whoever puts on record what is missing must not say it once more behind that.
          missing = []
          compared = 0
        }
        heads.push(...headsOf(each, answer).map((head) => ({ ...head, restored })))
        const { execution } = each.request
        if (execution !== undefined && each.prepared.head?.isOpen === false) over.push(execution)
      }
      if (heads.length + over.length > 0) memory?.remember(heads, over)
    },

    /** Throws `store` for an execution whose own records are missing, and `guard` for what leads on while any are. */
    require: ({ execution, events }: Pick<AppendRequest, 'execution' | 'events'>): void => {
      if (missing.some(({ chain }) => chain === execution)) throw missingError('store', missing)
      if (missing.length > 0 && needsWhole(events)) throw missingError('guard', missing)
    },

    close: (): void => memory?.close(),
  }
}

// The newest rows of the chains that a request has written: of its execution, unless that has ended, and of the register.
function headsOf(
  { request, prepared }: Asked,
  answer: AppendAnswer & { readonly is: 'written' },
): readonly Omit<RememberedHead, 'restored'>[] {
  const { head, register, registerRows } = prepared
  const own =
    request.execution === undefined || head?.isOpen !== true
      ? []
      : [{ chain: request.execution, n: head.n, hash: head.hash, pos: answer.places.at(-1) ?? 0 }]
  if (registerRows.length === 0) return own
  const { n, hash } = register
  return [...own, { chain: REGISTER_CHAIN, n, hash, pos: answer.register.at(-1) ?? 0 }]
}

/** What is refused while records are missing: `store` to whoever has written them, `guard` to everybody else. */
export function missingError(kind: 'store' | 'guard', missing: readonly MissingRecord[]): EosflowError {
  const named = missing.slice(0, 3).map(missingWords).join('; ')
  const more = missing.length > 3 ? `; and ${missing.length - 3} more` : ''
  const what = missing.length === 0 ? '' : `: ${named}${more}`
  return new EosflowError(kind, `the store lacks records that were acknowledged${what}`, { hint: LOST_HINT })
}

const LOST_HINT =
  'It was put back to an earlier time, or a server took over that did not have them. Look at the switches first: eosflow recover --scan.'

export function missingWords({ chain, n, present }: Pick<MissingRecord, 'chain' | 'n' | 'present'>): string {
  const whose = chain === REGISTER_CHAIN ? 'the register' : `execution ${chain}`
  return present >= n ? `record ${n} of ${whose} is another one` : `record ${n} of ${whose}, which has ${present}`
}
