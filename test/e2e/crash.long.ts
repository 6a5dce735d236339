// @module-tag long
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, type Crash, crashAndResume } from './crash.ts'

type Row = Pick<Crash, 'point' | 'held' | 'transport' | 'by' | 'later'> & {
  readonly on: string
  readonly expected: 'BEFORE' | 'AFTER'
}

/** Real processes of the built command, killed where only a real one is: with a request on its way, and in the middle of what it types. */
const ROWS: readonly Row[] = [
  // The switch runs the commit while its answer is held back. What it has replaced is in its answer alone.
  { point: 'arm-sent', on: 'leaf1', expected: 'BEFORE' },
  { point: 'confirm-sent', on: 'leaf3', expected: 'AFTER', later: 301 },
  {
    point: 'among the lines',
    on: 'leaf3',
    transport: 'ssh',
    held: { command: '^name TESTED$', nth: 2 },
    expected: 'AFTER',
  },
  {
    point: 'the commit unheard',
    on: 'leaf1',
    transport: 'ssh',
    held: { command: ' commit timer ' },
    later: 301,
    expected: 'BEFORE',
  },
  { point: 'after-arm', on: 'leaf1', transport: 'ssh', by: 'SIGABRT', expected: 'BEFORE' },
]

let built: Built

beforeAll(async () => {
  built = await build()
})

afterAll(() => built.remove())

test.each(everyNthOfLong(3, 'deaths of a real process', ROWS))(
  '[F31] [G44] a real process is killed, $point on $on, or aborts: another one goes on, and a third changes nothing',
  { timeout: 180_000 },
  async ({ expected, on, ...crash }) => {
    const { by: signal = 'SIGKILL' } = crash
    const end = await crashAndResume(built.killingCli, { ...crash, on, switches: [on], workflow: workflowFor(on) })
    const { code, ends, said, again, text } = end
    expect(end.signal).toBe(signal)
    expect({ code, ends, said }, text).toEqual({
      code: expected === 'AFTER' ? 0 : 6,
      ends: [`${expected}+`],
      said: [expected],
    })
    expect(again).toEqual({ code, said, requests: 0 })
  },
)
