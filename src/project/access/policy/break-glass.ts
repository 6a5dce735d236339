import type { Policy } from '../../../change/policy/policy.ts'
import type { BreakGlass } from '../../../change/policy/rule-match.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { problemOf } from '../../../model/problem.ts'
import type { Caller } from '../../identity/caller.ts'
import { InputError } from '../../system/process/input-error.ts'
import { type ActSubject, type AllowedAct, type PolicyContext, requireAllowed } from './authority.ts'
import { type FreezeSource, requireUnfrozen } from './freeze-in-force.ts'

export interface BrokenGlass {
  readonly breakGlass: BreakGlass
  readonly emergency: Extract<EventBody, { readonly type: 'BreakGlassUsed' }>
  readonly lets: AllowedAct
}

/** Throws `not-authorised` where none is, `window-closed` where each of them heeds freezes and one is in force, and InputError without a policy: there is nothing to go past. */
export async function breakTheGlass(
  app: PolicyContext & FreezeSource,
  caller: Caller,
  reason: string,
  about: ActSubject,
): Promise<BrokenGlass> {
  const loaded = app.project.policy()
  if (loaded === undefined) throw new InputError([nothingToBreak(app)])
  const breakGlass = { reason, since: app.clock.now() }
  const lets = await requireAllowed(app, caller, 'breakglass.use', { ...about, breakGlass })
  const { rules, policy, emergency } = lets
  if (heedFreezes(loaded.policy, rules)) await requireUnfrozen(app)
  const { notify = [], reviewWithin, maxTtl } = emergency ?? {}
  const told = notify.length === 0 ? '' : `; notify: ${notify.join(', ')}`
  caller.tell(
    `the glass is broken (${reason}): no approval and no window is asked for, and all of it is on record${told}\n`,
  )
  return {
    breakGlass,
    lets,
    emergency: {
      type: 'BreakGlassUsed',
      principal: caller.principal,
      needs: 'execution.start',
      reason,
      rules,
      policy: policy ?? '',
      devices: about.devices ?? [],
      ...(notify.length === 0 ? {} : { notify }),
      ...definedMembers({ reviewWithin, maxTtl }),
    },
  }
}

function heedFreezes({ rules }: Policy, allowing: readonly string[]) {
  return rules.filter(({ id }) => allowing.includes(id)).every(({ when }) => when.noFreeze)
}

function nothingToBreak({ words }: PolicyContext) {
  return problemOf(
    words({ code: 'given', input: 'break-glass' }),
    'no-policy',
    'there is no policy to go past',
    words({ code: 'without-break-glass' }),
  )
}
