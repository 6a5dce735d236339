import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { scopes } from '../../../model/principal.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { App } from '../../../project/app/app.ts'
import { decideProved, makeChallenge } from '../../../project/approval/challenge.ts'
import { decideHere, importDecision, planForDecision } from '../../../project/approval/decide.ts'
import { requestApproval, requireAllowedToRequest } from '../../../project/approval/request.ts'
import type { DecisionResult } from '../../../project/approval/take-decision.ts'
import type { ActTable } from '../context/act-context.ts'
import { seenPlan } from './seen-plan.ts'

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
