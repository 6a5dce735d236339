import { judgePort } from '../../src/engine/judges.ts'
import type { Ledger } from '../../src/engine/ledger.ts'
import type { AskedJudges } from '../../src/engine/ports.ts'
import { newExecution } from '../../src/engine/state.ts'
import { courseFrom, oldestAnswer, withRound } from '../../src/task/course.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { whileTimePasses } from '../lab/lab.ts'

/** One switch, then the rest. */
export const WAVES = 'rollout: { waves: [1, 100%], keepApart: none }\n'

const ledger: Ledger = {
  state: { ...newExecution('20261126-100000-00000001'), judged: 'blob:00' },
  append: async () => undefined,
  appendProvided: async () => undefined,
  written: () => [],
  onlyBack: undefined,
}

/**
 * Lets so many switches look at one judge round by round, each with pauses of its own as a verification makes them, and counts what the judge
 * was asked and how many verdicts came of it.
 */
export async function sharedAt({ switches, rounds, every }: Record<'switches' | 'rounds' | 'every', number>) {
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
  const port = judgePort({ judges, clock, texts: texts as never }, ledger)
  const random = new SeededRandom()
  const oneSwitch = async (name: string): Promise<number> => {
    const { signal } = new AbortController()
    let course = courseFrom(clock.monotonic())
    let verdicts = 0
    for (let round = 0; round < rounds; round++) {
      const since = oldestAnswer(course, { now: clock.monotonic(), every })
      verdicts += (await port.judge(name, { begun: 0, since }, signal)).length
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
