import { expect, test } from 'vitest'
import { type Notes, noNotes } from '../../../src/change/record/store/notes.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { confirmedBefore } from '../../../src/project/plan/first-times.ts'
import { EVIDENCE, planOf } from '../../change/plan/material.ts'
import { freshPath, openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { describeConfirmedKinds, ended, knownOf } from './taken-forms-contract.ts'

describeConfirmedKinds('in a file', async () => {
  const clock = new VirtualClock()
  const { notes } = await openForTest(freshPath(), clock)
  return { notes, wait: (milliseconds) => clock.advance(milliseconds), rotate: async () => notes }
})

/** Notes that are counted, and that fail where they are to. */
function watched(notes: Notes) {
  const asked: string[] = []
  const failing = new Set<string>()
  const over =
    <A extends readonly unknown[], R>(name: string, ask: (...given: A) => Promise<R>) =>
    async (...given: A) => {
      asked.push(name)
      if (failing.has(name)) throw new Error(`the store is away: ${name}`)
      return ask(...given)
    }
  const all: Notes = {
    ...noNotes,
    put: over('put', (...given) => notes.put(...given)),
    setAll: over('setAll', (...given) => notes.setAll(...given)),
    present: over('present', (...given) => notes.present(...given)),
  }
  return { asked, failing, all }
}

const opened = async () => {
  const clock = new VirtualClock()
  return { ...watched((await openForTest(freshPath(), clock)).notes), clock }
}
const CHANGED = { leaf1: 'changed' }

test('a plan asks once, and an execution that shows nothing new writes nothing', async () => {
  const { all, asked } = await opened()
  await knownOf(all)
  expect(asked.splice(0)).toEqual(['present', 'put'])
  await ended(all, planOf(), CHANGED)
  expect(asked.splice(0)).toEqual(['present', 'setAll'])
  await ended(all, planOf(), CHANGED)
  expect(asked.splice(0)).toEqual(['present'])
  await knownOf(all)
  expect(asked.splice(0)).toEqual(['present'])
  await ended(all, planOf(), { leaf1: 'reverted', leaf3: 'unchanged' })
  await confirmedBefore({ notes: all }, planOf({}, EVIDENCE.slice(2)))
  expect(asked).toEqual([])
})

test('an execution that ends before any plan begins to count as well', async () => {
  const { all, asked } = await opened()
  await ended(all, planOf(), CHANGED)
  expect(asked.splice(0)).toEqual(['present', 'put', 'setAll'])
  expect(await knownOf(all)).toMatchObject({ kinds: [expect.anything(), expect.anything()] })
  expect(asked).toEqual(['present'])
})

test.each(['present', 'put'])(
  'notes that cannot be asked fail no plan, which says that it does not know: %s',
  async (what) => {
    const { all, failing } = await opened()
    failing.add(what)
    expect(await knownOf(all)).toEqual({ unread: `the store is away: ${what}` })
  },
)

test.each(['present', 'put', 'setAll'])(
  'what cannot be noted fails no execution, is not known, and is noted with the next end: %s',
  async (what) => {
    const { all, failing } = await opened()
    failing.add(what)
    await ended(all, planOf(), CHANGED)
    failing.clear()
    expect(await knownOf(all)).toEqual({ unread: 'a change that was confirmed is not noted yet' })
    await ended(all, planOf(), { leaf1: 'reverted' })
    expect(await knownOf(all)).toMatchObject({ kinds: [expect.anything(), expect.anything()] })
  },
)

test('what is over is not claimed: ten years behind the beginning it begins again, and what was noted before is noted anew', async () => {
  const { all, clock } = await opened()
  await knownOf(all)
  await clock.advance(86_400_000)
  await ended(all, planOf(), CHANGED)
  await clock.advance(3652.5 * 86_400_000)
  const again = await knownOf(all)
  expect(again).toMatchObject({ kinds: [expect.anything(), expect.anything()] })
  await ended(all, planOf(), CHANGED)
  await clock.advance(86_400_000)
  expect(await knownOf(all)).toMatchObject({ kinds: [expect.anything(), expect.anything()] })
})

test('simulated switches have no notes, and nothing is said of them', async () => {
  expect(await knownOf(noNotes)).toBeUndefined()
  await ended(noNotes, planOf(), CHANGED)
})
