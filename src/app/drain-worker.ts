import type { WorkerRecord } from '../journal/workers.ts'
import { problemOf } from '../model/problem.ts'
import { visibleLine } from '../report/visible.ts'
import type { App } from './app.ts'
import type { Caller } from './caller.ts'
import { passClock } from './clock/pass-clock.ts'
import { InputError } from './input-error.ts'
import { workersOf } from './list-workers.ts'
import { requireAllowed } from './policy/authority.ts'

/**
 * Asks a worker to drain, on record: it takes nothing more, and what it drives ends or comes to rest. `word` is its id or a beginning that only one
 * living worker has. Gives its id. Throws as the policy does, and InputError.
 */
export async function drainWorker(app: App, caller: Caller, word: string): Promise<string> {
  const { rules, policy } = await requireAllowed(app, caller, 'worker.drain')
  const workers = workersOf(app)
  const living = (await workers.list()).filter(({ kind, dead }) => kind === 'worker' && dead === undefined)
  const meant = living.filter(({ id }) => id === word || (word !== '' && id.startsWith(word)))
  const [one] = meant
  if (one === undefined || meant.length > 1) throw unknown(app, word, meant)
  await passClock(app.clockRule, caller)
  const { id: worker, name, sites, version } = one
  const by = policy === null ? {} : { rules, policy }
  const named = name === undefined ? {} : { name }
  const asked = {
    type: 'DrainRequested',
    principal: caller.principal,
    worker,
    ...named,
    sites,
    version,
    ...by,
  } as const
  await app.journalAs(caller.principal).append(undefined, [asked])
  if (await workers.askToDrain(worker)) return worker
  throw unknown(app, word, [])
}

function unknown({ words }: Pick<App, 'words'>, word: string, meant: readonly WorkerRecord[]): InputError {
  const message = meant.length > 1 ? `${meant.length} workers begin with that` : 'no such worker lives'
  return new InputError([problemOf(visibleLine(word), 'no-such-worker', message, words({ code: 'list-workers' }))])
}
