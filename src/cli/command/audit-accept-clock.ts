import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { EventBody } from '../../journal/event.ts'
import { switches } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import { inventoryOf } from '../doctor/project-points.ts'
import { givenReason } from '../given-reason.ts'
import type { Invocation } from '../io.ts'

/**
 * Puts on record that a person vouches for this machine's clock though records are newer than it: from here on times are judged by the
 * records behind this one. Refused where most of the switches that answer say otherwise. Contacts switches, and only reads.
 */
export async function run(invocation: Invocation): Promise<number> {
  const reason = givenReason(invocation, 'why the clock is right and the record is not')
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const fault = await app.clockRule?.waive()
    const { rules, policy } = await requireAllowed(app, caller, 'clock.accept')
    if (fault === undefined) return tell(context, 'Nothing to accept: no record is newer than this clock\n', {})
    const names = inventoryOf(app.project)?.devices.map(({ name }) => name) ?? []
    const agreement = await requireSwitchClocks(app, caller, names)
    const agreeing = agreement?.agreeing ?? 0
    const by = policy === null ? {} : { rules, policy }
    const now = new Date(app.clock.now()).toISOString()
    const accepted = { latest: fault.latest, now, agreeing }
    const event: EventBody = { type: 'ClockAccepted', principal: caller.principal, reason, ...accepted, ...by }
    await app.journalAs(caller.principal).append(undefined, [event])
    const who = agreeing === 0 ? 'no switch vouches for it' : `${switches(agreeing)} agree with it`
    const said = `Accepted: this machine's clock, ${now}, against records up to ${fault.latest}; ${who}`
    return tell(context, `${visibleLine(said)}\nNext: eosflow doctor\n`, accepted)
  })
}

function tell({ invocation: { io, global } }: CommandContext, text: string, accepted: object): number {
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'clock-accepted', ...accepted })}\n` : text)
  return 0
}
