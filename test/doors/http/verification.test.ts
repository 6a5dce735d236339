import { expect, test } from 'vitest'
import { RecordVerification } from '../../../src/doors/http/jobs/record-verification.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { ANN, exits, openLab } from '../../lab/lab.ts'

const found = (to: number) => ({
  source: 'store.db',
  origin: 'eosflow.test/1',
  from: 1,
  to,
  root: 'AAAA',
  fault: undefined,
  own: 0,
  anchors: 0,
  retirements: [],
  signed: { verified: 0, unchecked: 0 },
  lost: 0,
  keyed: true,
  stale: undefined,
  unvouched: undefined,
})

/** A record that grows when it is told to, and whose readings end when they are told to. */
function record() {
  const clock = new VirtualClock()
  const readings: { end(): void; fail(error: Error): void }[] = []
  const failures: string[] = []
  let seq = 7
  const store = { head: async () => ({ seq, hash: new Uint8Array(32) }) }
  const verification = new RecordVerification({
    app: { clock, store } as never,
    verify: () => {
      const to = seq
      return new Promise((resolve, reject) => {
        readings.push({ end: () => resolve(found(to)), fail: reject })
      })
    },
    failed: (what, error) => failures.push(`${what}: ${String(error)}`),
  })
  return { clock, readings, failures, verification, grow: () => (seq += 1) }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('what was found is kept until the record has grown or an hour is over, and one reads at a time', async () => {
  const { clock, readings, verification, grow } = record()
  const [one, other] = [verification.now(), verification.now()]
  await settle()
  expect(readings).toHaveLength(1)
  readings[0]?.end()
  expect([(await one).found.to, (await other).found.to]).toEqual([7, 7])
  await verification.now()
  expect(readings).toHaveLength(1)
  grow()
  const again = verification.now()
  await settle()
  expect(readings).toHaveLength(2)
  readings[1]?.end()
  expect((await again).found.to).toBe(8)
  await clock.advance(3_599_999)
  await verification.now()
  expect(readings).toHaveLength(2)
  await clock.advance(1)
  const old = verification.now()
  await settle()
  expect(readings).toHaveLength(3)
  readings[2]?.end()
  await old
})

test('a page waits for a moment: it is under way, then what was found before with its time, and nothing where it cannot be read', async () => {
  const { clock, readings, failures, verification, grow } = record()
  const first = verification.within(700)
  await settle()
  await clock.advance(700)
  expect(await first).toBe('under way')
  readings[0]?.end()
  expect(await verification.within(700)).toMatchObject({ found: { to: 7 } })
  grow()
  const second = verification.within(700)
  await settle()
  await clock.advance(700)
  expect(await second).toMatchObject({ found: { to: 7 } })
  readings[1]?.fail(new Error('no such segment'))
  await settle()
  grow()
  const third = verification.within(700)
  await settle()
  readings[2]?.fail(new Error('no such segment'))
  expect(await third).toBeUndefined()
  expect(failures).toEqual(['verification: Error: no such segment', 'verification: Error: no such segment'])
  expect(clock.sleeping).toBe(0)
})

test('the page of the record shows its card, the API gives the same, the overview a line, and none of them writes', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  await exits(0, bench.lab.change())
  const { seq } = await bench.app.store.head()
  const page = await ann.get('/record')
  expect(page.status).toBe(200)
  expect(page.text).toContain(`The record is intact: ${seq} records`)
  expect(page.text).toContain('every record holds')
  const { status, json } = await ann.get('/api/v1/audit/verification')
  expect([status, json.outcome, json.from, json.to, json.fault]).toEqual([200, 'intact', 1, seq, null])
  expect(json.at).toBe(new Date(bench.lab.clock.now()).toISOString())
  expect([Object.hasOwn(json, 'source'), Object.hasOwn(json, 'exitCode')]).toEqual([false, false])
  expect((await ann.get('/')).text).toContain(`Intact</b><small>${seq} records read, `)
  expect((await bench.app.store.head()).seq).toBe(seq)
  expect(bench.failures).toEqual([])
})

test('whoever asks each second has a record that cannot be read tried again after a quarter of an hour', async () => {
  const { clock, readings, failures, verification } = record()
  for (let second = 0; second < 2_000; second += 1) {
    expect(verification.latest()).toBeUndefined()
    await settle()
    readings[second < 900 ? 0 : second < 1_800 ? 1 : 2]?.fail(new Error('no'))
    await clock.advance(1_000)
  }
  expect([readings.length, failures.length]).toEqual([3, 3])
})
