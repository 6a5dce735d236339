import { EosflowError } from '../../../model/error.ts'
import {
  sendToLogin,
  sendToStepUp,
  webLoggedIn,
  webLoggedOut,
  webSteppedUp,
} from '../../../project/access/login/web.ts'
import { decideProved, makeChallenge } from '../../../project/approval/challenge.ts'
import type { ActTable } from '../context/act-context.ts'
import { seenPlan } from './decide.ts'

export const loginActs = {
  'send-browser': async ({ app, sent }, _, { issuer, origin }) => {
    const { url, login } = await sendToLogin(app, issuer, origin)
    return { url, id: await sent.send({ login }) }
  },

  'browser-back': async ({ app, sent, challenges }, caller, { id, query, session: own }) => {
    const { login, decision } = await sent.back(id)
    if (decision === undefined) {
      const { principal, sid } = await webLoggedIn(app, login, query)
      if (principal.kind === 'person' && principal.onBehalfOf === undefined) return { principal, sid }
      throw new EosflowError('not-authorised', `only a person has a session, and ${principal.id} is none`)
    }
    const { principal, challenge, plan, session } = decision
    if (own !== session) {
      throw new EosflowError('stale', 'the session that has asked for this decision is over', {
        hint: 'Look at the plan again, and decide anew.',
      })
    }
    const asker = { ...caller, principal }
    const again = await webSteppedUp(app, asker, login, query)
    await decideProved(app, asker, challenges, { challenge, plan, session, proof: { kind: 'oidc', login: again } })
    return { plan }
  },

  'logged-out': ({ app }, caller, { by }) => webLoggedOut(app, caller, by),

  'step-up': async ({ app, sent, challenges }, caller, { plan, comment, origin, session }) => {
    await seenPlan(app, caller, plan, 'plan.approve')
    const made = await makeChallenge(app, caller, challenges, {
      plan,
      decision: 'approve',
      comment,
      proof: 'oidc',
      origin,
      session,
    })
    if (made.nonce === undefined) throw new EosflowError('bug', 'a decision by a login has no nonce')
    const { url, login } = await sendToStepUp(app, caller, made.nonce, origin)
    return {
      url,
      id: await sent.send({ login, decision: { principal: caller.principal, challenge: made.id, plan, session } }),
    }
  },
} satisfies Partial<ActTable>
