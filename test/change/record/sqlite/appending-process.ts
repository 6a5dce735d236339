import { parseArgs } from 'node:util'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'

// A process of its own that appends to an execution of the store at --path until it has written --count records or is killed, and acknowledges each
// record on stdout only after `append` has returned.
const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    execution: { type: 'string', default: '' },
    count: { type: 'string', default: 'Infinity' },
  },
})

const store = await openStore({ path: values.path, installKey: values.key, clock: new VirtualClock() })
const journal = store.as({ issuer: 'local', id: 'local:1000:alice@noc1', auth: 'os' })
const before = await store.read(values.execution)
for (let number = before.length; number < before.length + Number(values.count); number++) {
  const event = { type: 'UndoFinished', device: `leaf${number}`, end: 'reverted', detail: 'x'.repeat(200) } as const
  const [written] = await journal.append(values.execution, [event])
  process.stdout.write(`${written?.seq}\n`)
}
await store.close()
