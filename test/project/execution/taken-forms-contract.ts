import { expect, onTestFinished, test } from 'vitest'
import type { Planner } from '../../../src/change/engine/ports.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { openPostgresStore } from '../../../src/change/record/postgres/open-postgres-store.ts'
import { rotateKey } from '../../../src/change/record/postgres/rotate-key.ts'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { heardJournal, type Journal, type Subscriber } from '../../../src/change/record/store/journal.ts'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import type { Project } from '../../../src/project/files/project.ts'
import { confirmedBefore, notingKinds } from '../../../src/project/plan/first-times.ts'
import { knowingTaken, notingForms, takenBefore } from '../../../src/project/plan/taken-forms.ts'
import { noteVersions, notingVersions, versionsRead } from '../../../src/project/switches/snapshot/read-versions.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { evidenceOf, merge, planOf } from '../../change/plan/material.ts'
import { ALICE } from '../../change/record/one-of-each-event.ts'
import { KEY as OLD } from '../../change/record/sqlite/open-for-test.ts'
import { freshDatabase, type serverForTests } from '../../postgres/store-for-test.ts'

const NEXT = 'fedcba9876543210'.repeat(4)

/** The notes of a new store in PostgreSQL; `rotate` gives those under another install key. */
export async function rotatedNotes({ server }: ReturnType<typeof serverForTests>): Promise<{
  readonly notes: Notes
  rotate(): Promise<Notes>
}> {
  const address = await freshDatabase(server)
  const notesUnder = async (installKey: InstallKeys) => {
    const { store, notes } = await openPostgresStore({ address, installKey, clock: systemClock, isReplicated: false })
    onTestFinished(() => store.close())
    return notes
  }
  const both: InstallKeys = { key: OLD, next: NEXT, old: [] }
  return {
    notes: await notesUnder(both),
    rotate: async () => {
      await rotateKey(
        { ...address, user: 'postgres' },
        {
          ring: new KeyRing(both),
          principal: ALICE,
          reason: 'a laptop was lost',
          now: '2026-01-05T09:00:00.000Z',
          scrub: (text) => text,
        },
      )
      return notesUnder({ key: NEXT, old: [OLD] })
    },
  }
}

const INTERFACE = '["DCS-7050SX3-48YC8","4.32.2F","interface.access-vlan"]'
const VLAN = '["DCS-7050SX3-48YC8","4.32.2F","vlan"]'

/** Appends to a journal that keeps nothing. */
function appendHeard(subscriber: Subscriber, of: string, ...events: readonly EventBody[]) {
  const nowhere: Journal = { append: async () => [], read: async () => [] }
  return heardJournal(nowhere, [subscriber]).append(of, events)
}

/** An execution of a plan that ends so. */
export function ended(notes: Notes, plan: Plan | undefined, devices: Readonly<Record<string, string>>, of = 'e1') {
  const end = { type: 'ExecutionEnded', outcome: 'succeeded', devices } as unknown as EventBody
  return appendHeard(notingKinds({ app: { notes }, execution: 'e1', plan: () => plan }), of, end)
}

/** What is known of a plan of two leaves. */
export async function knownOf(notes: Notes, plan = planOf()) {
  const known = await confirmedBefore({ notes }, plan)
  if (known === undefined || 'unread' in known) return known
  return { since: known.since, kinds: [INTERFACE, VLAN].filter((name) => known.names.has(name)) }
}

/** What is noted of kinds, in every store; `rotate` replaces its key, and gives its notes under the next one. */
export function describeConfirmedKinds(
  store: string,
  open: () => Promise<{ readonly notes: Notes; wait(milliseconds: number): Promise<void>; rotate(): Promise<Notes> }>,
) {
  test(`${store}: the first plan begins to count, and what is confirmed behind it is known, also under another key`, async () => {
    const { notes, wait, rotate } = await open()
    expect(await knownOf(notes)).toEqual({ since: Date.UTC(2026, 0, 5, 8), kinds: [] })
    const begun = await knownOf(notes)
    await wait(20)
    expect(begun).toEqual({ since: expect.any(Number), kinds: [] })
    await ended(notes, planOf(), { leaf1: 'reverted', leaf2: 'unknown' })
    await ended(notes, planOf(), { leaf1: 'changed' }, 'e2')
    await ended(notes, undefined, { leaf1: 'changed' })
    expect(await knownOf(notes)).toEqual(begun)
    await ended(notes, planOf(), { leaf1: 'changed', leaf2: 'reverted' })
    const known = { ...begun, kinds: [INTERFACE, VLAN] }
    expect(await knownOf(notes)).toEqual(known)
    expect(await knownOf(await rotate())).toEqual(known)
  })
}

