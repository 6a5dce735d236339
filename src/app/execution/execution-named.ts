import { foldAll } from '../../engine/fold.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ResolvedExecution } from '../../journal/store.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { problemOf } from '../../model/problem.ts'
import type { App } from '../app.ts'
import type { WordedHost } from '../host.ts'
import { InputError } from '../input-error.ts'

/** The id behind a word for an execution: an id, a prefix that only one has, `@latest`. Throws InputError when there is none. */
export async function executionNamed(app: App, word: string): Promise<string> {
  return idIn(app, word, await app.store.resolveExecution(word))
}

/** The same for what the store has found. */
export function idIn(app: WordedHost, word: string, found: ResolvedExecution): string {
  if (found.found === 'one') return found.id
  const none = word === '@latest' ? 'nothing has run in this project yet' : 'there is no such execution'
  throw new InputError([
    problemOf(
      word,
      'no-such-execution',
      found.found === 'none' ? none : `several executions begin like this: ${found.ids.join(', ')}`,
      app.words({ code: 'list-executions' }),
    ),
  ])
}

/** How a switch ends to which an execution has sent its change. */
export const SENT: ReadonlySet<DeviceEnd> = new Set(['changed', 'reverted', 'unknown'])

/** The same where the change may still be there. */
const KEPT: ReadonlySet<DeviceEnd> = new Set(['changed', 'unknown'])

/**
 * The same for a command that acts on a change: `@latest` is the newest execution that has changed a switch, past plans, dry runs
 * and executions that were refused; where none has, the newest. With `kept` a switch must have kept it. Throws InputError when there is none.
 */
export async function changeNamed(app: App, word: string, { kept }: { readonly kept: boolean }): Promise<string> {
  if (word !== '@latest') return executionNamed(app, word)
  const { store } = app
  const ends = kept ? KEPT : SENT
  for (const { id, last } of await store.executions()) {
    const found = last.type === 'ExecutionEnded' ? last.devices : deviceEnds(foldAll(id, await store.read(id)))
    if (Object.values(found).some((end) => ends.has(end))) return id
  }
  return executionNamed(app, word)
}
