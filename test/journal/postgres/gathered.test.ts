import { describe, expect, test } from 'vitest'
import { OutageError } from '../../../src/journal/outage.ts'
import { Gathered } from '../../../src/journal/postgres/gathered.ts'

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

/** A server that answers when it is let, each item by itself in capitals, and what it was asked. */
function slowServer(most = 3) {
  const asked: (readonly string[])[] = []
  const held: { answer: () => void; fail: (error: Error) => void }[] = []
  const gathered = new Gathered<string, string>((items) => {
    asked.push(items)
    return new Promise((resolve, reject) => {
      held.push({ answer: () => resolve(items.map((item) => item.toUpperCase())), fail: reject })
    })
  }, most)
  const next = async (): Promise<(typeof held)[number]> => {
    while (held.length === 0) await turn()
    return held.shift() as (typeof held)[number]
  }
  return { asked, gathered, next }
}

const said = (answers: readonly PromiseSettledResult<string>[]): readonly string[] =>
  answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))

describe('questions about many things', () => {
  test('of one turn are one statement, and what is asked meanwhile is the next one, up to the most', async () => {
    const { asked, gathered, next } = slowServer()
    const first = Promise.all([gathered.ask('a'), gathered.ask('b')])
    const one = await next()
    const later = Promise.all(['c', 'd', 'e', 'f'].map((item) => gathered.ask(item)))
    await turn()
    expect(asked).toEqual([['a', 'b']])
    one.answer()
    expect(await first).toEqual(['A', 'B'])
    ;(await next()).answer()
    ;(await next()).answer()
    expect(await later).toEqual(['C', 'D', 'E', 'F'])
    expect(asked).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']])
    const alone = gathered.ask('g')
    ;(await next()).answer()
    expect(await alone).toBe('G')
  })

  test('fail together, and the next ones do not', async () => {
    const { gathered, next } = slowServer()
    const first = Promise.allSettled([gathered.ask('a'), gathered.ask('b')])
    const one = await next()
    const later = gathered.ask('c')
    one.fail(new Error('its disk is full'))
    expect(said(await first)).toEqual(['its disk is full', 'its disk is full'])
    ;(await next()).answer()
    expect(await later).toBe('C')
  })

  test('fail by an outage with all that wait, and what is asked behind it is asked', async () => {
    const { asked, gathered, next } = slowServer()
    const first = gathered.ask('a')
    const one = await next()
    const later = Promise.allSettled([first, gathered.ask('b'), gathered.ask('c')])
    one.fail(new OutageError('away'))
    expect(said(await later)).toEqual(['away', 'away', 'away'])
    const behind = gathered.ask('d')
    ;(await next()).answer()
    expect(await behind).toBe('D')
    expect(asked).toEqual([['a'], ['d']])
  })
})
