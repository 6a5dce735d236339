import { describe, expect, test } from 'vitest'
import { asksOnce } from '../../../../src/change/record/postgres/postgres-store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'

/** A reader that answers when it is let, with how often it was asked; and the reader that asks it once. */
function slowReader() {
  const clock = new VirtualClock()
  const asked: string[] = []
  const held: { answer: () => void; fail: (error: Error) => void }[] = []
  class Slow {
    #count = 0

    read(plan: string, limit?: number): Promise<string> {
      asked.push(`${plan} ${limit}`)
      this.#count += 1
      const answer = `${plan} ${this.#count}`
      return new Promise((resolve, reject) => held.push({ answer: () => resolve(answer), fail: reject }))
    }
  }
  const next = async () => {
    for (let turns = 0; held.length === 0 && turns < 1_000; turns += 1) await new Promise((done) => setImmediate(done))
    if (held.length === 0) throw new Error('nothing was asked')
    return held.shift() as (typeof held)[number]
  }
  return { asked, clock, reader: asksOnce(new Slow(), clock), next }
}

const said = (answers: readonly PromiseSettledResult<string>[]) =>
  answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))

describe('a question that is asked while the same is asked', () => {
  test('has the answer behind that one, with all who wait', async () => {
    const { asked, reader, next } = slowReader()
    const first = reader.read('p')
    const later = Promise.all([reader.read('p'), reader.read('p'), reader.read('p')])
    expect(asked).toEqual(['p undefined'])
    ;(await next()).answer()
    expect(await first).toBe('p 1')
    const second = await next()
    const last = reader.read('p')
    second.answer()
    expect(await later).toEqual(['p 2', 'p 2', 'p 2'])
    ;(await next()).answer()
    expect(await last).toBe('p 3')
    expect(asked).toHaveLength(3)
    const anew = reader.read('p')
    ;(await next()).answer()
    expect(await anew).toBe('p 4')
  })

  test('is another one with other words', async () => {
    const { asked, reader, next } = slowReader()
    const all = Promise.all([reader.read('p'), reader.read('q'), reader.read('p', 1)])
    for (let answers = 0; answers < 3; answers += 1) (await next()).answer()
    expect(await all).toEqual(['p 1', 'q 2', 'p 3'])
    expect(asked).toEqual(['p undefined', 'q undefined', 'p 1'])
  })

  test('is asked where that one was refused', async () => {
    const { asked, reader, next } = slowReader()
    const refused = Promise.allSettled([reader.read('p'), reader.read('p')])
    ;(await next()).fail(new Error('the seal is broken'))
    ;(await next()).answer()
    expect(said(await refused)).toEqual(['the seal is broken', 'p 2'])
    expect(asked).toHaveLength(2)
  })

  test('does not wait for one that has no answer in two seconds', async () => {
    const { asked, clock, reader, next } = slowReader()
    const first = reader.read('p')
    const hung = await next()
    const later = Promise.all([reader.read('p'), reader.read('p')])
    await clock.advance(1_999)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    ;(await next()).answer()
    expect(await later).toEqual(['p 2', 'p 2'])
    const behind = reader.read('p')
    ;(await next()).answer()
    expect(await behind).toBe('p 3')
    hung.answer()
    expect(await first).toBe('p 1')
    expect(asked).toHaveLength(3)
  })
})
