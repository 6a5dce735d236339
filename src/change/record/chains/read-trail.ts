import { EosflowError } from '../../../model/error.ts'
import { readChainsCheckpoint } from '../audit/chains-checkpoint.ts'
import type { ChainsNote } from '../audit/chains-testimony.ts'
import { readNote } from '../audit/signed-note.ts'
import { faultOfMirrors, type WalkedChains, walkedChains } from '../audit/walked-chains.ts'
import type { ArtefactRef } from '../event/event.ts'
import { objectIn } from '../event/record-text.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import { keysLacking, type RotationRow, requireOrder, rotationFault } from '../store/install-rotation.ts'
import { faultBeside } from './beside-chains.ts'
import type { FoundChainRow } from './chain-rows.ts'
import { type DerivedRows, derivedRows, type MissedRecord } from './derived-rows.ts'
import { type CheckpointRow, newestFault, type RecordView } from './records.ts'
import { judgeSegment, noSegmentFiles, type SegmentFiles, type SegmentRecord } from './retired-segments.ts'
import { spokenIn } from './spoken-heads.ts'

export interface ChainsTrail {
  readonly chains: WalkedChains
  readonly notes: readonly ChainsNote[]
  readonly keyed: boolean
  /** The ids of the install keys that the store was under before, and that are not here. */
  readonly lacking: readonly string[]
  /** What no key here reads, and may be of one of those. */
  readonly unread: UnreadTexts
  /** When the first record at or behind a position was written, ISO 8601 in UTC. */
  timeOf(pos: number): string | undefined
  readonly missing: readonly SegmentRecord[]
  readonly missed: readonly MissedRecord[]
}

export interface UnreadTexts {
  readonly texts: number
  readonly executions: readonly string[]
}

export interface TrailOptions {
  readonly keys: KeyRing | undefined
  readonly files?: SegmentFiles
  readonly beside?: (derived: DerivedRows) => Promise<ChainFault | undefined>
}

/** Throws `store` when it cannot be read as a store at all. */
export async function readTrail(
  view: RecordView,
  { keys: own, files = noSegmentFiles, beside }: TrailOptions,
): Promise<ChainsTrail> {
  const { origin, check } = (await view.said()) ?? { origin: '', check: '' }
  const rotations = await view.rotations()
  const keys = fitting(own, check, rotations)
  const strange: ArtefactRef[] = []
  const checkpoints = await view.checkpoints()
  const { chains, derived, times, missing } = await walked(view, files, origin, checkpoints)
  chains.find(faultOfMirrors(chains, chains.mirrors))
  if (chains.fault === undefined) {
    chains.find(rotationFault(rotations, { origin, check, ring: own }))
    chains.find(await faultBeside({ view, chains, derived, keys, unread: (ref) => void strange.push(ref) }))
  }
  if (keys !== undefined) chains.find(newestFault(await view.checkpointSeals(), checkpoints.at(-1), { origin, keys }))
  const ids = new Set(checkpoints.map(({ id }) => id))
  for (const checkpoint of checkpoints) chains.find(placeFault(checkpoint, ids))
  if (chains.fault === undefined) chains.find(await beside?.(derived))
  const unread = new Set(missing.flatMap(({ executions }) => Object.keys(executions)))
  const notes = checkpoints.map(({ note, at, heads }): ChainsNote => {
    const spoken = spokenHeads(chains, heads, unread)
    return spoken === undefined ? { note, at } : { note, at, heads: spoken }
  })
  return {
    chains,
    notes,
    keyed: keys !== undefined,
    lacking: keys?.lacking ?? [],
    unread: { texts: strange.length, executions: strange.length === 0 ? [] : await view.namingAny(strange) },
    timeOf: (pos) => times.at(pos),
    missing,
    missed: derived.missed,
  }
}

function fitting(own: KeyRing | undefined, check: string, rotations: readonly RotationRow[]) {
  const isFitting = own?.fits(check) === true
  if (own !== undefined) requireOrder(rotations, check, own)
  if (own === undefined || !isFitting) return undefined
  own.lacking = keysLacking(rotations, own)
  return own
}

async function walked(view: RecordView, files: SegmentFiles, origin: string, checkpoints: readonly CheckpointRow[]) {
  const wanted = new Map<string, Set<number>>()
  const want = (chain: string, n: number) => wanted.set(chain, (wanted.get(chain) ?? new Set<number>()).add(n))
  for (const { heads } of checkpoints) for (const [chain, n] of spokenIn(heads)) want(chain, n)
  const chains = walkedChains(origin, { isWanted: (chain, n) => n === 1 || wanted.get(chain)?.has(n) === true })
  const derived = derivedRows()
  const times = timesOf()
  const missing: SegmentRecord[] = []
  const left = new Map<string, FoundChainRow[]>()

  const take = (found: FoundChainRow) => {
    const { chain, row, isMirror } = found
    const said = objectIn(row.body)
    if (derived.retired.has(chain)) left.set(chain, [...(left.get(chain) ?? []), found])
    else chains.take(chain, row, isMirror, said)
    chains.find(legible(() => derived.take(found, said), row.pos))
    if (!isMirror) times.add(row.pos, String(said?.at))
  }

  const takeAll = async (rows: AsyncIterable<readonly FoundChainRow[]>) => {
    for await (const some of rows)
      for (const found of some) {
        if (chains.fault !== undefined) return
        take(found)
      }
  }

  await takeAll(view.registerRows())
  for (const { execution, n } of chains.mirrors) want(execution, n)
  await takeAll(view.executionRows())
  for (const record of derived.segments) {
    if (chains.fault !== undefined) break
    const { isMissing } = await judgeSegment({ view, chains, record, left, files })
    if (isMissing) missing.push(record)
  }
  return { chains, derived, times, missing }
}

// When records were written, to the minute.
function timesOf() {
  // The highest position of each minute.
  const minutes = new Map<string, number>()
  let minute = 'none'
  return {
    add: (pos: number, at: string) => {
      // Mostly it is that of the record before: a text that is known is looked up sooner.
      if (!at.startsWith(minute)) minute = at.slice(0, MINUTE)
      minutes.set(minute, Math.max(pos, minutes.get(minute) ?? 0))
    },
    at: (pos: number) => {
      const behind = [...minutes].filter(([, highest]) => highest >= pos).map(([its]) => its)
      const first = behind.toSorted()[0]
      return first === undefined ? undefined : `${first}:00.000Z`
    },
  }
}

// Of `2026-01-05T08:00:00.000Z`.
const MINUTE = 16

// What of a checkpoint is not there is given as a head of nothing, so that it is named.
function spokenHeads(chains: WalkedChains, heads: string, unread: ReadonlySet<string>) {
  const spoken = spokenIn(heads)
  if (spoken.some(([chain, n]) => unread.has(chain) && chains.headAt(chain, n) === undefined)) return undefined
  return spoken.map(([chain, n]) => chains.headAt(chain, n) ?? { chain, n, hash: new Uint8Array(32), positions: [] })
}

function legible(judge: () => ChainFault | undefined, seq: number) {
  try {
    return judge()
  } catch (thrown) {
    if (thrown instanceof EosflowError) return { seq, reason: thrown.message }
    throw thrown
  }
}

function placeFault({ id, seq, note }: CheckpointRow, ids: ReadonlySet<number>): ChainFault | undefined {
  const said = readChainsCheckpoint(readNote(note)?.text ?? '')
  if (said === undefined || (said.number !== id && ids.has(said.number))) return undefined
  if (said.number === id && said.seq === seq) return undefined
  return { seq: said.seq, reason: `what checkpoint ${id} is found by is not what it says` }
}
