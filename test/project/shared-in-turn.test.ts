import { expect, test } from 'vitest'
import { sharedInTurn } from '../../src/project/system/process/host.ts'

/** Readings that are counted, and the turns that wait. */
function startReadings(isTurned: boolean) {
  const turns: (() => void)[] = []
  const read: string[] = []
  const turn = isTurned ? (over: () => void) => void turns.push(over) : undefined
  const ask = sharedInTurn(
    turn,
    (what: string) => what,
    async (what) => {
      read.push(what)
      if (what === 'broken') throw new Error('it cannot be read')
      return read.length
    },
  )
  const over = () => {
    for (const one of turns.splice(0)) one()
  }
  return { ask, over, read }
}

test('those who ask about the same in one turn are given one reading, which begins behind the last of them', async () => {
  const { ask, over, read } = startReadings(true)
  const asked = [ask('a'), ask('b'), ask('a')]
  expect(read).toEqual([])
  over()
  expect(await Promise.all(asked)).toEqual([1, 2, 1])
  expect(read).toEqual(['a', 'b'])
})

test('who asks while a reading is made is given another', async () => {
  const { ask, over, read } = startReadings(true)
  const first = ask('a')
  over()
  await Promise.resolve()
  const second = ask('a')
  expect(await first).toBe(1)
  over()
  expect(await second).toBe(2)
  expect(read).toEqual(['a', 'a'])
})

test('what fails for one fails for all who asked together, and is tried again by whoever asks then', async () => {
  const { ask, over, read } = startReadings(true)
  const asked = [ask('broken'), ask('broken')]
  over()
  const said = await Promise.allSettled(asked)
  expect(said.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const again = ask('broken')
  over()
  await expect(again).rejects.toThrow('it cannot be read')
  expect(read).toEqual(['broken', 'broken'])
})

test('without turns each is given a reading', async () => {
  const { ask } = startReadings(false)
  expect(await Promise.all([ask('a'), ask('a')])).toEqual([1, 2])
})
