import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ArtefactRef, EventBody } from '../../../../src/change/record/event/event.ts'
import { segmentFiles } from '../../../../src/project/system/machine/key-files.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ALICE, STARTED, STATEMENT } from '../../../change/record/one-of-each-event.ts'
import { asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { databasePlace } from './sealed-database.ts'

/** `EOSFLOW_SEAL_RECORDS=100000 npm run test:postgres -- test/project/record/upkeep/seal-large` measures what docs/operation.md says. */
const RECORDS = Number(process.env.EOSFLOW_SEAL_RECORDS ?? 2_000)
const OF_EACH = 100
const SWITCHES = 10

const servers = serverForTests()

const STATES: readonly EventBody[] = Array.from({ length: OF_EACH - 4 }, (_, index) => ({
  type: 'StateEntered',
  path: '',
  state: `a state with a name of some length, number ${index}, `.repeat(4),
}))

test('the records of many executions leave, others write meanwhile, and the disk gets the space back', {
  tags: 'turn',
  timeout: 900_000,
}, async () => {
  const place = await databasePlace(servers.server)
  const { eosflow, address } = place
  const store = await place.open()
  const journal = store.as(ALICE)
  const many = Math.floor(RECORDS / OF_EACH)
  for (let number = 0; number < many; number += 1) {
    const id = `y${String(number).padStart(5, '0')}`
    const device = `leaf${number % SWITCHES}`
    const snapshot = await store.put(`configuration ${number}\n`.repeat(600))
    await journal.append(id, [
      { type: 'SnapshotTaken', name: 'before', snapshot, devices: [device], baseline: [device], notices: [device] },
      { type: 'PlanMade', digest: STATEMENT.plan, plan: snapshot, waves: [[device]], unchanged: [] },
      { type: 'ActIntended', act: 'stage', device, session: 'eosflow-1', checkpoint: 'eosflow-1' },
      ...STATES,
      { type: 'ExecutionEnded', outcome: 'succeeded', devices: { [device]: 'changed' } },
    ])
  }
  await asSuperuser(address, "UPDATE blob SET put = now() - interval '2 days'", 'VACUUM FULL blob', 'VACUUM ANALYZE')
  const size = async () =>
    Number(
      (
        await asSuperuser(
          address,
          "SELECT sum(pg_total_relation_size(x)) AS size FROM unnest('{event,blob,execution,register}'::regclass[]) x",
        )
      )[0]?.size,
    )
  const before = await size()
  // Others begin, keep a text and end all the time, each in a store of their own.
  let isOver = false
  let longest = 0
  const kept = new Map<string, ArtefactRef>()
  const writing = ['a', 'b'].map(async (writer) => {
    const own = await place.open()
    for (let number = 0; !isOver; number += 1) {
      const [id, device] = [`${writer}${number}`, `spine-${writer}`]
      const snapshot = await own.put(`what ${id} shows`)
      const began = systemClock.monotonic()
      await own.as(ALICE).append(id, [
        { ...STARTED, targets: [device] },
        { type: 'SnapshotTaken', name: 'before', snapshot, devices: [device], baseline: [device], notices: [device] },
        { type: 'ExecutionEnded', outcome: 'succeeded', devices: { [device]: 'changed' } },
      ])
      longest = Math.max(longest, systemClock.monotonic() - began)
      kept.set(id, snapshot)
      await systemClock.sleep(20)
    }
  })
  const began = systemClock.monotonic()
  const sealed = await eosflow('store', 'seal', '--keep', '0', '--reason', 'half a year is enough', '--json')
  const seconds = (systemClock.monotonic() - began) / 1000
  isOver = true
  await Promise.all(writing)
  expect(sealed.stderr).toBe('')
  const { segments, texts } = JSON.parse(sealed.stdout) as {
    readonly segments: readonly {
      readonly bytes: number
      readonly executions: number
      readonly records: number
      readonly carried: number
    }[]
    readonly texts: { readonly texts: number }
  }
  const sum = (name: 'bytes' | 'executions' | 'records' | 'carried') =>
    segments.reduce((all, one) => all + one[name], 0)
  const deleted = await size()
  await asSuperuser(address, 'VACUUM event', 'VACUUM blob')
  const vacuumed = await size()
  await asSuperuser(address, 'VACUUM FULL event', 'VACUUM FULL blob')
  const full = await size()
  const verifying = systemClock.monotonic()
  expect(await eosflow('audit', 'verify')).toMatchObject({ code: 0 })
  const measured = {
    kind: 'seal-large',
    executions: sum('executions'),
    records: sum('records'),
    carried: sum('carried'),
    texts: texts.texts,
    segments: segments.length,
    fileBytes: sum('bytes'),
    seconds: Number(seconds.toFixed(1)),
    longestAppendMs: Math.round(longest),
    databaseBytes: { before, deleted, vacuumed, full },
    verifySeconds: Number(((systemClock.monotonic() - verifying) / 1000).toFixed(1)),
  }
  process.stdout.write(`${JSON.stringify(measured)}\n`)
  expect(sum('executions')).toBeGreaterThanOrEqual(many - SWITCHES + 3)
  expect(full).toBeLessThan(before)
  // Everything that was acknowledged meanwhile is there.
  const reader = await place.open(segmentFiles(join(place.dir, '.eosflow')))
  expect(kept.size).toBeGreaterThan(10)
  for (const [id, snapshot] of kept)
    expect([(await reader.read(id)).length, await reader.get(snapshot)]).toEqual([3, `what ${id} shows`])
})
