import { expect, test } from 'vitest'
import { runSeed } from '../../../simulate/run-seed.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { type ExecutionView, executionViewSchema, type ViewLane } from '../../../src/report/view/execution-view.ts'
import { viewOf } from '../../../src/report/view/view-of.ts'
import { foldView, foldViews, newView, type ViewContext } from '../../../src/report/view/view-state.ts'
import { extentOfLong } from '../../extent.ts'

/** The journals of the executions of a simulated history, with whatever befell them. */
async function journalsOf(seed: number) {
  const journals = new Map<string, JournalEvent[]>()
  const watch = () => ({
    appended: (_life: unknown, events: readonly JournalEvent[]) => {
      for (const event of events) {
        if (event.execution === undefined) continue
        journals.set(event.execution, [...(journals.get(event.execution) ?? []), event])
      }
    },
  })
  // Somebody who goes on with a copy of the store has another record of the same execution.
  await runSeed(seed, { checked: false, watch, fixed: { copies: false } })
  return [...journals.values()]
}

/** What the records say about an end, read without the code under test. */
interface OnRecord {
  outcome: string | undefined
  /** The error that it ends with: a headline quotes the first line of it. */
  cause: string | undefined
  readonly back: Set<string>
  readonly saved: Set<string>
}

function readOn(record: OnRecord, event: JournalEvent) {
  if (event.type === 'ExecutionEnded') record.outcome = event.outcome
  if (event.type === 'CompensationStarted') record.cause = event.error.message.split('\n', 1)[0]?.slice(0, 130)
  if (event.type === 'ExecutionRedriven') {
    record.outcome = undefined
    record.back.clear()
  }
  if (event.type === 'UndoFinished' && event.end === 'reverted') record.back.add(event.device)
  if (event.type === 'ActFinished' && event.act === 'save' && event.outcome === 'done') record.saved.add(event.device)
}

/** What a headline says of an end, and the outcomes of which it may say so. */
const CLAIMS: readonly (readonly [claim: RegExp, outcomes: readonly string[]])[] = [
  [/\bsucceeded\b|confirmed, saved and read back/, ['succeeded']],
  [/(?:was|were) put back|keeps? the change/, ['rolled-back', 'cancelled', 'tolerated', 'unknown']],
  [/\bUNKNOWN\b/, ['unknown']],
  [/nothing was committed/, ['refused', 'cancelled', 'rolled-back']],
  [/(?:has|have) the change/, ['succeeded', 'tolerated', 'unknown']],
  [/Nothing to do/, ['nothing-to-do']],
  [/The plan is made/, ['planned']],
]

function faultOf(view: ExecutionView, record: OnRecord) {
  const said = record.cause === undefined ? view.headline : view.headline.replace(record.cause, '')
  const claimed = CLAIMS.find(([claim, outcomes]) => claim.test(said) && !outcomes.includes(record.outcome ?? 'open'))
  if (claimed !== undefined) return `says: ${view.headline}`
  if (view.headline === '' || view.unattended === '') return 'says nothing'
  const faults = view.waves.flatMap(({ lanes }) => lanes.flatMap((lane) => faultOfLane(lane, record) ?? []))
  return faults[0]
}

function faultOfLane({ device, mark, segments, fuses }: ViewLane, record: OnRecord) {
  if (mark.word === 'put back' && !record.back.has(device)) return `${device} is called put back`
  if (mark.word === 'confirmed' && !record.saved.has(device)) return `${device} is called confirmed`
  const times = segments.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [to])])
  if (times.join() !== [...times].sort().join()) return `the spans of ${device} are out of order: ${times.join()}`
  if (record.outcome === undefined) return undefined
  if (segments.some(({ to }) => to === undefined)) return `${device} goes on`
  return fuses.some(({ left }) => left !== undefined) ? `a timer of ${device} runs` : undefined
}

/** What is known beside the records, in turn. */
const KNOWN: readonly Omit<ViewContext, 'now'>[] = [
  {},
  { isRunning: true, terms: () => ({ within: 120, stableFor: 30 }) },
  { isRunning: false },
]

test('every prefix of every simulated journal is a view, and says of its end what is on record and no more', {
  tags: ['long', 'turn'],
  timeout: 300_000,
}, async () => {
  const seeds = extentOfLong(6, 400)
  const counted = { journals: 0, prefixes: 0, parsed: 0, outcomes: new Set<string>() }
  for (let seed = 1; seed <= seeds; seed++) {
    for (const journal of await journalsOf(seed)) {
      const record: OnRecord = { outcome: undefined, cause: undefined, back: new Set(), saved: new Set() }
      let state = newView(journal[0]?.execution ?? '')
      journal.forEach((event, index) => {
        state = foldView(state, event)
        readOn(record, event)
        const now = Date.parse(event.at) + (index % 4) * 7000
        const view = viewOf(state, { now, ...KNOWN[index % KNOWN.length] })
        expect(faultOf(view, record), `seed ${seed}, record ${event.seq}`).toBeUndefined()
        counted.prefixes += 1
        if (index % 25 !== 0 && index !== journal.length - 1) return
        executionViewSchema.parse(JSON.parse(JSON.stringify(view)))
        counted.parsed += 1
      })
      const half = Math.floor(journal.length / 2)
      const first = foldViews(newView(state.execution.id), journal.slice(0, half))
      const seen = JSON.stringify(viewOf(first, { now: 0 }))
      expect(foldViews(first, journal.slice(half)), `seed ${seed}, in two parts`).toEqual(state)
      expect(JSON.stringify(viewOf(first, { now: 0 })), `seed ${seed}, what was there`).toBe(seen)
      counted.journals += 1
      counted.outcomes.add(record.outcome ?? 'open')
    }
  }
  process.stdout.write(`${counted.journals} journals of seeds 1 to ${seeds}, ${counted.prefixes} prefixes\n`)
  expect(counted.journals).toBeGreaterThanOrEqual(extentOfLong(6, 200))
  expect(counted.prefixes).toBeGreaterThanOrEqual(extentOfLong(200, 30_000))
  expect([...counted.outcomes].sort()).toEqual(
    expect.arrayContaining(['rolled-back', 'succeeded', ...extentOfLong([], ['cancelled', 'unknown'])]),
  )
})