const LINES = ['interface Ethernet2', '   mtu 9000 frobnicated']
const MTU = 'interface <interface> > mtu <int> frobnicated'

const project = {
  inventory: () => ({
    devices: [
      { name: 'leaf1', host: '192.0.2.11' },
      { name: 'sim1', host: '127.0.0.1' },
    ],
  }),
} as unknown as Project

/** What an execution of a plan with a doubted line appends. */
export function appended(notes: Notes, event: object, of = 'e1') {
  const plan = planOf({}, [evidenceOf(1, merge(...LINES))])
  const parts = { app: { notes, project }, execution: 'e1', plan: () => plan, render: async () => merge(...LINES) }
  return appendHeard(notingForms(parts), of, event as EventBody)
}

export const ENDED = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
export const refused = (device: string, command: string, kind = 'refused') => ({
  type: 'TaskFailed',
  error: { kind, message: 'refused', device, command },
})

/** What is noted of forms, in every store; `rotate` replaces its key, and gives its notes under the next one. */
export function describeTakenForms(
  store: string,
  open: () => Promise<{ readonly notes: Notes; rotate(): Promise<Notes> }>,
) {
  test(`${store}: a form that a confirmed switch has taken speaks for a line, and is learned again under another key`, async () => {
    const { notes, rotate } = await open()
    const known = async (of = notes) => Object.fromEntries(await takenBefore({ notes: of }, [MTU, 'other']))
    await appended(notes, { ...ENDED, devices: { leaf1: 'reverted' } })
    await appended(notes, ENDED, 'e2')
    expect(await known()).toEqual({})
    await appended(notes, ENDED)
    await appended(notes, ENDED)
    expect(await known()).toEqual({ [MTU]: ['4.32.2F'] })
    const planning = { render: async () => merge(...LINES) } as unknown as Planner
    expect((await knowingTaken({ notes }, planning).render('leaf1')).doubtful).toMatchObject([{ taken: ['4.32.2F'] }])
    for (const other of [
      refused('sim1', 'mtu 9000 frobnicated'),
      refused('leaf1', 'mtu 9001'),
      refused('leaf1', 'mtu 9000 frobnicated', 'unreachable'),
      refused('leaf1', 'mtu 9000 frobnicated', 'lost-answer'),
    ])
      await appended(notes, other)
    expect(await known()).toEqual({ [MTU]: ['4.32.2F'] })
    // The texts of notes are of one key: with another one a form is learned again.
    const next = await rotate()
    await appended(next, ENDED)
    expect(await known(next)).toEqual({ [MTU]: ['4.32.2F'] })
  })

  test(`${store}: what a switch refuses is not known any more`, async () => {
    const { notes } = await open()
    await appended(notes, ENDED)
    await appended(notes, refused('leaf1', 'mtu 9000 frobnicated'))
    expect((await takenBefore({ notes }, [MTU])).size).toBe(0)
  })

  test(`${store}: the version that was last read of a switch is known`, async () => {
    const { notes } = await open()
    const known = async () => Object.fromEntries(await versionsRead({ notes }))
    const plan = planOf({}, [evidenceOf(1, merge(...LINES)), evidenceOf(2, merge(...LINES))])
    const noting = notingVersions({ app: { notes }, execution: 'e1', plan: () => plan })
    await appendHeard(noting, 'e1', {
      type: 'ExecutionEnded',
      outcome: 'rolled-back',
      devices: { leaf1: 'reverted' },
    } as never)
    await appendHeard(noting, 'e2', { type: 'PlanMade' } as never)
    expect(await known()).toEqual({})
    await appendHeard(noting, 'e1', ENDED as never)
    expect(await known()).toEqual({ leaf1: '4.32.2F' })
    await appendHeard(noting, 'e1', { type: 'PlanMade' } as never)
    await noteVersions(
      notes,
      new Map([
        ['leaf1', '4.33.1F'],
        ['spine1', ''],
      ]),
    )
    expect(await known()).toEqual({ leaf1: '4.33.1F', leaf2: '4.32.2F' })
  })
}
