import { describe, expect, test } from 'vitest'
import { courseFrom, oldestAnswer, withRound } from '../../../src/change/task/act/verify-round.ts'
import { type AskedJudges, openJudges } from '../../../src/features/judge/rounds.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits, shows, whileTimePasses } from '../../lab/lab.ts'
import { judgedLab, records, values } from './judged-lab.ts'

/** One switch, then the rest. */
const WAVES = 'rollout: { waves: [1, 100%], keepApart: none }\n'

const record = { noted: () => ({ JudgesMeasured: { before: 'blob:00' } as never }), append: async () => undefined }

/**
 * Lets so many switches look at one judge round by round, each with pauses of its own as a verification makes them, and counts what the judge
 * was asked and how many verdicts came of it.
 */
async function sharedAt({ switches, rounds, every }: Record<'switches' | 'rounds' | 'every', number>) {
  const clock = new VirtualClock()
  let asked = 0
  const judges: AskedJudges = {
    specs: [
      {
        judge: 'prometheus',
        service: 'core',
        url: 'https://prometheus.example.com',
        scrape: 15,
        query: 'up',
        good: 'value = 1',
        empty: 'pass',
        maxAge: 60,
        window: 0,
      },
    ],
    ask: async () => {
      asked++
      await clock.sleep(40)
      return {
        ok: true,
        reading: { judge: 'prometheus', lag: 0, series: [{ labels: {}, value: 1 }], samples: [{ labels: {}, age: 1 }] },
      }
    },
  }
  const texts = { get: async () => '[{}]', put: async () => 'blob:00' as const }
  const port = openJudges(judges, { clock, texts: texts as never }, record)
  const random = new SeededRandom()
  const oneSwitch = async (name: string) => {
    const { signal } = new AbortController()
    let course = courseFrom(clock.monotonic())
    let verdicts = 0
    for (let round = 0; round < rounds; round++) {
      const since = oldestAnswer(course, { now: clock.monotonic(), every })
      verdicts += (await port.round(name, { begun: 0, since }, signal)).length
      const at = clock.monotonic()
      course = withRound(course, {
        at,
        until: at,
        good: true,
        isNewLogin: false,
        isRefused: false,
        verdicts: [],
        firstAsked: [],
        look: undefined,
        since: {},
      })
      await clock.sleep(every * 1000 * (1 - 0.2 * random.fraction()))
    }
    return verdicts
  }
  const names = Array.from({ length: switches }, (_, index) => `leaf${index + 1}`)
  const counts = await whileTimePasses(clock, Promise.all(names.map(oneSwitch)))
  return { asked, verdicts: counts.reduce((sum, one) => sum + one, 0) }
}

describe('what was before', () => {
  test.each(everyNthOfLong(3, 'moments at which the process dies', ['before-open', 'arm-journalled', 'in-verify']))(
    'is on record when the process dies at %s',
    async (point) => {
      let drops = 100
      const { lab } = judgedLab((here, nth) => values({ leaf1: drops })(here, nth))
      await lab.killAt(point)
      drops = 900
      await shows(6, lab.resume(), 'actual: 900, before 100')
      expect((await records(lab)).filter(({ type }) => type === 'JudgesMeasured')).toHaveLength(1)
    },
  )

  test('is measured anew by a redrive when nothing has stayed', { tags: ['long', 'turn'] }, async () => {
    let drops = 100
    const { lab } = judgedLab((here, nth) => values({ leaf1: nth > 2 ? drops : 100 })(here, nth))
    drops = 900
    await exits(6, lab.change())
    await exits(0, lab.agreed('redrive @latest'))
    expect((await records(lab)).filter(({ type }) => type === 'JudgesMeasured')).toHaveLength(2)
  })

  test('is one for all waves', { tags: ['long', 'turn'] }, async () => {
    const all = { leaf1: 1, leaf2: 2, leaf3: 3, leaf4: 4 }
    const { lab, seen } = judgedLab(values(all), { targets: 'leaf*', more: WAVES })
    await exits(0, lab.change())
    const events = await records(lab)
    expect(events.flatMap((one) => (one.type === 'JudgesMeasured' ? [one.series] : []))).toEqual([4])
    const passed = events.flatMap((one) =>
      one.type === 'VerdictGiven' && one.verdict.status === 'pass' && one.check === 'prometheus core'
        ? [one.device]
        : [],
    )
    expect(passed.toSorted()).toEqual(['leaf1', 'leaf2', 'leaf3', 'leaf4'])
    // One to try it, one before the push, and in both waves about eleven rounds: that of the second asks for three switches.
    expect(seen.length).toBe(25)
  })
})

describe('300 switches', () => {
  test('ask once in a round', async () => {
    // Their ten rounds begin together and drift apart by a fifth of a pause each.
    expect(await sharedAt({ switches: 300, rounds: 10, every: 5 })).toEqual({ asked: 11, verdicts: 3_000 })
  })
})
