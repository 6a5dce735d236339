import { expect, test } from 'vitest'
import { StreamSeats } from '../../../src/doors/http/context/stream-seats.ts'
import { ConcurrencyLimit } from '../../../src/doors/http/limits/concurrency-limit.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { ANN, openLab } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'

const BEN: Principal = { ...ANN, id: 'local:1001:ben@box' }
const STREAM = '/api/v1/stream?topics=overview'

test('each holds so many at once, and what is given back twice counts once', async () => {
  const two = new ConcurrencyLimit(2, 'things at once')
  const first = two.take('ann')
  two.take('ann')
  expect(() => two.take('ann')).toThrow('more than 2 things at once')
  two.take('ben')
  first()
  first()
  two.take('ann')
  expect(() => two.take('ann')).toThrow('more than 2 things at once')
  await expect(two.while('eve', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await two.while('eve', () => two.while('eve', async () => 'done'))).toBe('done')
})

test('one person has 120 streams in a session and 150 in all', async () => {
  const bench = await openLab().serve()
  const sessions = [bench.browser(ANN).session, bench.browser(ANN).session]
  const seats = new StreamSeats()
  const taken = sessions.map((session) => {
    let count = 0
    try {
      for (; count < 1_000; count += 1) seats.take({ principal: ANN, session })
    } catch {
      return count
    }
    return count
  })
  expect(taken).toEqual([120, 30])
})

test('one stream too many of a session or of a person is 429 with the time to wait, and others have theirs', async () => {
  const bench = await openLab().serve({ seats: new StreamSeats(4, 8) })
  const sessions = [bench.browser(ANN), bench.browser(ANN), bench.browser(ANN)]
  const open: Response[] = []
  const statuses: number[][] = []
  for (const { id } of sessions) {
    const own: number[] = []
    for (let count = 0; count < 5; count += 1) {
      const answer = await bench.open('GET', STREAM, { session: id })
      own.push(answer.status)
      if (answer.status === 200) open.push(answer)
      else expect([answer.headers.get('retry-after'), await answer.json()]).toMatchObject(['5', { kind: 'too-many' }])
    }
    statuses.push(own)
  }
  const counted = statuses.map((own) => [
    own.filter((one) => one === 200).length,
    own.filter((one) => one === 429).length,
  ])
  expect(counted).toEqual([
    [4, 1],
    [4, 1],
    [0, 5],
  ])
  expect((await bench.open('GET', STREAM, { session: bench.browser(BEN).id })).status).toBe(200)
  // One that is refused for what it asks, and one that is over, holds no seat.
  await open[0]?.body?.cancel()
  const [first] = sessions
  expect((await bench.ask('GET', '/api/v1/stream?topics=execution:none', { session: first?.id ?? '' })).status).toBe(
    404,
  )
  expect((await bench.open('GET', STREAM, { session: first?.id ?? '' })).status).toBe(200)
  expect(bench.front.live.size).toBe(9)
})

test('one person has two readings of switches at once, by whatever way; the next is 429, and others have theirs', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  const { room } = bench
  for (const { name: device } of bench.lab.fabric.devices)
    bench.lab.fault({ device, kind: 'slow', before: 20, command: '^show' })
  const ask = (principal: Principal, act: 'snapshot') => room.ask(act, { principal }, {})
  const running = [ask(ANN, 'snapshot'), ask(ANN, 'snapshot')]
  const refused = ['drift', 'snapshot', 'compare', 'check'] as const
  for (const act of refused)
    await expect(room.ask(act, { principal: ANN }, {})).rejects.toMatchObject({ fault: { kind: 'too-many' } })
  expect(refused).toHaveLength(4)
  running.push(ask(BEN, 'snapshot'))
  let done = 0
  for (const one of running)
    one.then(
      () => (done += 1),
      () => (done += 1),
    )
  const form = await bench.browser(ANN).form('/drift-checks')
  expect([form.status, form.headers.get('retry-after')]).toEqual([429, '5'])
  await until(bench, async () => done === 3)
  expect((await bench.browser(ANN).post('/api/v1/drift-checks')).status).toBe(200)
})
