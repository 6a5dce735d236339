import type { App } from '../../app/app.ts'
import { InputError } from '../../app/input-error.ts'
import { type Decided, requireAllowed } from '../../app/policy/authority.ts'
import type { LoadedPolicy } from '../../app/policy/loaded-policy.ts'
import { demandedPolicy, type SeenPolicy } from '../../app/policy/seen-policy.ts'
import type { EventBody } from '../../journal/event.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import { inForceSince } from '../../report/audit-words.ts'
import { short } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { givenReason } from '../given-reason.ts'
import type { Invocation } from '../io.ts'

/**
 * Lets a store that has seen a policy be used without one, by somebody whom the newest policy that it has seen lets. It goes on record.
 * Throws InputError while the policy is there: it is removed first.
 */
export async function run(invocation: Invocation): Promise<number> {
  const reason = givenReason(invocation, 'why there is to be no policy any more')
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const { project } = app
    if (project.policyPresent) throw stillThere(project.settings.policy)
    const seen = await demandedPolicy(app)
    if (seen === undefined) return tell(context, 'Nothing to retire: this store demands no policy\n', {})
    // Else a record of a wrong clock and a policy that is gone would each wait for the other.
    await app.clockRule?.waive()
    const { rules } = await lettingRules(context, seen)
    const { file, policy, at: since, before } = seen
    const whence = { file, policy, since, ...(before === undefined ? {} : { before }) }
    const event: EventBody = { type: 'PolicyRetired', principal: caller.principal, ...whence, reason, rules }
    await app.journalAs(caller.principal).append(undefined, [event])
    const force = inForceSince(since, before === undefined ? undefined : short(before))
    const said = `Retired: ${file} (${short(policy)}${force}); this store demands no policy any more`
    return tell(context, `${visibleLine(said)}\nNext: eosflow audit list --code EF51\n`, whence)
  })
}

/** Asks the newest policy that the store has seen, as its text is on record. A denial goes on record and throws `not-authorised`. */
async function lettingRules({ app, caller }: CommandContext, seen: SeenPolicy): Promise<Decided> {
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

async function asRecorded(store: App['store'], { file, policy, text }: SeenPolicy): Promise<LoadedPolicy> {
  const read = text === undefined ? undefined : readPolicy(await store.get(text), file)
  if (read?.ok === true) return { policy: read.value, digest: policy }
  throw new EosflowError('not-authorised', `the policy that this store has seen cannot be read any more: ${file}`, {
    hint: `Put ${file} back.`,
  })
}

function stillThere(file: string): InputError {
  return new InputError([
    problemOf(
      file,
      'policy-present',
      'the policy is there, and what is there is in force',
      `Remove ${file} first, then retire it.`,
    ),
  ])
}

function tell({ invocation: { io, global } }: CommandContext, text: string, retired: object): number {
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'policy-retired', ...retired })}\n` : text)
  return 0
}
