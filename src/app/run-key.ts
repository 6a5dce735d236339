import type { ExecutionState } from '../engine/state.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import { sha256 } from '../model/digest.ts'
import { EosflowError } from '../model/error.ts'
import type { App } from './app.ts'
import { type Beginning, open } from './begin.ts'
import type { Caller } from './caller.ts'

/** The key that somebody asked for an execution under, and the digest of what was asked for. */
export type Request = NonNullable<Beginning['request']>

/** What is asked for under a key: a saved plan, or a definition and its switches. */
export function askedUnder(
  key: string,
  { plan, prepared: { digest: definition, devices } }: Pick<Beginning, 'plan' | 'prepared'>,
): Request {
  return { key, of: plan?.digest ?? sha256(canonicalJson({ definition, devices: devices.map(({ name }) => name) })) }
}

/** The execution that was asked for under this key before. Throws `stale` when that was another change. */
export async function earlier(app: App, { key, of }: Request): Promise<string | undefined> {
  const found = await app.store.requested(key)
  if (found === undefined || found.request?.of === of) return found?.execution
  throw new EosflowError(
    'stale',
    `the key ${key} belongs to execution ${found.execution}, which was asked for another change: nothing was begun`,
    { hint: 'Give this change another key.' },
  )
}

/** Puts a new execution on record; gives the id of another one that was begun under the same key at this moment. Throws as {@link open} does. */
export async function openOrFind(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState | string> {
  try {
    return await open(app, caller, beginning)
  } catch (error) {
    const { request } = beginning
    const other = request === undefined ? undefined : await earlier(app, request)
    if (other === undefined) throw error
    return other
  }
}
