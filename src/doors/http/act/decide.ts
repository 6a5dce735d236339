import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { ArtefactRef } from '../../../change/record/event/record-schema.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type Scope, scopes } from '../../../model/principal.ts'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import { decideProved, makeChallenge } from '../../../project/approval/challenge.ts'
import { decideHere, importDecision, planForDecision } from '../../../project/approval/decide.ts'
import { requestApproval, requireAllowedToRequest } from '../../../project/approval/plan-queue.ts'
import type { DecisionResult } from '../../../project/approval/take-decision.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { ActTable } from '../context/act-context.ts'
import { notThere } from '../request/readable.ts'

export const decideActs = {
  /** Puts a decision about a plan on record: one that was signed elsewhere, or that of the local user, who is as good as the login on this machine here and at the command line. */
  decide: async ({ app, challenges }, caller, asked) => {
    const { plan: digest, signed, decision, comment, challenge, proof, session = '' } = asked
    if (challenge !== undefined && proof !== undefined) {
      return answerOf(await decideProved(app, caller, challenges, { challenge, plan: digest, session, proof }))
    }
    const choice = signed?.statement.decision ?? decision ?? 'approve'
    const { execution } = await seenPlan(app, caller, digest, `plan.${choice}`)
    const word = { word: execution, decision: choice, isForElsewhere: false, trust: undefined }
    const { plan } = await planForDecision(app, caller, word)
    if (signed !== undefined) {
      return answerOf(await importDecision(app, caller, plan, signed))
    }
    if (choice === 'approve' && caller.principal.auth === 'oidc') {
      await requireAllowed(app, caller, 'plan.approve', { ...aboutPlan(plan), plan: digest })
      throw new EosflowError(
        'not-approved',
        'an approval of somebody who has logged in at an identity provider needs a signature',
        {
          hint: 'Approve with a passkey, by signing in again, or with `eosflow approve`.',
        },
      )
    }
    return answerOf(await decideHere(app, caller, plan, { decision: choice, comment: comment ?? '' }, undefined))
  },

  'request-approval': async ({ app, requests }, caller, { plan: digest, reason }) => {
    const { plan } = await seenPlan(app, caller, digest, 'plan.read')
    await requireAllowedToRequest(app, caller, plan)
    const decisions = await app.store.approvals(digest)
    if (decisions.some(({ event }) => event.statement.decision === 'reject'))
      throw new EosflowError('not-approved', 'a person has rejected this plan', { hint: 'Make another plan.' })
    const ends = await requests.ask(caller.principal, digest, app.store, () =>
      requestApproval(app, caller, plan, reason),
    )
    return { expires: new Date(ends).toISOString() }
  },

  /** Puts a denial on record that the front has come to: decided once more here, so that nothing else can be put there. */
  refuse: async ({ app, denials }, caller, { needs, leftOut = 0, ...about }) => {
    const scope = scopes.find((one) => one === needs)
    if (scope === undefined) throw new EosflowError('bug', `there is no scope ${needs}`)
    const counted: App = {
      ...app,
      denials: { put: (denial) => denials.put(denial, leftOut), close: () => denials.close() },
    }
    await requireAllowed(counted, caller, scope, definedMembers(about)).catch((error: unknown) => {
      if (!(error instanceof EosflowError) || !['not-authorised', 'window-closed'].includes(error.kind)) throw error
    })
    return {}
  },

  challenge: async ({ app, challenges }, caller, asked) => {
    await seenPlan(app, caller, asked.plan, `plan.${asked.decision}`)
    return { version: 1, ...(await makeChallenge(app, caller, challenges, { ...asked, proof: 'passkey' })) }
  },
} satisfies Partial<ActTable>

function answerOf({ statement: { plan, decision, approver }, note }: DecisionResult): object {
  return { plan, decision, by: approver.id, ...definedMembers({ note }) }
}

export interface SeenPlan {
  readonly plan: ShownPlan
  readonly execution: string
  readonly ref: ArtefactRef
}

/** The plan of a digest, for somebody who may see it or do one of `needs` about it. */
export async function seenPlan(
  app: RecordApp,
  caller: SilentCaller,
  digest: string,
  ...needs: readonly Scope[]
): Promise<SeenPlan> {
  const made = await app.store.planMade(digest)
  if (made?.execution === undefined) throw notThere('plan')
  // What its switches showed is a text for each of them, which nobody reads who only looks.
  const plan = readShownPlan(await app.store.get(made.plan))
  const about = { ...aboutPlan(plan), plan: digest }
  if ([...needs, 'plan.read' as const].every((scope) => !isAllowed(app, caller, scope, about))) {
    await requireAllowed(app, caller, needs[0] ?? 'plan.read', about).catch(() => undefined)
    throw notThere('plan')
  }
  return { plan, execution: made.execution, ref: made.plan }
}

/** As {@link seenPlan}, with what the switches showed: for whoever does what the plan says, or keeps all of it. */
export async function wholeSeenPlan(
  app: RecordApp,
  caller: SilentCaller,
  digest: string,
  ...needs: readonly Scope[]
): Promise<SeenPlan & { readonly plan: Plan }> {
  const { ref, ...found } = await seenPlan(app, caller, digest, ...needs)
  return { ...found, ref, plan: await recordedPlan(app.store, ref) }
}
