import { foldAll } from '../../../change/engine/fold.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { executionNamed } from '../../../project/history/executions/list-executions.ts'
import { historyJson, historyOf, historyText } from '../../../report/event-words/history.ts'
import { count, styleOf } from '../../../report/text/text.ts'
import { appCommand } from '../terminal/compose.ts'
import { screenWidth } from '../terminal/io.ts'

export const run = appCommand(async ({ app, caller, io, args, global }) => {
  const id = await executionNamed(app, args[0] ?? '@latest')
  const events = await app.store.read(id)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(foldAll(id, events)))
  const entries = historyOf(id, events)
  if (global.json) io.out(`${historyJson(entries)}\n`)
  else {
    io.out(`${historyText(entries, styleOf(io), screenWidth(io))}\n`)
    io.out(`${count(events.length, 'event')}\nNext: eosflow show ${id}\n`)
  }
  return 0
})
