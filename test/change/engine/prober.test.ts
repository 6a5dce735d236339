import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../../src/change/engine/fold.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import type { Authority } from '../../../src/change/engine/ports.ts'
import { type Prober, proberOf } from '../../../src/change/engine/prober.ts'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { checkPort } from '../../../src/eos/check/run.ts'
import type { Device, Fleet, ShowText } from '../../../src/eos/device/device.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { ProbeReading, ProbeSpec } from '../../../src/model/probe.ts'
import { disruptionOf } from '../../../src/report/phrases/disruption.ts'
import { partOf } from '../../lab/part-of.ts'

const ANSWERED: ShowText = { ok: true, text: '1 packets transmitted, 1 received, 0% packet loss, time 0ms' }
const LOST: ShowText = { ok: true, text: '1 packets transmitted, 0 received, 100% packet loss, time 0ms' }
const PAIR: ProbeSpec = { from: 'leaf1', to: '10.0.0.1', vrf: 'default', every: 1 }
const OTHER: ProbeSpec = { from: 'leaf1', to: '10.0.0.2', vrf: 'default', every: 1 }

/** What a switch says to a request that was asked at a second, and how many seconds it takes for that; or what is thrown. */
type Says = (
  at: number,
  commands: readonly string[],
) => { readonly texts?: readonly ShowText[]; readonly takes?: number; readonly fails?: EosflowError }

/** A prober on a clock that only waiting moves. */
class Bench {
  readonly clock = new VirtualClock()
  readonly written: JournalEvent[] = []
  /** At which seconds the switch was asked. */
  readonly asked: number[] = []
  state: ExecutionState = newExecution('x1')
  /** What is not written. */
  refuses?: (body: EventBody) => boolean
  readonly #says: Says
  readonly #specs: readonly ProbeSpec[]
  readonly #authority: Authority | undefined

  constructor(says: Says, specs: readonly ProbeSpec[] = [PAIR], authority?: Authority) {
    this.#says = says
    this.#specs = specs
    this.#authority = authority
  }

