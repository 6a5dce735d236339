import { isDeepStrictEqual } from 'node:util'
import type { ExecutionState } from '../engine/state.ts'
import { valueWithoutSecrets } from '../journal/without-secrets.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import { sha256 } from '../model/digest.ts'
import { EosflowError } from '../model/error.ts'
import type { JsonObject } from '../model/json.ts'
import type { App } from './app.ts'
import { type Beginning, open } from './begin.ts'
import type { Caller } from './caller.ts'

/** The key that somebody asked for an execution under, and the digest of what was asked for. */
export type Request = NonNullable<Beginning['request']>

/** What is asked for under a key: a saved plan, or a definition and its switches. The parameters are on record beside it. */
export function askedUnder(
  key: string,
  { plan, prepared: { digest: definition, devices } }: Pick<Beginning, 'plan' | 'prepared'>,
): Request {
  return { key, of: plan?.digest ?? sha256(canonicalJson({ definition, devices: devices.map(({ name }) => name) })) }
}

/**
 * The execution that was asked for under this key before. `params`: those of the change, where no saved plan says them. Throws `stale`
 * when that was another change.
 */
export async function earlier(app: App, { key, of }: Request, params?: JsonObject): Promise<string | undefined> {
  const found = await app.store.requested(key)
  const isSame = found?.request?.of === of && (params === undefined || sameOnRecord(app, found.params, params))
  if (found === undefined || isSame) return found?.execution
  throw new EosflowError(
    'stale',
    `the key ${key} belongs to execution ${found.execution}, which was asked for another change: nothing was begun`,
    { hint: 'Give this change another key.' },
  )
}

/** Secrets are not on record, so parameters that differ in nothing else are the same. */
function sameOnRecord({ scrubber }: App, recorded: JsonObject, given: JsonObject): boolean {
  return isDeepStrictEqual(
    recorded,
    valueWithoutSecrets(given, (text) => scrubber.scrub(text)),
  )
}

/** The parameters that tell one change from another: a saved plan has them in its digest. */
export function paramsAsked({ plan, prepared }: Pick<Beginning, 'plan' | 'prepared'>): JsonObject | undefined {
  return plan === undefined ? prepared.params : undefined
}

/** Puts a new execution on record; gives the id of another one that was begun under the same key at this moment. Throws as {@link open} does. */
export async function openOrFind(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState | string> {
  try {
    return await open(app, caller, beginning)
  } catch (error) {
    const { request } = beginning
    const other = request === undefined ? undefined : await earlier(app, request, paramsAsked(beginning))
    if (other === undefined) throw error
    return other
  }
}
