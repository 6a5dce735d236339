import type { ResolvedExecution } from '../../../change/record/store/store.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import type { RecordApp } from '../../app/app.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'

/** The id behind a word for an execution: an id, a prefix that only one has, `@latest` (the newest that changed a switch or tried to). Throws InputError when there is none. */
export async function executionNamed(app: RecordApp, word: string): Promise<string> {
  return idIn(app, word, await app.store.resolveExecution(word))
}

export function idIn(app: WordedHost, word: string, found: ResolvedExecution): string {
  if (found.found === 'one') return found.id
  const none = word === '@latest' ? 'no execution has changed a switch yet, or tried to' : 'there is no such execution'
  throw inputError(
    word,
    'no-such-execution',
    found.found === 'none' ? none : `several executions begin like this: ${found.ids.join(', ')}`,
    app.words({ code: 'list-executions' }),
  )
}

export const SENT: ReadonlySet<DeviceEnd> = new Set(['changed', 'reverted', 'unknown'])
