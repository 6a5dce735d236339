// @module-tag night
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, type Crash, crashAndResume, eosflow } from './crash.ts'

/** How many crashes are under way at once: the processes mostly wait for their disk. */
const AT_ONCE = 3
const PAIR = ['leaf1', 'leaf2'] as const
/** Seconds after which a commit timer of the change has run out. */
const LATER = 301

const WORKFLOW = workflowFor(PAIR.join(' or ')).replace(
  'rollout: { waves: [1], keepApart: mlag }',
  'rollout: { pairs: together }',
)

interface Row extends Pick<Crash, 'point' | 'later' | 'faults'> {
  /** Where both end; absent: at one of the two places, both at the same. */
  readonly expected?: 'BEFORE' | 'AFTER'
}

const after = (point: string): Row => ({ point, expected: 'AFTER' })
const before = (point: string): Row => ({ point, expected: 'BEFORE' })
const late = (row: Row): Row => ({ ...row, later: LATER })

/** Around the two commits and the two confirms. What the first of two has heard when the other is killed is a matter of milliseconds. */
const POINTS: readonly Row[] = [
  { point: 'intent-arm' },
  before('before-arm'),
  before('arm-sent'),
  before('after-arm'),
  { point: 'arm-journalled' },
  after('in-verify'),
  after('intent-confirm'),
  after('before-confirm'),
  after('confirm-sent'),
  after('after-confirm'),
  after('confirm-journalled'),
  after('before-save'),
  after('save-sent'),
  late(before('arm-sent')),
  late(before('in-verify')),
  late(before('intent-confirm')),
  // The other one may have been confirmed; this one has put itself back: then the other one is restored.
  late(before('before-confirm')),
  // This one is confirmed; the other one may have put itself back: then this one is restored.
  late({ point: 'confirm-sent' }),
]

/** The other one waits at the meeting before the timed commits, because this one is slow. */
const MEETING: Row = {
  point: 'replay-journalled',
  expected: 'AFTER',
  faults: [{ device: 'leaf2', kind: 'slow', before: 0.5, command: '^configure checkpoint save' }],
}

const ends: string[] = []
let built: Built

beforeAll(async () => {
  built = await build()
})

afterAll(() => {
  built.remove()
  const title = `${ends.length} times kill -9 of a pair that is changed together, then resume (+: startup-config as running-config)`
  process.stdout.write(`${title}\n${ends.join('\n')}\n`)
})

describe.each(everyNthOfLong(2, 'transports of pairs that are killed', ['eapi', 'ssh'] as const))(
  'killed over %s',
  { timeout: 1_800_000 },
  (transport) => {
    test('while one waits for the other one, nothing was committed, and resume goes on', async () => {
      let acts: readonly string[] = []
      await judge(transport, 'leaf2', MEETING, async (dir, when) => {
        if (when !== 'killed') return
        const history: readonly { type: string; act?: string; device?: string }[] = JSON.parse(
          (await eosflow(dir, 'history', '@latest', '--json')).out,
        )
        acts = history.flatMap(({ type, act, device }) =>
          type === 'ActFinished' && act === 'replay' ? [`${act} ${device}`] : act === 'arm' ? [`${type} ${act}`] : [],
        )
      })
      expect(acts).toEqual(['replay leaf1', 'replay leaf2'])
    })

    test(`at ${POINTS.length} points of each of the two: both have one end`, async () => {
      const all = PAIR.flatMap((on) => POINTS.map((row) => [on, row] as const))
      const waiting = [...everyNthOfLong(13, `points of a pair over ${transport}`, all)]
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await judge(transport, ...next)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
    })
  },
)

async function judge(
  transport: 'eapi' | 'ssh',
  on: string,
  { expected, ...crash }: Row,
  look?: Crash['look'],
): Promise<void> {
  const {
    signal,
    code,
    ends: found,
    said,
    again,
    text,
  } = await crashAndResume(built.killingCli, {
    ...crash,
    on,
    switches: PAIR,
    workflow: WORKFLOW,
    ...(transport === 'ssh' ? { transport } : {}),
    ...(look === undefined ? {} : { look }),
  })
  const where = `${crash.point} on ${on}${crash.later === undefined ? '' : `, ${crash.later} s later`}`
  ends.push(`  ${transport.padEnd(4)}  ${where.padEnd(38)} exit ${code}  ${found.join(' ')}`)
  const place = expected ?? (code === 0 ? 'AFTER' : 'BEFORE')
  expect(signal, where).toBe('SIGKILL')
  expect(code, `${where}\n${text}`).toBe(place === 'AFTER' ? 0 : 6)
  expect(found, where).toEqual([`${place}+`, `${place}+`])
  expect(said, `${where}\n${text}`).toEqual([place, place])
  expect(again, where).toEqual({ code, said, requests: 0 })
}
