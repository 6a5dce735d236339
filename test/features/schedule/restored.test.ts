import { expect, test } from 'vitest'
import { decisionsOf, virtualSchedules } from './virtual-runner.ts'

const MINUTE = 60_000
const BY: { issuer: string; id: string; kind: 'person'; auth: 'os' } = {
  issuer: 'local',
  id: 'alice',
  kind: 'person',
  auth: 'os',
}

test.each(['skip', 'latest'])(
  '[S24] an instant up to a restoration begins for nobody, where missed is %s: it may have begun on records that are lost',
  async (missed) => {
    const hours = await virtualSchedules(
      `schedules:\n  - { name: often, cron: '*/2 * * * *', tz: UTC, do: drift, missed: ${missed}, catchUp: 1h }\n`,
      '2026-01-05T08:00:30.000Z',
    )
    const before = hours.process()
    await before.look()
    await hours.clock.advance(2 * MINUTE)
    await before.look()
    await before.end()
    // What was behind this moment is lost: nobody knows what has begun at 08:04 and 08:06.
    await hours.clock.advance(4 * MINUTE)
    const event = { type: 'StoreRestored', principal: BY, reason: 'r', records: 3, open: [], keys: 'in doubt' } as const
    await hours.store.as(BY).append(undefined, [event])
    const behind = hours.process()
    await behind.look()
    await hours.clock.advance(2 * MINUTE)
    await behind.look()
    await behind.end()
    expect([...decisionsOf(await hours.records(), 'often')]).toEqual([
      ['2026-01-05T08:02:00.000Z', 'fired'],
      ['2026-01-05T08:04:00.000Z', 'missed restored'],
      ['2026-01-05T08:06:00.000Z', 'missed restored'],
      ['2026-01-05T08:08:00.000Z', 'fired'],
    ])
  },
)
