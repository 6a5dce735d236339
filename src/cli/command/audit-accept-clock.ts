import { requireSwitchClocks } from '../../app/clock/switch-clocks.ts'
import { inventoryOf } from '../../app/doctor/project-section.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { EventBody } from '../../journal/event.ts'
import { switches } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import { atBench, type Bench } from '../bench.ts'
import { givenReason } from '../given-reason.ts'
import type { Invocation } from '../io.ts'

/**
 * Puts on record that a person vouches for this machine's clock though records are newer than it: from here on times are judged by the
 * records behind this one. Refused where most of the switches that answer say otherwise. Contacts switches, and only reads.
 */
export async function run(invocation: Invocation): Promise<number> {
  const reason = givenReason(invocation, 'why the clock is right and the record is not')
  return atBench(invocation, async (bench) => {
    const { desk } = bench
    const fault = await desk.clockRule?.waive()
    const { rules, policy } = await requireAllowed(bench, 'clock.accept')
    if (fault === undefined) return tell(bench, 'Nothing to accept: no record is newer than this clock\n', {})
    const names = inventoryOf(bench.project)?.devices.map(({ name }) => name) ?? []
    const agreement = await requireSwitchClocks(bench, names)
    const agreeing = agreement?.agreeing ?? 0
    const by = policy === null ? {} : { rules, policy }
    const now = new Date(desk.clock.now()).toISOString()
    const accepted = { latest: fault.latest, now, agreeing }
    const event: EventBody = { type: 'ClockAccepted', principal: desk.actor, reason, ...accepted, ...by }
    await desk.journal.append(undefined, [event])
    const who = agreeing === 0 ? 'no switch vouches for it' : `${switches(agreeing)} agree with it`
    const said = `Accepted: this machine's clock, ${now}, against records up to ${fault.latest}; ${who}`
    return tell(bench, `${visibleLine(said)}\nNext: eosflow doctor\n`, accepted)
  })
}

function tell({ invocation: { io, global } }: Bench, text: string, accepted: object): number {
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'clock-accepted', ...accepted })}\n` : text)
  return 0
}
