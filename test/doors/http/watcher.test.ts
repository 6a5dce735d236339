import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { Watcher } from '../../../src/doors/http/context/watcher.ts'
import type { WatchedExecution } from '../../../src/doors/http/jobs/watched-execution.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { type App, partOf } from '../../lab/lab.ts'

const KNOWN = { principal: { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } } as const

const sent = (execution: string, seq: number) => ({
  event: { seq, execution, type: 'ExecutionResumed' } as JournalEvent,
  frame: `event: record\ndata: ${execution} ${seq}\n\n`,
})

test('a record that is in the first view, and comes from the end of the record besides, is not sent again', async () => {
  const app = partOf<App>({ clock: new VirtualClock(), project: { policy: () => undefined } })
  const sheet = partOf<WatchedExecution>({
    state: { id: 'x1', seq: 5 },
    records: [sent('x1', 5)],
    whole: async () => ({}),
  })
  const watcher = new Watcher({ app, live: { sheetOf: async () => sheet }, scrub: (text) => text }, KNOWN, {
    executions: new Set(['x1']),
    overview: false,
  })
  await watcher.begin(() => undefined)
  watcher.records([sent('x1', 4), sent('x1', 5), sent('x2', 6), sent('x1', 7)])
  watcher.leave('over')
  let text = ''
  for await (const bytes of watcher.stream) text += new TextDecoder().decode(bytes)
  expect(text.match(/data: x\d \d/g)).toEqual(['data: x1 7'])
})
