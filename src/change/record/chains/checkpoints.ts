import { EosflowError } from '../../../model/error.ts'
import { chainWords } from '../audit/chain-walk.ts'
import {
  type ChainHead,
  type ChainsCheckpoint,
  checkpointDigest,
  headsOf,
  NO_CHECKPOINT,
} from '../audit/chains-checkpoint.ts'
import type { CheckpointSigner } from '../audit/checkpoint-key.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { checkpointText, provenNewest, type ReadCheckpoint } from './newest-checkpoint.ts'
import type { CheckpointRow, Records, RecordView } from './records.ts'
import { verifiedHead } from './seal.ts'
import { spokenIn } from './spoken-heads.ts'

export interface CheckpointsParts {
  readonly records: Records
  readonly origin: string
  readonly keys: StoreKeys
  /** Undefined where nothing is signed: the key that has signed until now is not at hand. */
  readonly signer: CheckpointSigner | undefined
}

interface Moment {
  readonly checkpoint: ChainsCheckpoint
  readonly heads: readonly ChainHead[]
}

export interface NoteOverHeads {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

export class Checkpoints {
  readonly #parts: CheckpointsParts

  constructor(parts: CheckpointsParts) {
    this.#parts = parts
  }

  get signs(): boolean {
    return this.#parts.signer !== undefined
  }

  /** Signs what is there now, at a time, ISO 8601 in UTC. Without `isDaily` nothing is signed where nothing was written since the newest one. */
  async sign(at: string, { isDaily = false } = {}): Promise<boolean> {
    if (!this.signs) return true
    const moment = await this.#parts.records.view(async (view) => {
      const newest = await this.#newestIn(view)
      const hasNew = newest?.said.seq !== (await view.newestPosition())
      return hasNew || isDaily ? this.#momentIn(view, newest, []) : undefined
    })
    return moment === undefined || (await this.#put(moment, at)) !== undefined
  }

  /** Throws `store` where nothing is signed here. */
  async signOver(
    executions: readonly string[],
    at: string,
  ): Promise<{ readonly checkpoint: NoteOverHeads; readonly seal: NoteOverHeads } | undefined> {
    const { signer, origin, records } = this.#parts
    const moment = await records.view(async (view) => this.#momentIn(view, await this.#newestIn(view), executions))
    const note = await this.#put(moment, at)
    if (note === undefined || signer === undefined) return undefined
    const own = moment.heads.filter(({ chain }) => executions.includes(chain))
    const seal = signer.signSegment({ origin, executions: headsOf(own), seq: moment.checkpoint.seq }, at)
    return { checkpoint: { note, heads: moment.heads }, seal: { note: seal.note, heads: own } }
  }

  async #put({ checkpoint, heads }: Moment, at: string): Promise<string | undefined> {
    const { signer, records, keys, origin } = this.#parts
    if (signer === undefined) throw new EosflowError('store', 'no checkpoint is signed here: its key is not at hand')
    const { note } = signer.signChains(checkpoint, at)
    const named = JSON.stringify(Object.fromEntries(heads.map(({ chain, n }) => [chain, n])))
    const { number, seq } = checkpoint
    const key = keys.check
    const seal = keys.seal(checkpointText(origin, number, checkpointDigest(checkpoint)))
    const isKept = await records.putCheckpoint({ key, id: number, seq, at, note, heads: named, seal })
    return isKept ? note : undefined
  }

  #newestIn(view: RecordView): Promise<ReadCheckpoint | undefined> {
    const { origin, keys } = this.#parts
    return provenNewest(view, { origin, keys })
  }

  async #momentIn(view: RecordView, newest: ReadCheckpoint | undefined, also: readonly string[]): Promise<Moment> {
    const { origin, keys } = this.#parts
    const before = newest?.said
    const register = await view.registerEnd()
    // What an execution has ended with is in one checkpoint at least.
    const executions = await view.executionEnds(before?.register.n ?? 0, also)
    const ends = register === undefined ? executions : [register, ...executions]
    // Nothing is signed that was not sealed by whoever has the key, and is not there.
    const heads = ends.map((end) => verifiedHead(keys, origin, end))
    requireNoneShorter(newest?.row, heads)
    const [{ n, hash } = { n: 0, hash: new Uint8Array(32) }] = heads
    const checkpoint: ChainsCheckpoint = {
      origin,
      number: (before?.number ?? 0) + 1,
      before: before === undefined ? NO_CHECKPOINT : checkpointDigest(before),
      register: { n, hash },
      heads: headsOf(heads),
      seq: await view.newestPosition(),
    }
    return { checkpoint, heads }
  }
}

// A chain never becomes shorter: an older sealed head that is put back is found before anything is signed over it.
function requireNoneShorter(newest: CheckpointRow | undefined, heads: readonly ChainHead[]) {
  if (newest === undefined) return
  const before = new Map(spokenIn(newest.heads))
  const shorter = heads.find(({ chain, n }) => n < (before.get(chain) ?? 0))
  if (shorter === undefined) return
  const { chain, n } = shorter
  const reason = `record ${n + 1} of ${chainWords(chain)} is missing: checkpoint ${newest.id} speaks of ${before.get(chain)} records`
  throw new BrokenChainError({ seq: newest.seq, reason })
}
