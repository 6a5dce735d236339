import { EosflowError } from '../../model/error.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import type { App } from '../app.ts'
import { InputError } from '../input-error.ts'
import type { LoadedPolicy } from '../policy/loaded-policy.ts'
import { demandedPolicy } from '../policy/seen-policy.ts'
import type { Project } from '../project/project.ts'

type InForce = NonNullable<Project['inForce']>

/**
 * What is in force where the bundle that says so cannot be read: nothing is allowed by it. What reads, and what only makes stricter, is judged by the policy that the store has seen
 * last, from the folder or the record; where neither has it, as without a policy.
 */
export async function unreadInForce(app: App, error: unknown): Promise<InForce> {
  const refuse = (): never => {
    throw error
  }
  const { inForce: _, ...folder } = app.project
  const policy = await policyAtHand(app, folder)
  const inventory = orNone(() => folder.inventory()) ?? { devices: [] }
  return { policy: refuse, inventory: refuse, instead: { policy: () => policy, inventory: () => inventory } }
}

/** Whether an error says that a bundle cannot be read. */
export function isUnread(error: unknown): boolean {
  return error instanceof InputError || (error instanceof EosflowError && error.kind === 'stale')
}

async function policyAtHand(app: App, folder: Project): Promise<LoadedPolicy | undefined> {
  const demanded = await demandedPolicy(app)
  const own = orNone(() => folder.policy())
  if (demanded === undefined || own?.digest === demanded.policy) return own
  const { file, policy: digest, text } = demanded
  const written = text === undefined ? undefined : await app.store.get(text).catch(() => undefined)
  const read = written === undefined ? undefined : readPolicy(written, file)
  return read?.ok === true ? { policy: read.value, digest } : undefined
}

function orNone<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError || error instanceof EosflowError) return undefined
    throw error
  }
}
