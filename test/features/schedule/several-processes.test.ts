import { expect, test } from 'vitest'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { everyNthOfLong } from '../../extent.ts'
import { decisionsOf, type Kill, Killed, type VirtualSchedules, virtualSchedules } from './virtual-runner.ts'

const MINUTE = 60_000
const SETTINGS = `schedules:
  - { name: often, cron: '* * * * *', tz: UTC, do: drift }
  - { name: plans, cron: '*/2 * * * *', tz: UTC, do: check }
`

/** Every minute two timers call `schedule run` and a server looks, all at once, for six minutes. One of the processes may be killed. */
async function lived(seed: number, kill?: Kill) {
  const hours = await virtualSchedules(SETTINGS, '2026-01-05T08:00:30.000Z')
  const random = new SeededRandom(seed)
  hours.turn = async () => {
    for (let left = Math.floor(5 * random.fraction()); left > 0; left -= 1)
      await new Promise((resolve) => setImmediate(resolve))
  }
  let server = hours.process(kill === undefined ? { isBeside: true } : { kill, isBeside: true })
  await server.look().catch(swallow)
  for (let minute = 0; minute < 6; minute += 1) {
    await hours.clock.advance(MINUTE)
    const looks = [
      server,
      hours.process({ mayWait: false, isBeside: true }),
      hours.process({ mayWait: false, isBeside: true }),
    ].map((one) =>
      one.look().then(
        () => one.end().catch(swallow),
        (error: unknown) => {
          swallow(error)
          if (one === server) server = hours.process({ isBeside: true })
        },
      ),
    )
    await passed(hours, looks)
  }
  // Whoever comes behind the last death settles what it has left.
  await hours.clock.advance(MINUTE)
  const last = hours.process({ isBeside: true })
  await passed(hours, [last.look().then(() => last.end())])
  return hours
}

function swallow(error: unknown) {
  if (!(error instanceof Killed)) throw error
}

/** Lets time pass for whoever waits for a claim until all is done. */
async function passed(hours: VirtualSchedules, work: readonly Promise<unknown>[]) {
  let isDone = false
  const all = Promise.all(work).finally(() => {
    isDone = true
  })
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve))
    if (hours.clock.sleeping > 0) await hours.clock.next()
  }
  await all
}

async function judged(hours: VirtualSchedules) {
  const records = await hours.records()
  const faults: string[] = []
  let [instants, fired, broken] = [0, 0, 0]
  for (const { name } of hours.schedules) {
    for (const [instant, what] of decisionsOf(records, name)) {
      instants += 1
      const ends = records.filter(
        (one) => one.type === 'ScheduleFinished' && one.schedule === name && one.instant === instant,
      )
      const isFired = what === 'fired'
      fired += Number(isFired)
      // An occurrence takes no time here: none overlaps with another, and nobody is ever away for a minute.
      if (!['fired', 'missed down'].includes(what)) faults.push(`${name} ${instant} ${what}`)
      if (ends.length !== Number(isFired)) faults.push(`${name} ${instant} ${ends.length} ends`)
      broken += ends.filter((one) => one.type === 'ScheduleFinished' && one.outcome === 'failed').length
    }
  }
  return { instants, fired, broken, faults }
}

test('[G140] [E4] three processes that look at once decide about each instant once, with its true reason and one end', {
  tags: 'long',
}, async () => {
  const seeds = everyNthOfLong(
    4,
    'orders of three processes',
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
  let instants = 0
  for (const seed of seeds) {
    const found = await judged(await lived(seed))
    expect([seed, found]).toEqual([seed, { instants: 10, fired: 10, broken: 0, faults: [] }])
    instants += found.instants
  }
  expect(instants).toBe(seeds.length * 10)
})

test('[G140] [E4] the same where one of them is killed at any record: at most that occurrence has failed', {
  tags: 'long',
}, async () => {
  const kills = Array.from({ length: 20 }, (_, append) => [false, true].map((isWritten) => ({ append, isWritten })))
  const cut = everyNthOfLong(4, 'kills of one of three processes', kills.flat())
  let broken = 0
  for (const kill of cut) {
    const found = await judged(await lived(kill.append + 7, kill))
    expect([kill, found.faults, found.broken <= 1]).toEqual([kill, [], true])
    broken += found.broken
  }
  expect(cut.length).toBeGreaterThanOrEqual(10)
  if (cut.length === 40) expect(broken).toBeGreaterThan(0)
})
