import { readPolicy } from '../../../change/policy/read-policy.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RetiredPolicy } from '../../../report/policy/retired.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { LoadedPolicy } from '../../files/loaded-policy.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { type DecisionOfPolicy, demandedPolicy, policyNow, requireAllowed, type SeenPolicy } from './authority.ts'

/** Throws InputError while the policy is there: it is removed first. */
export async function retirePolicy(app: App, caller: SilentCaller, reason: string): Promise<RetiredPolicy | undefined> {
  const { project } = app
  if (project.policyPresent) throw stillThere(project.settings.policy)
  const condition = await policyNow(app)
  const seen = await demandedPolicy(app)
  if (seen === undefined) return undefined
  // Else a record of a wrong clock and a policy that is gone would each wait for the other.
  await app.clockRule?.waive()
  const { rules } = await lettingRules(app, caller, seen)
  const { file, policy, at: since, before } = seen
  const whence = { file, policy, since, ...definedMembers({ before }) }
  const event: EventBody = { type: 'PolicyRetired', principal: caller.principal, ...whence, reason, rules }
  await app.journalAs(caller.principal).append(undefined, [event], [condition])
  return whence
}

async function lettingRules(app: App, caller: SilentCaller, seen: SeenPolicy): Promise<DecisionOfPolicy> {
  const loaded = await asRecorded(app.store, seen)
  const under = { ...app, project: { policy: () => loaded, inventory: () => app.project.inventory() } }
  try {
    return await requireAllowed(under, caller, 'policy.retire')
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'store') throw error
    const hint = `Put ${seen.file} back, or ask somebody whom it allows policy.retire.`
    throw new EosflowError(error.kind, error.message, { hint, cause: error })
  }
}

async function asRecorded(store: RecordApp['store'], { file, policy, text }: SeenPolicy): Promise<LoadedPolicy> {
  const read = text === undefined ? undefined : readPolicy(await store.get(text), file)
  if (read?.ok === true) return { policy: read.value, digest: policy }
  throw new EosflowError('not-authorised', `the policy that this store has seen cannot be read any more: ${file}`, {
    hint: `Put ${file} back.`,
  })
}

function stillThere(file: string) {
  return inputError(
    file,
    'policy-present',
    'the policy is there, and what is there is in force',
    `Remove ${file} first, then retire it.`,
  )
}
