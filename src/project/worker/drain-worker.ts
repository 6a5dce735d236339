import type { WorkerRecord } from '../../change/record/store/workers.ts'
import { problemOf } from '../../model/problem.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { requireAllowed } from '../access/policy/authority.ts'
import { writeAllowed } from '../access/policy/write-allowed.ts'
import type { RecordApp } from '../app/app.ts'
import type { Caller } from '../identity/caller.ts'
import { InputError } from '../system/process/input-error.ts'
import { passClock } from '../system/process/pass-clock.ts'
import { workersOf } from './list-workers.ts'

const WORKER = 'worker:'

/** `word` is its id, a beginning of that, or its name, with or without `worker:`, where it means one living worker alone. Throws as the policy does, and InputError. */
export async function drainWorker(app: RecordApp, caller: Caller, word: string): Promise<string> {
  const allowed = await requireAllowed(app, caller, 'worker.drain')
  const workers = workersOf(app)
  const meant = meantBy(word, await workers.list())
  const [one] = meant
  if (one === undefined || meant.length > 1) throw unknown(app, word, meant)
  await passClock(app.clockRule, caller)
  const { id: worker, name, sites, version } = one
  const named = name === undefined ? {} : { name }
  const asked = {
    type: 'DrainRequested',
    principal: caller.principal,
    worker,
    ...named,
    sites,
    version,
  } as const
  await writeAllowed(app, caller, allowed, (by) => [{ ...asked, ...by }])
  if (await workers.askToDrain(worker)) return worker
  throw unknown(app, word, [])
}

function meantBy(word: string, all: readonly WorkerRecord[]) {
  const living = all.filter(({ kind, dead }) => kind === 'worker' && dead === undefined)
  const exact = living.filter(({ id }) => id === word)
  if (exact.length > 0 || word === '') return exact
  const named = living.filter(({ name }) => name !== undefined && (name === word || `${WORKER}${name}` === word))
  const heard = named.filter(({ age, ttl }) => age <= ttl)
  const begun = living.filter(({ id }) => id.startsWith(word))
  return [...new Set([...begun, ...(heard.length > 0 ? heard : named)])]
}

function unknown({ words }: Pick<RecordApp, 'words'>, word: string, meant: readonly WorkerRecord[]) {
  const list = meant.map(
    ({ id, name, drain }) =>
      `${name === undefined ? id : `${name} (${id})`}${drain === undefined ? '' : ', which drains'}`,
  )
  const message =
    meant.length > 1
      ? `${meant.length} workers are meant by that: ${visibleLine(list.join(', '))}`
      : 'no such worker lives'
  return new InputError([problemOf(visibleLine(word), 'no-such-worker', message, words({ code: 'list-workers' }))])
}
