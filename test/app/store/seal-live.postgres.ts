import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ArtefactRef } from '../../../src/journal/event.ts'
import type { PostgresStore } from '../../../src/journal/postgres/postgres-store.ts'
import { segmentFiles } from '../../../src/system/segment-files.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { eosflow as built } from '../../cli/eosflow.ts'
import { ALICE, STARTED } from '../../journal/one-of-each-event.ts'
import { serverForTests } from '../../postgres/store-for-test.ts'
import { databasePlace } from './sealed-database.ts'

const servers = serverForTests()
const WRITERS = 4
const SEALINGS = 3

/** What was acknowledged to a writer: how many records each execution has, and the texts that it put, with what they say. */
interface Acknowledged {
  readonly executions: Map<string, number>
  readonly texts: Map<ArtefactRef, string>
  longest: number
}

/** Changes that begin, act, keep texts and end, one after the other, each in a store that this writer has open alone. */
async function change(store: PostgresStore, writer: number, isOver: () => boolean): Promise<Acknowledged> {
  const journal = store.as(ALICE)
  const known: Acknowledged = { executions: new Map(), texts: new Map(), longest: 0 }
  const append = async (id: string, events: Parameters<typeof journal.append>[1]): Promise<void> => {
    const began = systemClock.monotonic()
    await journal.append(id, events)
    known.longest = Math.max(known.longest, systemClock.monotonic() - began)
    known.executions.set(id, (known.executions.get(id) ?? 0) + events.length)
  }
  for (let number = 0; !isOver(); number += 1) {
    const id = `w${writer}-${number}`
    const device = `leaf${writer}`
    const text = `what ${id} shows`
    await append(id, [{ ...STARTED, targets: [device] }])
    const snapshot = await store.put(text)
    known.texts.set(snapshot, text)
    await append(id, [{ type: 'ActIntended', act: 'stage', device, session: 'eosflow-1', checkpoint: 'eosflow-1' }])
    await append(id, [
      { type: 'SnapshotTaken', name: 'before', snapshot, devices: [device], baseline: [device], notices: [device] },
    ])
    for (let state = 0; state < 5; state += 1)
      await append(id, [{ type: 'StateEntered', path: '', state: `s${state}` }])
    expect(await store.read(id)).toHaveLength(known.executions.get(id) ?? 0)
    await append(id, [{ type: 'ExecutionEnded', outcome: 'succeeded', devices: { [device]: 'changed' } }])
  }
  return known
}

test('changes go on while records leave: nobody is refused, and everything that was acknowledged is there', {
  tags: 'night',
}, async () => {
  const place = await databasePlace(servers.server)
  let isOver = false
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => place.open()))
  const changing = Promise.all(writers.map((store, writer) => change(store, writer, () => isOver)))
  const left: number[] = []
  try {
    for (let sealing = 0; sealing < SEALINGS; sealing += 1) {
      await systemClock.sleep(1_000)
      const sealed = await built(['store', 'seal', '--keep', '0', '--reason', 'half a year', '--json'], {
        cwd: place.dir,
      })
      expect(sealed).toMatchObject({ code: 0, stderr: '' })
      const { segments } = JSON.parse(sealed.stdout) as { segments: readonly { executions: number }[] }
      left.push(segments.reduce((sum, { executions }) => sum + executions, 0))
    }
  } finally {
    isOver = true
  }
  const known = await changing
  const reader = await place.open(segmentFiles(join(place.dir, '.eosflow')))
  for (const { executions, texts } of known) {
    for (const [id, records] of executions) expect(await reader.read(id), id).toHaveLength(records)
    for (const [ref, text] of texts) expect(await reader.get(ref)).toBe(text)
  }
  expect(await place.eosflow('audit', 'verify')).toMatchObject({ code: 0, stderr: '' })
  const longest = Math.round(Math.max(...known.map((one) => one.longest)))
  const written = known.flatMap(({ executions }) => [...executions.values()]).reduce((sum, one) => sum + one, 0)
  process.stdout.write(`${JSON.stringify({ kind: 'seal-live', written, left, longestAppendMs: longest })}\n`)
  expect(left.every((many) => many > 0)).toBe(true)
})
