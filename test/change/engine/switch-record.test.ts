import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { deviceEnds } from '../../../src/change/engine/outcome.ts'
import { foldSwitches } from '../../../src/change/engine/past-checkpoints.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { isRead, parseEvent, type TypesRead } from '../../../src/change/record/event/record-text.ts'
import { partOf } from '../../lab/part-of.ts'

const JOURNALS = fileURLToPath(new URL('../../fixtures/journals/interpreter-2/', import.meta.url))
const FILES = readdirSync(JOURNALS).filter((name) => name.endsWith('.jsonl'))

const recorded = (file: string) =>
  readFileSync(JOURNALS + file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(parseEvent)

/** A store with one execution, and how many events each reading has given. */
function storeOf(events: readonly JournalEvent[]) {
  const given: number[] = []
  const read = async (_: string, types?: TypesRead) => {
    const found = types === undefined ? events : events.filter(({ type }) => isRead(type, types))
    given.push(found.length)
    return found
  }
  return { read, given }
}

test('there are twenty and more recorded executions', () => {
  expect(FILES.length).toBeGreaterThanOrEqual(20)
})

test.each(FILES)('%s: up to every fourth of its records the switches are as the whole record says', async (file) => {
  const events = recorded(file)
  const { read, given } = storeOf(events)
  for (const { seq } of events.filter((_, at) => at % 4 === 3 || at === events.length - 1)) {
    const whole = foldAll(
      'x1',
      events.filter((one) => one.seq <= seq),
    )
    const some = await foldSwitches('x1', read, seq)
    const said = ({ status, outcome, file: workflow, plan, sites, devices, ends }: typeof whole) =>
      JSON.stringify({ status, outcome, workflow, plan, sites, devices, ends })
    expect(said(some)).toBe(said(whole))
    expect(deviceEnds(some)).toEqual(deviceEnds(whole))
  }
  // Most records of an execution are of its tasks.
  expect(Math.max(...given)).toBeLessThan(events.length)
})

test('a redriven execution is read whole: from where it goes on depends on its tasks', async () => {
  const events = [...recorded('one-wave-rolled-back.jsonl')]
  const last = events.at(-1)
  if (last === undefined) throw new Error('no record')
  const again = partOf<JournalEvent>({ ...last, type: 'ExecutionRedriven', seq: last.seq + 1 })
  const { read, given } = storeOf([...events, again])
  const state = await foldSwitches('x1', read)
  expect([state.status, state.redriven, given.at(-1)]).toEqual(['running', 1, events.length + 1])
  expect(JSON.stringify(state.devices)).toBe(JSON.stringify(foldAll('x1', [...events, again]).devices))
})

test('a timed commit that was refused, and is found on the switch all the same, counts', async () => {
  const events = recorded('commit-refused.jsonl').filter(({ seq }) => seq <= 63)
  const last = events.at(-1)
  expect(last).toMatchObject({ type: 'ActFinished', act: 'arm', device: 'leaf2', outcome: 'refused' })
  const found = partOf<JournalEvent>({ ...last, type: 'DeviceSettled', seq: 64, device: 'leaf2', found: 'armed' })
  const reached = async (known: readonly JournalEvent[]) =>
    (await foldSwitches('x1', storeOf(known).read)).devices.get('leaf2')?.reached
  expect([await reached(events), await reached([...events, found])]).toEqual(['stage', 'arm'])
})
