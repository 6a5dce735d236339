import { parseArgs } from 'node:util'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'

// A process of its own that keeps 25 appends of three executions outstanding in the store at --path until it is killed,
// each of two events, and names each append on stdout only when it was acknowledged. Names begin with --round.
const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    round: { type: 'string', default: '' },
  },
})

const BRANCHES = 25

const store = await openStore({
  path: values.path,
  installKey: values.key,
  clock: new VirtualClock(),
})
const journal = store.as({ issuer: 'local', id: 'local:1000:alice@noc1', auth: 'os' })

async function branch(number: number): Promise<never> {
  for (let step = 0; ; step += 1) {
    const device = `${values.round}-${number}-${step}`
    const half = { type: 'UndoFinished', device, end: 'reverted' } as const
    await journal.append(`x${number % 3}`, [
      { ...half, detail: 'first' },
      { ...half, detail: 'second' },
    ])
    process.stdout.write(`${device}\n`)
    // Lets the pipe be written and the kill arrive now and then, at another branch each time.
    if (step % 5 === number % 5) await new Promise((resolve) => setImmediate(resolve))
  }
}

await Promise.all(Array.from({ length: BRANCHES }, (_, number) => branch(number)))
