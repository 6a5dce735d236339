import { expect, test } from 'vitest'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import { changeRecordOf, recordLeft } from '../../../src/project/history/execution-view.ts'
import { trailOf } from '../../../src/project/history/trail-of.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { appOf, openLab, personNamed, preparedIn, whileTimePasses } from '../../lab/lab.ts'

const ann: Caller = personNamed('ann')

test('[P20] the record of a change is signed where it is not yet, and that it has left is put on record', async () => {
  const lab = openLab()
  const app = await appOf(lab)
  const { id } = await begin(app, ann, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })
  await app.journalAs(ann.principal).append(id, [{ type: 'ExecutionResumed' }])
  const signed = async () => (await trailOf(app).checkpoints(0)).length
  const taken = () => whileTimePasses(lab.clock, changeRecordOf(app, ann, id))
  const before = await signed()
  expect([(await taken()).execution, await signed()]).toEqual([id, before + 1])
  const { cursor } = await app.store.tail()
  await recordLeft(app, ann, id, 'change.html')
  const first = (await app.store.read(id))[0]?.seq
  const exported = { type: 'AuditExported', format: 'html', to: 'change.html', first }
  expect((await app.store.tail(cursor)).events).toMatchObject([exported])
  expect([(await taken()).execution, await signed()]).toEqual([id, before + 1])
})
