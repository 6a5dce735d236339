import { expect, test } from 'vitest'
import { confirmedBefore, notingKinds } from '../../../src/app/execution/confirmed-kinds.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Notes } from '../../../src/journal/notes.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { planOf } from '../../plan/material.ts'

const INTERFACE = '["DCS-7050SX3-48YC8","4.32.2F","interface.access-vlan"]'
const VLAN = '["DCS-7050SX3-48YC8","4.32.2F","vlan"]'

/** A journal that keeps nothing. */
const nowhere = { append: async () => [], read: async () => [] } as unknown as Journal

/** An execution of a plan that ends so. */
export function ended(notes: Notes, plan: Plan | undefined, devices: Readonly<Record<string, string>>, of = 'e1') {
  const end = { type: 'ExecutionEnded', outcome: 'succeeded', devices } as unknown as EventBody
  return notingKinds(nowhere, { app: { notes }, execution: 'e1', plan: () => plan }).append(of, [end])
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
): void {
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
