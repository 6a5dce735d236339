import { describe, expect, test } from 'vitest'
import { batchedQuery } from '../../../../src/change/record/postgres/batched-query.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import { EosflowError } from '../../../../src/model/error.ts'

const turn = () => new Promise((done) => setImmediate(done))

/** A server that answers when it is let, each item by itself in capitals; and what it was asked. */
function slowServer(most = 3) {
  const clock = { now: 0, monotonic: () => clock.now }
  const asked: (readonly string[])[] = []
  const held: { answer: () => void; fail: (error: Error) => void }[] = []
  const gathered = batchedQuery<string, string>({
    ask: (items) => {
      asked.push(items)
      return new Promise((resolve, reject) => {
        held.push({ answer: () => resolve(items.map((item) => item.toUpperCase())), fail: reject })
      })
    },
    most,
    clock,
  })
  const next = async () => {
    for (let turns = 0; held.length === 0 && turns < 1_000; turns += 1) await turn()
    if (held.length === 0) throw new Error('nothing was asked')
    return held.shift() as (typeof held)[number]
  }
  return { asked, clock, gathered, next }
}

const said = (answers: readonly PromiseSettledResult<string>[]) =>
  answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))

describe('questions about many things', () => {
  test('of one turn are one statement, and what is asked while two are under way is the next one, up to the most', async () => {
    const { asked, gathered, next } = slowServer()
    const first = Promise.all([gathered.ask('a'), gathered.ask('b')])
    const one = await next()
    const second = gathered.ask('c')
    const two = await next()
    const later = Promise.all(['d', 'e', 'f', 'g'].map((item) => gathered.ask(item)))
    await turn()
    expect(asked).toEqual([['a', 'b'], ['c']])
    one.answer()
    expect(await first).toEqual(['A', 'B'])
    ;(await next()).answer()
    two.answer()
    expect(await second).toBe('C')
    ;(await next()).answer()
    expect(await later).toEqual(['D', 'E', 'F', 'G'])
    expect(asked).toEqual([['a', 'b'], ['c'], ['d', 'e', 'f'], ['g']])
    await gathered.settled()
    const alone = gathered.ask('h')
    ;(await next()).answer()
    expect(await alone).toBe('H')
  })

  test('that are refused whatever they are about fail together, and are not asked one by one', async () => {
    const { asked, gathered, next } = slowServer()
    const all = Promise.allSettled([gathered.ask('a'), gathered.ask('b'), gathered.ask('c')])
    const cause = Object.assign(new Error('permission denied'), { code: '42501', severity: 'ERROR' })
    ;(await next()).fail(new EosflowError('store', 'this login may not do that', { cause }))
    expect(said(await all)).toEqual(Array(3).fill('this login may not do that'))
    await gathered.settled()
    expect(asked).toEqual([['a', 'b', 'c']])
  })

  test('of which one is refused are asked about one by one: it fails alone', async () => {
    const { asked, gathered, next } = slowServer()
    const all = Promise.allSettled([gathered.ask('a'), gathered.ask('b'), gathered.ask('c')])
    ;(await next()).fail(new Error('a deadlock'))
    ;(await next()).answer()
    ;(await next()).fail(new Error('its disk is full'))
    ;(await next()).answer()
    expect(said(await all)).toEqual(['A', 'its disk is full', 'C'])
    expect(asked).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']])
  })

  test('without an answer fail together, and behind them each is sent alone at first', async () => {
    const { asked, gathered, next } = slowServer()
    const first = Promise.allSettled([gathered.ask('a'), gathered.ask('b')])
    ;(await next()).fail(new OutageError('away'))
    expect(said(await first)).toEqual(['away', 'away'])
    const later = Promise.all(['c', 'd', 'e', 'f', 'g'].map((item) => gathered.ask(item)))
    for (let sent = 0; sent < 3; sent += 1) (await next()).answer()
    expect(await later).toEqual(['C', 'D', 'E', 'F', 'G'])
    expect(asked.slice(1)).toEqual([['c'], ['d', 'e'], ['f', 'g']])
  })

  test('that are not sent in two seconds fail by an outage', async () => {
    const { asked, clock, gathered, next } = slowServer()
    const hung = [gathered.ask('a')]
    const one = await next()
    hung.push(gathered.ask('b'))
    const two = await next()
    const late = Promise.allSettled([gathered.ask('c')])
    clock.now = 1_000
    const young = gathered.ask('d')
    clock.now = 2_001
    one.answer()
    expect(said(await late)).toEqual([expect.stringContaining('does not answer in time')])
    ;(await next()).answer()
    two.answer()
    expect(await young).toBe('D')
    expect(await Promise.all(hung)).toEqual(['A', 'B'])
    expect(asked).toEqual([['a'], ['b'], ['d']])
  })

  test('are waited for by whoever closes the store', async () => {
    const { gathered, next } = slowServer()
    const asked = gathered.ask('a')
    let isSettled = false
    const settled = gathered.settled().then(() => {
      isSettled = true
    })
    const one = await next()
    expect(isSettled).toBe(false)
    one.answer()
    await settled
    expect(await asked).toBe('A')
    await gathered.settled()
  })
})
