import type { Clock } from '../../model/clock.ts'
import { longestAge } from '../../model/fence.ts'
import type { Questions } from './database.ts'
import type { ExecutionRow, LeaseRow } from './standing.ts'
import type { WorkerRow } from './worker-row.ts'

/** Whether a process may write to a switch, and for how long it is taken to live without another sign of that, in milliseconds. */
const FENCE = `SELECT fence($1, $2, $3) AS fence,
  (SELECT (extract(epoch FROM term_end(w) - clock_timestamp()) * 1000)::float8 FROM worker w WHERE w.id = $2) AS left`

/** What the database says to a process that wants to write to a switch. */
export interface FenceAnswer {
  readonly isAlive: boolean
  readonly execution: Pick<ExecutionRow, 'last' | 'token' | 'worker'> | null
  readonly lease: LeaseRow | null
  /** When it was asked, by the monotonic clock of this process; how old the answer may be when bytes leave; and for how long it proves at all. In milliseconds. */
  readonly asked: number
  readonly longest: number
  readonly term: number
}

/** Who asks, and by what. */
export interface FenceParts {
  readonly questions: Questions
  readonly clock: Pick<Clock, 'monotonic'>
  readonly worker: WorkerRow
}

/**
 * Asks whether this process may write to a switch. The answer lasts no longer than the term behind which another process may take over: where less
 * of that is left, this process says first that it lives, and asks once more. Throws `store`.
 */
export async function askFence(
  { questions, clock, worker }: FenceParts,
  execution: string,
  device: string,
): Promise<FenceAnswer> {
  const me = await worker.begin()
  const longest = longestAge(worker.ttl)
  const ask = async (): Promise<{ readonly answer: FenceAnswer; readonly left: number }> => {
    const asked = clock.monotonic()
    const row = await questions.one<{ fence: Omit<FenceAnswer, 'asked' | 'longest' | 'term'>; left: number | null }>(
      FENCE,
      [execution, me, device],
    )
    const said = row?.fence ?? { isAlive: false, execution: null, lease: null }
    const left = row?.left ?? 0
    return { answer: { ...said, asked, longest, term: left }, left }
  }
  const first = await ask()
  if (first.left >= longest || !first.answer.isAlive) return first.answer
  const isAlive = await worker.beatOnce(questions)
  return isAlive ? (await ask()).answer : { ...first.answer, isAlive }
}
