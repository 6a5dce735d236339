import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import type { ExecutionSummary, Store } from '../../../change/record/store/store.ts'
import type { ChangeTerms, EarlierChange } from '../../../model/change-terms.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { rolledBackBy } from '../../../model/kept-workflow.ts'
import { windowSentence } from '../../../report/phrases/change-file-words.ts'
import { count, duration, short } from '../../../report/text/count.ts'
import { aboutChange, aboutPlan } from '../../access/policy/entry.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

/** Requires that a change may begin by what its change file says: now, and behind the changes that come before it. Throws `window-closed` by the name of the file. */
export async function requireMayBegin(
  app: ProjectStore,
  {
    purpose,
    prepared,
    plan,
  }: { readonly purpose: 'plan' | 'run'; readonly prepared: PreparedChange; readonly plan?: Plan },
): Promise<void> {
  const { changeFile: change } = prepared
  if (purpose !== 'run' || change === undefined) return
  const { lasts = 0 } = plan === undefined ? aboutChange(prepared) : aboutPlan(plan)
  const error = closedWindow(change, app.clock.now(), lasts) ?? (await lackingEarlier(app.store, change))
  if (error !== undefined) throw error
}

/** Why a change may not begin at a time, milliseconds since the epoch, where it takes `lasts` milliseconds; undefined where it may. */
export function closedWindow(
  terms: Pick<ChangeTerms, 'file' | 'notBefore' | 'notAfter'>,
  now: number,
  lasts: number,
): EosflowError | undefined {
  const { file, notBefore, notAfter } = terms
  const isEarly = notBefore !== undefined && now < Date.parse(notBefore)
  const isLate = notAfter !== undefined && now + lasts > Date.parse(notAfter)
  if (!isEarly && !isLate) return undefined
  const takes = isLate && now < Date.parse(notAfter) ? `, and the change takes up to ${duration(lasts / 1000)}` : ''
  const message = `${windowSentence(file, terms).join('')}: it is ${new Date(now).toISOString()}${takes}`
  const hint = isEarly
    ? 'Nothing was sent: run it again then.'
    : 'Nothing was sent: write another time into the change file, and plan again.'
  return new EosflowError('window-closed', message, { hint })
}

const PAGE = 50

/**
 * Why a change may not begin by those that come before it: each must have succeeded as its file was when this one was planned, and nobody may be taking it back or have done so since.
 * The error names all of which that is not so; undefined where there is none.
 */
export async function lackingEarlier(
  store: Pick<Store, 'executions'>,
  { file, after = [] }: Pick<ChangeTerms, 'file' | 'after'>,
): Promise<EosflowError | undefined> {
  const open = new Map(after.map((one) => [keyOf(one), one]))
  if (open.size === 0) return undefined
  const seen = new Map<string, string>()
  const undone = new Set<string>()
  for await (const one of newestOf(store)) {
    noteUndone(one, undone)
    const key = changeAskedBy(one)
    if (key === undefined || !open.has(key)) continue
    if (isSuccess(one) && !undone.has(one.id)) open.delete(key)
    else if (!seen.has(key)) seen.set(key, one.id)
    if (open.size === 0) return undefined
  }
  const lacking = [...open].map(([key, one]) => {
    const execution = seen.get(key)
    return `${one.file} (${short(one.digest)})${execution === undefined ? '' : `, whose newest execution is ${execution}`}`
  })
  return new EosflowError(
    'window-closed',
    `${file} comes after ${count(lacking.length, 'change')} of which no success is on record: ${lacking.join('; ')}`,
    { hint: 'Nothing was sent: run what comes before, then this once more.' },
  )
}

/**
 * Requires that what a change file has asked for before was not taken back since, nor is: who asks once more would take it for made. Throws `stale`.
 */
export async function requireInForce(store: Pick<Store, 'executions'>, file: string, execution: string): Promise<void> {
  const undone = new Set<string>()
  for await (const one of newestOf(store)) {
    if (one.id === execution) return
    if (noteUndone(one, undone) === execution)
      throw new EosflowError(
        'stale',
        `${file} was executed by ${execution}, which ${one.id} has rolled back or is rolling back: nothing was begun`,
        { hint: 'Give another key, or edit the file: then it is another attempt.' },
      )
  }
}

// All executions, newest first.
async function* newestOf(store: Pick<Store, 'executions'>): AsyncGenerator<ExecutionSummary> {
  for (let before: string | undefined; ; ) {
    const page = await store.executions({ limit: PAGE, ...definedMembers({ before }) })
    yield* page
    before = page.at(-1)?.id
    if (page.length < PAGE || before === undefined) return
  }
}

const keyOf = ({ file, digest }: EarlierChange) => `${digest} ${file}`

function changeAskedBy({ first }: ExecutionSummary) {
  if (first.type !== 'ExecutionStarted' || first.purpose !== 'run' || first.part !== undefined) return undefined
  return first.changeFile === undefined ? undefined : keyOf(first.changeFile)
}

function undoneBy(one: ExecutionSummary, undone: ReadonlySet<string>) {
  const { id, first, last } = one
  if (first.type !== 'ExecutionStarted' || first.purpose !== 'run') return undefined
  if (undone.has(id)) return first.part?.of
  const back = rolledBackBy(first)
  const ends = last.type === 'ExecutionEnded' ? Object.values(last.devices) : ['unknown']
  return isSuccess(one) || ends.some((end) => end === 'changed' || end === 'unknown') ? back : undefined
}

function noteUndone(one: ExecutionSummary, undone: Set<string>) {
  const back = undoneBy(one, undone)
  if (back !== undefined) undone.add(back)
  return back
}

const DONE: readonly string[] = ['succeeded', 'nothing-to-do']

function isSuccess({ last }: ExecutionSummary) {
  return last.type === 'ExecutionEnded' && DONE.includes(last.outcome)
}
