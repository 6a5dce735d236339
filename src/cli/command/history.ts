import { executionNamed } from '../../app/execution/execution-named.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { foldAll } from '../../engine/fold.ts'
import { count } from '../../report/count.ts'
import { historyJson, historyOf, historyText } from '../../report/history.ts'
import { colored, plain } from '../../report/style.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { screenWidth } from '../screen-width.ts'

/** Every transition of an execution, as recorded. */
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
