import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import {
  closedAtQuestion,
  drawInterrupts,
  interruptAll,
  interruptedAtEnd,
  requestsOfChange,
  toFullDisk,
  WAYS,
} from './interrupted.ts'

const POINTS = 20
const SEED = 1
const AT_ONCE = 4

/** A pseudo-terminal is what nothing of Node gives. */
const hasPython = spawnSync('python3', ['-c', 'import pty; import os; os.waitstatus_to_exitcode']).status === 0

test.runIf(hasPython)(
  '[F30] [F30b] [P10] SIGHUP, SIGINT twice, a closed terminal and closed pipes at 20 points of a change: ends told truly, nothing half saved (needs python3)',
  { tags: 'night', timeout: 180_000 },
  async () => {
    const requests = await requestsOfChange()
    const drawn = drawInterrupts(SEED, requests, POINTS, WAYS)
    // Two ways at each point here, so that each way meets every second one; `npm run soak -- signals` has all of them.
    const half = drawn.filter((_, index) => (Math.floor(index / WAYS.length) + index) % 2 === 0)
    const ends = await interruptAll(everyNthOfLong(3, 'interrupts', half), AT_ONCE)
    const counted = new Map<string, number>()
    for (const { way, end } of ends) counted.set(`${way}: ${end}`, (counted.get(`${way}: ${end}`) ?? 0) + 1)
    const rows = [...counted].map(([end, times]) => `  ${end}, ${times} times`)
    process.stdout.write(
      `${ends.length} interrupted changes of ${requests} requests, seed ${SEED}\n${rows.join('\n')}\n`,
    )
    expect(
      ends.flatMap(({ wrong, way, request, delay }) =>
        wrong.map((what) => `${way}, ${request} + ${delay} ms: ${what}`),
      ),
    ).toEqual([])
    expect(ends).toHaveLength(extentOfLong(14, 40))
    expect(requests).toBeGreaterThan(15)
    for (const way of WAYS)
      expect(ends.filter((end) => end.way === way).length).toBeGreaterThanOrEqual(extentOfLong(2, 10))
  },
)

test.runIf(hasPython)(
  'a terminal that is closed while it asks: stopped, untouched (needs python3)',
  { tags: 'night' },
  async () => {
    expect(await closedAtQuestion()).toEqual({ code: 11, places: ['BEFORE+', 'BEFORE+'] })
  },
)

test.runIf(existsSync('/dev/full'))(
  '[G66] output to a full disk is lost alone (needs /dev/full)',
  { tags: 'long' },
  async () => {
    expect(await toFullDisk()).toEqual({ code: 0, places: ['AFTER+', 'AFTER+'] })
  },
)

test('interrupts while a command ends change nothing: its exit code is that of its work', {
  tags: 'night',
}, async () => {
  const ends: unknown[] = []
  for (let time = 0; time < 3; time += 1) ends.push(await interruptedAtEnd())
  expect(ends).toEqual(Array(3).fill({ code: 0, signal: null }))
})
