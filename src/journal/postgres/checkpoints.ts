import { EosflowError } from '../../model/error.ts'
import type { StoredCheckpoint } from '../audit/audit-trail.ts'
import { chainWords } from '../audit/chain-walk.ts'
import {
  type ChainHead,
  type ChainsCheckpoint,
  checkpointDigest,
  headsOf,
  NO_CHECKPOINT,
  readChainsCheckpoint,
} from '../audit/chains-checkpoint.ts'
import type { CheckpointSigner } from '../audit/checkpoint-key.ts'
import { readNote } from '../audit/signed-note.ts'
import { BrokenChainError } from '../chain.ts'
import { checkpointSeal } from '../chains/checkpoint-seal.ts'
import type { StoreKeys } from '../store-keys.ts'
import { type ChainRowHead, EXECUTION_CHAIN_HEADS, REGISTER_CHAIN_HEAD, verifiedHead } from './chain-head.ts'
import type { Questions } from './database.ts'

/** What checkpoints are made of. */
export interface CheckpointsParts {
  readonly questions: Questions
  readonly origin: string
  readonly keys: StoreKeys
  /** Absent where nothing is signed: the key that has signed until now is not at hand. */
  readonly signer?: CheckpointSigner
}

interface NewestRow extends StoredCheckpoint {
  readonly heads: string
}

const NEWEST = 'SELECT id, seq, at, note, heads FROM checkpoint ORDER BY id DESC LIMIT 1'

/** Those that are open, and those that have ended behind a row of the register: what an execution ended with is in one checkpoint at least. */
const HEADS = `${EXECUTION_CHAIN_HEADS}
  WHERE x.is_open OR x.id = ANY($2) OR x.id IN (SELECT r.execution FROM register r WHERE r.n > $1 AND r.mirror = 'ended')`

const NEWEST_POSITION = `SELECT greatest((SELECT coalesce(max(pos), 0) FROM event), (SELECT coalesce(max(pos), 0) FROM register)) AS seq`

/** What a store holds at one moment, as a checkpoint speaks of it, and the checkpoint before. */
interface Moment {
  readonly checkpoint: ChainsCheckpoint
  readonly heads: readonly ChainHead[]
  /** Whether anything was written since the checkpoint before. */
  readonly isNew: boolean
}

/** A signed note, and the heads that its root is over. */
export interface NoteOverHeads {
  readonly note: string
  readonly heads: readonly ChainHead[]
}

/** Signs checkpoints over all chains of a store. Any process may: the number decides which of several was first. */
export class Checkpoints {
  readonly #parts: CheckpointsParts

  constructor(parts: CheckpointsParts) {
    this.#parts = parts
  }

  get signs(): boolean {
    return this.#parts.signer !== undefined
  }

  async newest(): Promise<StoredCheckpoint | undefined> {
    return (await this.behind(undefined))[0]
  }

  /** The checkpoints behind a number, in order; without a number the newest one. */
  async behind(id: number | undefined): Promise<readonly StoredCheckpoint[]> {
    const { questions } = this.#parts
    if (id === undefined)
      return questions.ask<StoredCheckpoint & Record<string, unknown>>(NEWEST.replace(', heads', ''))
    return questions.ask('SELECT id, seq, at, note FROM checkpoint WHERE id > $1 ORDER BY id', [id])
  }

