import { isAnchor } from '../audit/audit-trail.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { chainWords, type WalkedChains } from '../audit/walked-chains.ts'
import type { ArtefactRef } from '../event/event.ts'
import { type ChainFault, REGISTER_CHAIN, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { missingText } from '../store/named-texts.ts'
import { batched } from './chain-rows.ts'
import type { DerivedRows } from './derived-rows.ts'
import type { KeptExecution, RecordView, TextRow } from './records.ts'
import { isSealedHead } from './seal.ts'

export interface WalkedStore {
  readonly view: RecordView
  readonly chains: WalkedChains
  readonly derived: DerivedRows
  /** Absent where the key that it was sealed with is not at hand: seals and texts are not judged then. */
  readonly keys: StoreKeys | undefined
  /** Takes a text that no key here reads, and that may be of a key which the store was under before. */
  readonly unread: (ref: ArtefactRef) => void
}

export async function faultBeside(walked: WalkedStore): Promise<ChainFault | undefined> {
  for (const judge of [registerFault, executionFault, useFault, tokenFault, leaseFault, deliveryFault, textFault]) {
    const fault = await judge(walked)
    if (fault !== undefined) return fault
  }
  return undefined
}

async function registerFault({ view, chains, derived, keys }: WalkedStore): Promise<ChainFault | undefined> {
  const [head, other] = await view.keptRegister()
  const end = chains.head(REGISTER_CHAIN)
  const seq = end.positions.at(-1) ?? 0
  if (head === undefined) return { seq, reason: 'the sealed head of the register is gone' }
  if (other !== undefined) return { seq, reason: 'the register has more than one head' }
  if (keys !== undefined && !isSealedHead(keys, chains.origin, null, head))
    return { seq, reason: 'the seal on the newest record of the register is broken' }
  const fault = endFault(end, head)
  if (fault !== undefined) return fault
  if (head.clockSince === derived.clockSince) return undefined
  return { seq, reason: 'the record by which a clock was last accepted is not the one that is kept' }
}

function endFault(
  { chain, n, hash, positions }: ChainHead,
  head: Pick<ChainHead, 'n' | 'hash' | 'positions'>,
): ChainFault | undefined {
  const seq = positions.at(-1) ?? 0
  const of = chainWords(chain)
  if (head.n > n) return { seq, reason: `record ${n + 1} of ${of} is missing: ${head.n} were sealed` }
  if (head.n < n) return { seq, reason: `record ${head.n + 1} of ${of} was not written by eosflow` }
  if (!sameBytes(head.hash, hash))
    return { seq, reason: `record ${n} of ${of} is not the one that was sealed as the newest` }
  if (!areSame(head.positions, positions))
    return { seq, reason: `record ${n} of ${of}, or one before it, is at another place than it was written to` }
  return undefined
}

function areSame(ones: readonly number[], others: readonly number[]) {
  return ones.length === others.length && ones.every((one, index) => one === others[index])
}

async function executionFault({ view, chains, derived, keys }: WalkedStore): Promise<ChainFault | undefined> {
  const rows = await view.keptExecutions()
  const known = new Set(rows.map(({ id }) => id))
  for (const [id, { first }] of derived.executions)
    if (!known.has(id)) return { seq: first, reason: `the sealed head of execution ${id} is gone` }
  for (const row of rows) {
    const fault = sealFault(row, chains.origin, keys) ?? endFault(chains.head(row.id), row)
    if (fault !== undefined) return { ...fault, seq: fault.seq === 0 ? row.first : fault.seq }
    const retired = derived.retired.get(row.id) ?? null
    if (row.retired !== retired)
      return {
        seq: row.last,
        reason: `the register says something else of whether the records of execution ${row.id} are here`,
      }
    if (!follows(row, derived))
      return { seq: row.last, reason: `what is kept of execution ${row.id} does not follow from its records` }
  }
  return undefined
}

function sealFault(row: KeptExecution, origin: string, keys: StoreKeys | undefined): ChainFault | undefined {
  if (keys === undefined || isSealedHead(keys, origin, row.id, row)) return undefined
  return { seq: row.last, reason: `the seal on the newest record of execution ${row.id} is broken` }
}

function follows(row: KeptExecution, derived: DerivedRows) {
  const found = derived.executions.get(row.id)
  if (found === undefined) return false
  const isPlaced = found.first === row.first && found.last === row.last
  // That an execution has acted, and how often it was taken over, is in records that have left with it.
  const isLeft = row.retired !== null
  const isActed = isLeft || found.hasActed === row.hasActed
  const isCounted = isLeft ? row.token > found.takes : row.token === found.takes + 1
  return isPlaced && found.isOpen === row.isOpen && isActed && isCounted
}

// What records say to be kept and is not, or as that of another execution; then what is kept and in no record.
function unlike<Row extends { readonly execution: string | null }>(
  said: ReadonlyMap<string, { readonly execution: string | null; readonly pos: number }>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  gone: (key: string, execution: string | null) => string,
  strange: (row: Row) => string,
): ChainFault | undefined {
  const kept = new Map(rows.map((row) => [keyOf(row), row.execution]))
  for (const [key, { execution, pos }] of said)
    if (kept.get(key) !== execution) return { seq: pos, reason: gone(key, execution) }
  const other = rows.find((row) => !said.has(keyOf(row)))
  return other && { seq: 0, reason: strange(other) }
}

async function useFault({ view, derived }: WalkedStore) {
  if (derived.usedAgain !== undefined) return derived.usedAgain
  return unlike(
    derived.uses,
    await view.usedKeys(),
    ({ key }) => key,
    (key) => `that it used up "${key}" is not kept`,
    ({ key }) => `no record uses up "${key}", which is kept as used`,
  )
}

async function tokenFault({ view, derived }: WalkedStore) {
  return unlike(
    derived.tokens,
    await view.taskTokens(),
    ({ token }) => token,
    () => 'which execution its task token is for is not kept',
    ({ execution }) => `no record of execution ${execution} has given out a task token that is kept`,
  )
}

async function leaseFault({ view, derived }: WalkedStore) {
  return unlike(
    derived.leases,
    await view.leases(),
    ({ device }) => device,
    (device, execution) =>
      `the lease of ${device} is not kept as that of execution ${execution}, which has announced the newest act on it`,
    ({ device }) => `no record has taken the lease of ${device}, which is kept`,
  )
}

export const DELIVERIES_ALTERED = 'how far receivers of records and checkpoints are is not what was sealed last'

// Nobody can have been sent a record that is not there: what is said to be delivered is never sent.
async function deliveryFault({ view, chains }: WalkedStore): Promise<ChainFault | undefined> {
  const rows = await view.deliveries()
  const checkpoints = (await view.newestCheckpoint())?.id ?? 0
  const newestFor = (receiver: string) => (isAnchor(receiver) ? checkpoints : chains.span.newest)
  const early = rows.find(({ receiver, position }) => position > newestFor(receiver))
  if (early === undefined) return undefined
  const { receiver, position } = early
  const newest = newestFor(receiver)
  return {
    seq: chains.span.newest,
    reason: `${receiver} is said to have ${position} already, and the newest is ${newest}`,
  }
}

// So many texts are read at once: each may be a configuration.
const TEXTS = 50

async function textFault({ view, derived, keys, unread }: WalkedStore) {
  const { texts } = derived
  for await (const rows of batched<TextRow>(TEXTS, (last) => view.textsBehind(last?.ref ?? '', TEXTS)))
    for (const row of rows) {
      const fault = texts.judge(keys, row, unread)
      if (fault !== undefined) return fault
    }
  return missingText(texts.missing)
}
