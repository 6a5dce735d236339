import { foldAll } from '../engine/fold.ts'
import { type ExecutionState, newExecution } from '../engine/state.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import { sha256 } from '../model/digest.ts'
import { EosflowError } from '../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from '../plan/prepare.ts'
import type { AskMode } from './approvals.ts'
import { recap, report } from './bench.ts'
import { type Beginning, type Bench, open, resume } from './execution.ts'
import { InputError } from './failure.ts'
import { followed } from './follow.ts'
import { requireAllowed } from './policy/authority.ts'
import { aboutExecution, requireResumable } from './policy/entry.ts'
import { progressTeller } from './watched-journal.ts'

type Request = NonNullable<Beginning['request']>

const KEY = /^[\w.:/@+-]{1,128}$/

/** How an interrupted caller ends: that says nothing about the execution, which goes on. */
const INTERRUPTED = 130

/** Looks without a new record before nobody is taken to run an execution: whoever has begun it claims it a moment later. */
const SETTLED = 4

/** What `--key` asks for: the key, and a digest of the saved plan, or of the definition and the switches. Throws InputError. */
export function requestOf(key: unknown, { plan, prepared }: { plan?: Plan; prepared: Prepared }): Request | undefined {
  if (typeof key !== 'string') return undefined
  if (!KEY.test(key)) {
    const message = 'a key is made of 1 to 128 letters, digits and _ . : / @ + -'
    throw new InputError([
      { code: 'bad-key', message, at: { file: '--key', line: 1, column: 1 }, hint: 'Give the number of the job.' },
    ])
  }
  const { digest: definition, devices } = prepared
  const of = plan?.digest ?? sha256(canonicalJson({ definition, devices: devices.map(({ name }) => name) }))
  return { key, of }
}

/** The execution that was asked for under this key before. Throws `stale` when that was another change. */
export async function earlier({ desk }: Bench, { key, of }: Request): Promise<string | undefined> {
  const found = await desk.store.requested(key)
  if (found === undefined || found.request?.of === of) return found?.execution
  throw new EosflowError(
    'stale',
    `the key ${key} belongs to execution ${found.execution}, which was asked for another change: nothing was begun`,
    { hint: 'Give this change another key.' },
  )
}

/** Puts a new execution on record; gives the id of another one that was begun under the same key at this moment. Throws as {@link open} does. */
export async function openOrFind(bench: Bench, beginning: Beginning): Promise<ExecutionState | string> {
  try {
    return await open(bench, beginning)
  } catch (error) {
    const { request } = beginning
    const other = request === undefined ? undefined : await earlier(bench, request)
    if (other === undefined) throw error
    return other
  }
}

/**
 * Gives whoever asks once more the execution that is on record: its end, or the way there. One that another process runs is followed, or
 * with `detach` refused as `busy`; one that nobody runs is taken up. Gives the exit code.
 */
export async function again(bench: Bench, id: string, ask: AskMode): Promise<number> {
  const { desk, invocation } = bench
  const { io } = invocation
  const found = foldAll(id, await desk.store.read(id))
  await requireAllowed(bench, 'execution.read', aboutExecution(found))
  io.err(`asked for before: execution ${id}; nothing is begun a second time\n`)
  if (found.status === 'ended') return recap(bench, found)
  const left = await untilLeft(bench, id, ask.detach === true)
  if (left === undefined) {
    io.err(`\nno longer watching; ${id} goes on\nNext: eosflow watch ${id}\n`)
    return INTERRUPTED
  }
  if (left.status === 'ended') return recap(bench, left)
  await requireResumable(bench, left)
  return report(bench, id, () => resume(bench, id, ask))
}

/** Follows an execution until it ends or nobody runs it; undefined when the caller is interrupted. Throws `busy` where nobody is to wait. */
async function untilLeft(
  { desk, invocation }: Bench,
  id: string,
  isDetached: boolean,
): Promise<ExecutionState | undefined> {
  const { io } = invocation
  const tell = progressTeller(invocation)
  for await (const { state, events, silent } of followed(desk, newExecution(id), io.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    if (!(await desk.claims.isClaimed(id))) {
      if (silent >= SETTLED) return state
    } else if (isDetached) {
      throw new EosflowError('busy', `execution ${id} is run by another process at this moment`, {
        hint: `eosflow watch ${id}`,
      })
    }
  }
  return undefined
}
