import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'

describe('the virtual clock', () => {
  test('does not move until it is moved, and releases sleepers in the order of their deadlines', async () => {
    const clock = new VirtualClock(1000)
    const woken: string[] = []
    const sleep = async (name: string, milliseconds: number) => {
      await clock.sleep(milliseconds)
      woken.push(`${name} at ${clock.now()}`)
    }
    void sleep('late', 30)
    void sleep('early', 10).then(() => sleep('again', 10))
    void sleep('twin', 30)
    await clock.advance(9)
    expect(woken).toEqual([])
    await clock.advance(21)
    expect(woken).toEqual(['early at 1010', 'again at 1020', 'late at 1030', 'twin at 1030'])
    expect([clock.now(), clock.monotonic(), clock.sleeping]).toEqual([1030, 30, 0])
  })

  test('next goes to the earliest deadline', async () => {
    const clock = new VirtualClock(0)
    const slept = clock.sleep(500)
    expect(await clock.next()).toBe(true)
    await slept
    expect([clock.now(), await clock.next()]).toEqual([500, false])
  })

  test('an aborted sleep rejects with the reason and is gone', async () => {
    const clock = new VirtualClock()
    const abort = new AbortController()
    const slept = clock.sleep(500, abort.signal)
    abort.abort('enough')
    await expect(slept).rejects.toBe('enough')
    await expect(clock.sleep(1, abort.signal)).rejects.toBe('enough')
    expect(clock.sleeping).toBe(0)
  })

  test('says when somebody sleeps: at once where somebody does, to all who wait for it otherwise', async () => {
    const clock = new VirtualClock()
    const told: string[] = []
    for (const name of ['one', 'other']) void clock.asleep().then(() => told.push(name))
    await clock.advance(5)
    expect(told).toEqual([])
    void clock.sleep(10)
    await clock.asleep()
    expect(told).toEqual(['one', 'other'])
  })
})

describe('the clock of the machine', () => {
  test('sleeps, and is aborted with the reason', async () => {
    const before = systemClock.monotonic()
    await systemClock.sleep(20)
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19)
    const abort = new AbortController()
    const slept = systemClock.sleep(60_000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(slept).rejects.toThrow('enough')
  })
})

describe('seeded randomness', () => {
  test('repeats by seed, differs by seed, stays in range', () => {
    expect(new SeededRandom(3).hex(8)).toBe(new SeededRandom(3).hex(8))
    expect(new SeededRandom(3).hex(8)).not.toBe(new SeededRandom(4).hex(8))
    expect(new SeededRandom(3).hex(8)).toMatch(/^[0-9a-f]{16}$/)
    const random = new SeededRandom(5)
    const numbers = Array.from({ length: 1000 }, () => random.fraction())
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(Math.abs(numbers.reduce((sum, number) => sum + number, 0) / 1000 - 0.5)).toBeLessThan(0.05)
  })
})
