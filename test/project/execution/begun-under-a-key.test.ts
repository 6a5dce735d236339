import { expect, test } from 'vitest'
import { askedUnder, beginChange } from '../../../src/project/execution/begin/begin-change.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { appOf, openLab, personNamed, preparedIn } from '../../lab/lab.ts'

const ann: Caller = personNamed('ann')

test('[P20] what was begun under a key is answered again to whoever began it, also where they may begin nothing any more', async () => {
  const lab = openLab()
  const [app, prepared] = [await appOf(lab), preparedIn(await appOf(lab))]
  const request = askedUnder('job', { prepared })
  const first = await beginChange(app, ann, { prepared, request })
  lab.write('policy.yaml', 'version: 1\nrules: []\n')
  const later = await appOf(lab)
  const id = first.kind === 'begun' ? first.state.id : ''
  expect(await beginChange(later, ann, { prepared, request })).toEqual({ kind: 'known', id })
  await expect(beginChange(later, ann, { prepared, request: askedUnder('other', { prepared }) })).rejects.toMatchObject(
    { kind: 'not-authorised' },
  )
  expect(await app.store.executionIds()).toEqual([id])
})

test('[P20] of two that begin it at the same moment under a key one has begun it, and the other one reads which', async () => {
  const app = await appOf(openLab())
  const prepared = preparedIn(app)
  const request = askedUnder('job', { prepared })
  const both = await Promise.all([
    beginChange(app, ann, { prepared, request }),
    beginChange(app, ann, { prepared, request }),
  ])
  const [id] = await app.store.executionIds()
  expect(both.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toMatchObject([
    { kind: 'begun', state: { id } },
    { kind: 'known', id },
  ])
})
