import { expect, test } from 'vitest'
import type { Planner } from '../../../src/change/engine/ports.ts'
import { type Notes, noNotes } from '../../../src/change/record/store/notes.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { knowingTaken, takenBefore } from '../../../src/project/plan/taken-forms.ts'
import { merge } from '../../change/plan/material.ts'
import { freshPath, openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { partOf } from '../../lab/part-of.ts'
import { appended, describeTakenForms, ENDED } from './taken-forms-contract.ts'

describeTakenForms('in a file', async () => {
  const { notes } = await openForTest(freshPath(), new VirtualClock())
  return { notes, rotate: async () => notes }
})

const rendering = (...lines: readonly string[]) => partOf<Planner>({ render: async () => merge(...lines) })

test('a store is asked once for each doubted form, however many switches there are, and not at all without one', async () => {
  const asked: string[] = []
  const notes: Notes = { ...noNotes, read: async (_kind, name) => void asked.push(name) }
  const planning = knowingTaken({ notes }, rendering('interface Ethernet2', '   mtu 9000 frobnicated'))
  await Promise.all(['leaf1', 'leaf2', 'leaf3'].map((name) => planning.render(name)))
  await knowingTaken({ notes }, rendering('vlan 120')).render('leaf1')
  expect(asked).toEqual(['interface <interface> > mtu <int> frobnicated'])
})

test('a store that cannot be asked knows nothing, and fails no change', async () => {
  const notes: Notes = { ...noNotes, read: async () => Promise.reject(new Error('the store is away')) }
  const planning = knowingTaken({ notes }, rendering('interface Ethernet2', '   mtu 9000 frobnicated'))
  expect((await planning.render('leaf1')).doubtful).toMatchObject([{ line: 'mtu 9000 frobnicated' }])
  await appended(notes, ENDED)
})

test('simulated stores keep no notes', async () => {
  await appended(noNotes, ENDED)
  expect((await takenBefore({ notes: noNotes }, ['mtu int'])).size).toBe(0)
})
