import { readState } from '../../../change/engine/fold.ts'
import { newExecution } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { executionNamed } from '../../../project/history/executions/list-executions.ts'
import { liveWatch } from '../../../project/history/watch/live-watch.ts'
import { untilSettled, whileWatching } from '../../../project/history/watch/watch.ts'
import { entryJson, historian } from '../../../report/event-words/history.ts'
import { unservedWords } from '../../../report/phrases/workers.ts'
import { noLongerWatching, recap } from '../execution/execution-report.ts'
import { appCommand, type CommandContext } from '../terminal/compose.ts'
import type { Io } from '../terminal/io.ts'
import { progressTeller } from '../terminal/progress-teller.ts'

export const run = appCommand(async (context) => {
  const { app, caller, invocation } = context
  const id = await executionNamed(app, invocation.args[0] ?? '')
  await requireAllowed(app, caller, 'execution.read', aboutExecution(await readState(app.store, id)))
  const state = await watched(context, id)
  if (state === undefined) return noLongerWatching(invocation, id)
  // The store may go away between the last record and the report of it.
  const shown = await whileWatching(app, invocation.io.stop, (patient) => recap({ ...context, app: patient }, state))
  return shown ?? noLongerWatching(invocation, id)
})

async function watched({ app, invocation, io, global }: CommandContext, id: string) {
  const tell = global.json ? linePrinter(io, id) : progressTeller(invocation)
  const live = liveWatch(global.json ? undefined : io.live, app, newExecution(id))
  const seen = (events: readonly JournalEvent[]) => {
    for (const event of events) live?.tell(event)
    tell(events)
  }
  const left = (unserved: readonly string[]) => {
    io.err(
      unserved.length === 0
        ? `no process runs ${id} now\nNext: eosflow resume ${id}\n`
        : `${unservedWords(unserved)}: it goes on with the next one\nNext: eosflow worker --site ${unserved.join(',')}\n`,
    )
  }
  try {
    return await untilSettled(app, id, { stop: io.stop, seen, left })
  } finally {
    live?.close()
  }
}

function linePrinter(io: Io, id: string): (events: readonly JournalEvent[]) => void {
  const entryOf = historian(id)
  return (events) => {
    for (const event of events) io.out(`${JSON.stringify(entryJson(entryOf(event)))}\n`)
  }
}
