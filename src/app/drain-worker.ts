import { problemOf } from '../model/problem.ts'
import { visibleLine } from '../report/visible.ts'
import type { App } from './app.ts'
import type { Asking } from './caller.ts'
import { InputError } from './input-error.ts'
import { workersOf } from './list-workers.ts'
import { requireAllowed } from './policy/authority.ts'

/**
 * Asks a worker to drain: it takes nothing more, and what it drives ends or comes to rest. `word` is its id or a beginning that only one
 * living worker has. Gives its id. Throws as the policy does, and InputError.
 */
export async function drainWorker(app: App, caller: Asking, word: string): Promise<string> {
  await requireAllowed(app, caller, 'worker.drain')
  const workers = workersOf(app)
  const living = (await workers.list()).filter(({ kind, dead }) => kind === 'worker' && dead === undefined)
  const meant = living.filter(({ id }) => id === word || (word !== '' && id.startsWith(word)))
  const [one] = meant
  if (one !== undefined && meant.length === 1 && (await workers.askToDrain(one.id))) return one.id
  const message = meant.length > 1 ? `${meant.length} workers begin with that` : 'no such worker lives'
  throw new InputError([problemOf(visibleLine(word), 'no-such-worker', message, app.words({ code: 'list-workers' }))])
}
