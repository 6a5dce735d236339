import { foldAll } from '../../../change/engine/fold.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { executionNamed } from '../../../project/history/executions/execution-named.ts'
import { historyJson, historyOf, historyText } from '../../../report/event-words/history.ts'
import { count } from '../../../report/text/count.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { screenWidth } from '../terminal/screen-width.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const id = await executionNamed(app, args[0] ?? '@latest')
    const events = await app.store.read(id)
    await requireAllowed(app, caller, 'execution.read', aboutExecution(foldAll(id, events)))
    const entries = historyOf(id, events)
    if (global.json) io.out(`${historyJson(entries)}\n`)
    else {
      io.out(`${historyText(entries, io.color ? colored : plain, screenWidth(io))}\n`)
      io.out(`${count(events.length, 'event')}\nNext: eosflow show ${id}\n`)
    }
    return 0
  })
}
