import { describe, expect, test } from 'vitest'
import type { Notes } from '../../../src/change/record/store/notes.ts'

const LONG = { lasts: 60_000 }

/** A store that several processes have open. */
export interface SharedNotes {
  /** Its notes, as each of them has it open. */
  readonly all: readonly Notes[]
  /** Waits by the clock that ends notes. */
  wait(milliseconds: number): Promise<void>
  /** How many rows there are of a kind. */
  countOf(kind: string): Promise<number>
}

/** What notes are, in every store. `open` makes a store that so many processes have open. */
export function describeNotes(store: string, open: (processes: number) => Promise<SharedNotes>) {
  describe(`notes beside the record, ${store}`, () => {
    test('a name is given once, and what has it is taken once, whichever of three processes tries it: 50 times', async () => {
      const { all } = await open(3)
      for (let round = 0; round < 50; round += 1) {
        const name = `name ${round}`
        const puts = await Promise.all(all.map((notes, index) => notes.put('kind', name, `text ${index}`, LONG)))
        expect(puts.filter(Boolean)).toHaveLength(1)
        const takes = await Promise.all(all.map((notes) => notes.take('kind', name)))
        expect(takes.filter((text) => text !== undefined)).toEqual([`text ${puts.indexOf(true)}`])
      }
    })

    test('what its time is over of is not there, is nobody else’s, and its name is free; who is asked for goes on', async () => {
      const { all, wait } = await open(1)
      const [notes = never()] = all
      for (const name of ['short', 'longer']) await notes.put('kind', name, 'a', { lasts: 400 })
      expect([await notes.extend('kind', 'longer', 60_000), await notes.extend('kind', 'none', 60_000)]).toEqual([
        true,
        false,
      ])
      expect((await notes.read('kind', 'short'))?.left).toBeLessThanOrEqual(400)
      await wait(500)
      expect([
        await notes.read('kind', 'short'),
        await notes.take('kind', 'short'),
        await notes.extend('kind', 'short', 1),
      ]).toEqual([undefined, undefined, false])
      expect((await notes.read('kind', 'longer'))?.text).toBe('a')
      expect([...(await notes.present('kind', ['short', 'longer'])).keys()]).toEqual(['longer'])
      expect(await notes.put('kind', 'short', 'b', LONG)).toBe(true)
      expect(await notes.all('kind')).toEqual(['a', 'b'])
      const other = { name: 'longer', kind: 'other' }
      expect([await notes.read(other.kind, other.name), await notes.all(other.kind)]).toEqual([undefined, []])
    })

    test('they do not grow: the oldest of a kind make room, and what is over is taken away by whoever writes', async () => {
      const { all, wait, countOf } = await open(1)
      const [notes = never()] = all
      for (let at = 0; at < 30; at += 1) await notes.put('few', `n${at}`, String(at), { ...LONG, most: 10 })
      expect(await notes.all('few')).toEqual(['20', '21', '22', '23', '24', '25', '26', '27', '28', '29'])
      for (let at = 0; at < 150; at += 1) await notes.put('brief', `n${at}`, '', { lasts: 50 })
      await wait(100)
      await notes.put('brief', 'a', '', LONG)
      expect(await countOf('brief')).toBe(1)
    })

    test('several are kept at once, in place of what was there under their names, and the oldest make room for all of them', async () => {
      const { all, countOf } = await open(2)
      const [notes = never(), other = never()] = all
      for (const name of ['a', 'b', 'c']) await notes.set('look', name, `first ${name}`, LONG)
      const found = new Map(['b', 'd', 'e'].map((name) => [name, `second ${name}`]))
      await other.setAll('look', found, { ...LONG, most: 4 })
      expect(await notes.all('look')).toEqual(['first c', 'second b', 'second d', 'second e'])
      expect([await notes.read('look', 'a'), await countOf('look')]).toEqual([undefined, 4])
      await notes.setAll('look', new Map(), LONG)
      expect([...(await other.present('look', ['a', 'b', 'c', 'd', 'e'])).keys()]).toEqual(['b', 'c', 'd', 'e'])
    })
  })
}

function never(): never {
  throw new Error('no process')
}
