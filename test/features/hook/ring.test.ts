import { expect, test } from 'vitest'
import { type HookEvent, inRing } from '../../../src/features/hook/event/hook-event.ts'

const OWN = 'eosflow.audit/0123456789abcdef'
const event = (more: Partial<HookEvent>) => ({
  id: '1',
  source: 'eosflow.audit/fedcba9876543210',
  type: 'eosflow.plan.made.v1',
  data: { version: 1, facts: { by: 'Ann' } },
  ...more,
})

test('[E13] two installations that listen to each other make one plan of each event, whichever of them is older', () => {
  const cases: readonly (readonly [Partial<HookEvent>, string | undefined])[] = [
    [{}, undefined],
    [{ source: OWN }, 'it is a notification of this installation'],
    [{ data: { version: 1, byEvent: true } }, 'it tells what an event has begun at another installation'],
    // One that does not say it in a member yet.
    [{ data: { facts: { by: 'hook:netbox' } } }, 'it tells what an event has begun at another installation'],
    // What is no notification is judged by what the settings want of it alone.
    [{ type: 'push', data: { byEvent: true } }, undefined],
    [{ data: null }, undefined],
  ]
  for (const [more, why] of cases) expect(inRing(event(more), OWN)).toBe(why)
})