  prober(): Prober {
    const bench = this
    const device = {
      print: async (commands: readonly string[]) => {
        const at = bench.clock.monotonic() / 1000
        bench.asked.push(at)
        const { texts = commands.map(() => ANSWERED), takes = 0, fails } = bench.#says(at, commands)
        if (takes > 0) await bench.clock.sleep(takes * 1000)
        if (fails !== undefined) throw fails
        return texts
      },
    } as Device
    const fleet = partOf<Fleet>({ device: async () => device, renew: async () => device })
    const ledger = {
      get state() {
        return bench.state
      },
      append: async (...bodies: readonly EventBody[]) => {
        for (const body of bodies) {
          const at = new Date(bench.clock.now()).toISOString()
          const event: JournalEvent = { ...body, v: 1, seq: bench.written.length + 1, at, actor: 'a', execution: 'x1' }
          if (bench.refuses?.(body) === true) throw new EosflowError('bug', 'refused to journal')
          parseEvent(JSON.stringify(event))
          bench.written.push(event)
          bench.state = fold(bench.state, event)
        }
      },
    } as Ledger
    const all: Fleet = partOf<Fleet>({ ...fleet, apart: () => ({ ...fleet, as: () => fleet }) })
    const authority = this.#authority
    return proberOf(
      { fleet: all, clock: this.clock, checks: checkPort([]), ...(authority === undefined ? {} : { authority }) },
      ledger,
      {
        get: async () => partOf<Plan>({ content: { probes: this.#specs } }),
      },
    )
  }

  /** What is on record in the end, of the first pair. */
  get last(): ProbeReading {
    const event = this.written.at(-1)
    const reading = event?.type === 'ProbesMeasured' ? event.probes[0] : undefined
    if (reading === undefined) throw new Error('nothing was measured')
    return reading
  }

  get phases(): readonly string[] {
    return this.written.map((event) => (event.type === 'ProbesMeasured' ? event.phase : event.type))
  }
}

/** Armed after two seconds and a half, ended when so many are over since. */
async function measured(bench: Bench, seconds: number) {
  const prober = bench.prober()
  prober.begin()
  await bench.clock.advance(2_500)
  prober.count()
  await bench.clock.advance(seconds * 1000)
  await prober.end()
  return bench.last
}

const gone = (least: number, most: number, times = 1) => ({ least, most, times })

describe('a pair that is probed', () => {
  test.each<[string, Says, object]>([
    [
      'answers all the time',
      () => ({}),
      { before: 'answers', now: 'answers', sent: 10, lost: 0, apart: 1000, gone: { times: 0 } },
    ],
    [
      'is lost three times: bounds are the lost requests, and the answers around them',
      (at) => ({ texts: [at >= 5 && at < 8 ? LOST : ANSWERED] }),
      {
        sent: 10,
        lost: 3,
        gone: { ...gone(2_000, 4_000), spans: [{ from: '2026-01-05T08:00:04.000Z', to: '2026-01-05T08:00:08.000Z' }] },
      },
    ],
    [
      'is lost from the first request on: not before the commit',
      (at) => ({ texts: [at >= 3 && at < 5 ? LOST : ANSWERED] }),
      { before: 'answers', gone: { ...gone(1_000, 2_500), spans: [{ from: '2026-01-05T08:00:02.500Z' }] } },
    ],
    ['never comes back', (at) => ({ texts: [at >= 5 ? LOST : ANSWERED] }), { now: 'gone', gone: gone(7_000, 8_500) }],
    ['was gone before', () => ({ texts: [LOST] }), { before: 'gone', now: 'gone', lost: 10 }],
    [
      'is lost, and each lost request takes two seconds',
      (at) => (at >= 5 && at < 9 ? { texts: [LOST], takes: 2 } : {}),
      { lost: 2, gone: gone(0, 5_000) },
    ],
    [
      'answers slowly: what is shorter than four seconds may have been missed',
      () => ({ takes: 3 }),
      { before: 'unknown', sent: 4, lost: 0, apart: 6_000 },
    ],
    [
      'answers after half a second each time: at most since the last answer was asked for',
      (at) => ({ takes: 0.5, texts: [at >= 5 && at < 7 ? LOST : ANSWERED] }),
      { lost: 2, apart: 1500, gone: gone(500, 3_500) },
    ],
    [
      'answers after a part of a millisecond: what is on record is whole',
      () => ({ takes: 0.0005 }),
      { apart: 1001, gone: { times: 0 } },
    ],
    [
      'is refused now and then',
      (at) => ({ texts: [at === 5 ? { ok: false, error: 'Invalid input' } : ANSWERED] }),
      {
        gone: { times: 0 },
        unmeasured: {
          times: 1,
          milliseconds: 2_000,
          spans: [{ from: '2026-01-05T08:00:04.000Z', to: '2026-01-05T08:00:06.000Z', because: 'Invalid input' }],
        },
      },
    ],
    [
      'is gone, then cannot be asked, then answers: nobody knows when it came back',
      (at) => {
        if (at >= 5 && at < 7) return { texts: [LOST] }
        return at >= 7 && at < 9 ? { texts: [{ ok: true, text: '% Internal error' }] } : {}
      },
      {
        gone: gone(1_000, 2_000),
        unmeasured: { times: 1, milliseconds: 3_000, spans: [{ because: '% Internal error' }] },
      },
    ],
  ])('%s', async (_, says, expected) => {
    expect(await measured(new Bench(says), 10)).toMatchObject(expected)
  })

  test('is on record when it begins, when it turns and at the end, and not by each request', async () => {
    const bench = new Bench((at) => ({ texts: [at >= 5 && at < 8 ? LOST : ANSWERED] }))
    await measured(bench, 600)
    expect(bench.phases).toEqual(['begun', 'turned', 'turned', 'ended'])
    expect(bench.asked.length).toBe(603)
  })

  test('that flaps all the time fills no record: two hundred turns are kept, and all are counted', async () => {
    const bench = new Bench((at) => ({ texts: [at % 2 === 1 ? LOST : ANSWERED] }))
    const reading = await measured(bench, 1_000)
    expect(bench.written.length).toBe(202)
    expect([reading.gone.times, reading.gone.spans.length]).toEqual([500, 10])
    expect(JSON.stringify(bench.written).length).toBeLessThan(500_000)
  })

  test('whose switch says nothing for an hour: asked again each time that patience ends, and the commit waits for nothing', async () => {
    const bench = new Bench(() => ({ takes: 3_600 }))
    const prober = bench.prober()
    prober.begin()
    prober.count()
    await bench.clock.advance(40_000)
    expect(bench.asked).toEqual([0, 17, 34])
    await prober.end()
    expect(bench.last).toMatchObject({
      before: 'unknown',
      gone: { times: 0 },
      unmeasured: { milliseconds: 40_000, spans: [{ because: 'no answer had come before the first timed commit' }] },
    })
  })

  test('whose login is refused is asked ever more rarely: it must not be locked out', async () => {
    const bench = new Bench(() => ({ fails: new EosflowError('unauthenticated', 'leaf1: the login was refused') }))
    await measured(bench, 600)
    expect(bench.asked).toEqual([0, 10, 30, 70, 150, 310, 470])
  })

  test('that whoever runs the change may not read is not asked', async () => {
    const error = new EosflowError('not-authorised', 'bob may not read leaf1')
    const authority: Authority = async () => ({ effect: 'deny', error, record: { type: 'AccessDenied' } as never })
    const bench = new Bench(() => ({}), [PAIR], authority)
    bench.state = {
      ...bench.state,
      machine: { version: 3, startAt: 'Push', states: { Push: { kind: 'Task', name: 'Push', task: 'push' } as never } },
    }
    const reading = await measured(bench, 10)
    expect(bench.asked).toEqual([])
    expect(reading.unmeasured.spans).toEqual([{ from: '2026-01-05T08:00:02.500Z', because: 'bob may not read leaf1' }])
  })

  test('goes on where another process has left it: by rest, and by death', async () => {
    const bench = new Bench(
      (at, commands) => ({ texts: commands.map((one) => (one.includes('10.0.0.2') && at >= 4 ? LOST : ANSWERED)) }),
      [PAIR, OTHER],
    )
    const first = bench.prober()
    first.begin()
    await bench.clock.advance(500)
    first.count()
    await bench.clock.advance(5_000)
    await first.rest(true)
    await bench.clock.advance(60_000)
    // Nobody rests here: it dies, and what it has heard since it began goes with it.
    const second = bench.prober()
    await bench.clock.advance(5_000)
    await second.rest(false)
    await bench.clock.advance(30_000)
    const third = bench.prober()
    await bench.clock.advance(4_900)
    await third.end()
    expect(bench.phases).toEqual(['begun', 'turned', 'paused', 'turned', 'turned', 'ended'])
    expect(bench.last).toMatchObject({
      sent: 11,
      gone: { times: 0 },
      unmeasured: {
        times: 2,
        spans: [
          { from: '2026-01-05T08:00:05.500Z', to: '2026-01-05T08:01:05.500Z', because: 'the execution rested' },
          {
            from: '2026-01-05T08:01:05.500Z',
            to: '2026-01-05T08:01:40.500Z',
            because: 'eosflow had ended, with what was not on record yet',
          },
        ],
      },
    })
  })

  test('whose end cannot be written ends all the same, and nobody says 0.0 s of it', async () => {
    const bench = new Bench(() => ({}))
    bench.refuses = (body) => body.type === 'ProbesMeasured' && body.phase === 'ended' && body.probes.length > 0
    const prober = bench.prober()
    prober.begin()
    await bench.clock.advance(500)
    prober.count()
    await bench.clock.advance(10_000)
    await prober.end()
    expect(bench.phases).toEqual(['begun', 'ended'])
    expect(bench.state.probes).toMatchObject({
      isMeasuring: false,
      readings: [{ reading: { now: 'unknown', unmeasured: { times: 1, milliseconds: 10_000 } } }],
    })
    expect(disruptionOf(bench.state)?.words).toBe(
      'for how long users were cut off is not known: of 1 probe 1 was not measured all the time',
    )
  })

  test('whatever it says and however long it takes, the times of it are whole and fill no more than the time there was', async () => {
    const said = fc.record({
      is: fc.constantFrom('answered', 'lost', 'refused', 'failed'),
      takes: fc.double({ min: 0, max: 12, noNaN: true }),
    })
    let looked = 0
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), async (all) => {
        let turn = 0
        const bench = new Bench(() => {
          const { is, takes } = all[turn++ % all.length] ?? { is: 'answered', takes: 0 }
          if (is === 'failed') return { takes, fails: new EosflowError('unreachable', 'no answer') }
          return { takes, texts: [is === 'lost' ? LOST : is === 'answered' ? ANSWERED : { ok: false, error: 'no' }] }
        })
        const { gone, unmeasured, sent, lost } = await measured(bench, 60)
        looked += 1
        expect(gone.least).toBeLessThanOrEqual(gone.most)
        expect(gone.longest.most).toBeLessThanOrEqual(gone.most)
        // Each time is rounded by itself.
        expect(gone.most + unmeasured.milliseconds).toBeLessThanOrEqual(60_000 + gone.times + unmeasured.times)
        expect(lost).toBeLessThanOrEqual(sent)
      }),
      { numRuns: 20 },
    )
    expect(looked).toBe(20)
  })

  test('that is named by no plan is not asked, and nothing is on record', async () => {
    const bench = new Bench(() => ({}), [])
    const prober = bench.prober()
    prober.begin()
    prober.count()
    await bench.clock.advance(60_000)
    await prober.rest(true)
    expect([bench.asked, bench.written]).toEqual([[], []])
  })
})