  /**
   * Signs what is there now, at a time, ISO 8601 in UTC. False where another process was faster, or has rotated the install key. Without `isDaily` nothing is signed where
   * nothing was written since the newest one. Throws BrokenChainError where the heads are not what was sealed.
   */
  async sign(at: string, { isDaily = false } = {}): Promise<boolean> {
    if (!this.signs) return true
    const moment = await this.#moment([])
    if (!moment.isNew && !isDaily) return true
    return (await this.#put(moment, at)) !== undefined
  }

  /**
   * Signs one that speaks of some executions that have ended, too, and the seal of a segment with just these: both with the heads that
   * their roots are over. Undefined where another process was faster. Throws `store` where nothing is signed here.
   */
  async signOver(
    executions: readonly string[],
    at: string,
  ): Promise<{ readonly checkpoint: NoteOverHeads; readonly seal: NoteOverHeads } | undefined> {
    const { signer, origin } = this.#parts
    const moment = await this.#moment(executions)
    const note = await this.#put(moment, at)
    if (note === undefined || signer === undefined) return undefined
    const own = moment.heads.filter(({ chain }) => executions.includes(chain))
    const seal = signer.signSegment({ origin, executions: headsOf(own), seq: moment.checkpoint.seq }, at)
    return { checkpoint: { note, heads: moment.heads }, seal: { note: seal.note, heads: own } }
  }

  async #put({ checkpoint, heads }: Moment, at: string): Promise<string | undefined> {
    const { signer, questions, keys, origin } = this.#parts
    if (signer === undefined) throw new EosflowError('store', 'no checkpoint is signed here: its key is not at hand')
    const { note } = signer.signChains(checkpoint, at)
    const named = JSON.stringify(Object.fromEntries(heads.map(({ chain, n }) => [chain, n])))
    const { number, seq } = checkpoint
    const its = keys.check
    const seal = checkpointSeal(keys, { origin, checkpoint: number, digest: checkpointDigest(checkpoint) })
    const kept = await questions.one<{ readonly put: boolean }>(
      'SELECT checkpoint_put($1, $2, $3, $4, $5, $6, $7) AS put',
      [its, number, seq, at, note, named, Buffer.from(seal, 'hex')],
    )
    return kept?.put === true ? note : undefined
  }

  async #moment(also: readonly string[]): Promise<Moment> {
    const { questions, origin, keys } = this.#parts
    return questions.view(async (ask) => {
      const [newest] = await ask<NewestRow & Record<string, unknown>>(NEWEST)
      const before = newest === undefined ? undefined : readChainsCheckpoint(readNote(newest.note)?.text ?? '')
      if (newest !== undefined && before === undefined)
        throw new BrokenChainError({ seq: newest.seq, reason: `checkpoint ${newest.id} cannot be read` })
      const [register] = await ask<ChainRowHead & Record<string, unknown>>(REGISTER_CHAIN_HEAD)
      const executions = await ask<ChainRowHead & Record<string, unknown>>(HEADS, [before?.register.n ?? 0, also])
      const [last] = await ask<{ readonly seq: number }>(NEWEST_POSITION)
      const rows = register === undefined ? executions : [register, ...executions]
      // Nothing is signed that was not sealed by whoever has the key, and is not there.
      const heads = rows.map((row) => verifiedHead(keys, origin, row))
      requireNoneShorter(newest, heads)
      const [{ n, hash } = { n: 0, hash: new Uint8Array(32) }] = heads
      const checkpoint: ChainsCheckpoint = {
        origin,
        number: (before?.number ?? 0) + 1,
        before: before === undefined ? NO_CHECKPOINT : checkpointDigest(before),
        register: { n, hash },
        heads: headsOf(heads),
        seq: last?.seq ?? 0,
      }
      const isNew = before === undefined || Buffer.compare(before.heads.root, checkpoint.heads.root) !== 0
      return { checkpoint, heads, isNew }
    })
  }
}

/** A chain never becomes shorter: an older sealed head that is put back is found before anything is signed over it. */
function requireNoneShorter(newest: NewestRow | undefined, heads: readonly ChainHead[]): void {
  if (newest === undefined) return
  const before = JSON.parse(newest.heads) as Readonly<Record<string, number>>
  const shorter = heads.find(({ chain, n }) => n < (before[chain] ?? 0))
  if (shorter === undefined) return
  const { chain, n } = shorter
  const reason = `record ${n + 1} of ${chainWords(chain)} is missing: checkpoint ${newest.id} speaks of ${before[chain]} records`
  throw new BrokenChainError({ seq: newest.seq, reason })
}
