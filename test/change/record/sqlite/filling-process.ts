import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { diskRoom, systemDisk } from '../../../../src/project/system/machine/disk-room.ts'

// A process of its own that fills the disk of --folder to the last byte and writes to a store there, before the ballast is
// given up and after it. Says on stdout how each went.
const { values } = parseArgs({
  options: { folder: { type: 'string', default: '' }, key: { type: 'string', default: '' } },
})
const { folder } = values
const path = join(folder, 'store.db')
const clock = new VirtualClock()
const store = await openStore({ path, installKey: values.key, clock })
const journal = store.as({ issuer: 'local', id: 'local:1:alice@noc1', auth: 'os' })
const room = diskRoom({ folder, minFree: 8 * 1024 * 1024, disk: systemDisk })
const say = (line: string) => process.stdout.write(`${line}\n`)
const failureOf = async (work: () => unknown) => {
  try {
    await work()
    return undefined
  } catch (error) {
    return error
  }
}
const text = (error: unknown) => (error instanceof Error ? error.message.replaceAll(folder, 'DISK') : 'no failure')
const append = (number: number) =>
  journal.append('x1', [{ type: 'UndoFinished', device: `leaf${number}`, end: 'reverted', detail: 'x'.repeat(200) }])

const fill = () => {
  const filler = openSync(join(folder, 'filler'), 'a')
  for (let size = 1 << 20; size >= 1; ) {
    try {
      writeSync(filler, Buffer.alloc(size))
    } catch {
      size >>= 1
    }
  }
  closeSync(filler)
}

say(`there is room: ${text(await failureOf(() => room.require()))}`)
await append(0)
fill()
say(`it is full: ${text(await failureOf(() => room.require()))}`)
let failure: unknown
let before = 1
while (failure === undefined && before < 1000) failure = await failureOf(() => append(before++))
say(`refused: ${text(failure)}`)
say(`given up: ${room.release(failure)}`)
let written = 0
while (written < 1_000 && (await failureOf(() => append(before + written))) === undefined) written += 1
say(`written then: ${written}`)
say(`verifies: ${text(await failureOf(() => store.verifyChain()))}`)
fill()
failure = undefined
for (let more = 0; failure === undefined && more < 10_000; more += 1) failure = await failureOf(() => append(more))
say(`full again: ${text(failure)}`)
const aDayLater = new VirtualClock(clock.now() + 2 * 24 * 60 * 60_000)
const reader = await failureOf(async () => {
  const opened = await openStore({ path, installKey: values.key, clock: aDayLater })
  await opened.close()
})
say(`can be opened: ${text(reader)}`)
await store.close()
