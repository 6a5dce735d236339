// @module-tag night
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { everyNth, extent } from '../extent.ts'
import { isSaved, whereIs } from '../lab/vlan-change.ts'
import { type KilledLab, startKilledLab } from './killed-lab.ts'

const SETTINGS = "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: true } }\n"

/** A lab whose change keeps an owner session on its switch. */
function ownedLab(): KilledLab {
  const killed = startKilledLab()
  killed.lab.write('eosflow.yaml', SETTINGS)
  return killed
}

async function historyOf({ lab }: KilledLab): Promise<readonly JournalEvent[]> {
  return await lab.record()
}

const openOn = ({ lab }: KilledLab): readonly string[] =>
  lab.fabric
    .device('leaf1')
    .switch.sessions.all()
    .flatMap(({ name, state }) => (state === 'pending' || state === 'armed' ? [name] : []))

/** That a session is ended which was announced and never opened is rightly refused; whatever else is, is not. */
const isRefused = (one: JournalEvent): boolean =>
  one.type === 'ActFinished' && one.outcome === 'refused' && one.act !== 'release' && one.act !== 'abort'

/** How many records the process of a run writes that nobody kills. */
async function recordsOfRun(): Promise<number> {
  const killed = ownedLab()
  const { lab } = killed
  expect((await lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan')).code).toBe(0)
  expect((await lab.eosflow('approve', 'change.plan')).code).toBe(0)
  expect((await lab.eosflow('run', 'change.plan')).code).toBe(0)
  return (await historyOf(killed)).length
}

test('killed at every event of a change under an owner session: the end is the one without, and no session is left', {
  timeout: 300_000,
}, async () => {
  const records = await recordsOfRun()
  expect(records).toBeGreaterThan(30)
  // Behind the last one nobody is killed any more.
  const events = Array.from({ length: records - 1 }, (_, index) => index + 1)
  const acts = new Set<string>()
  for (const event of everyNth(8, 'events at which an owner is killed', events)) {
    const killed = ownedLab()
    const { lab, killAt, resume } = killed
    await killAt(`event-${event}`)
    const last = (await historyOf(killed)).at(-1)
    if (last?.type === 'ActIntended') acts.add(last.act)
    const where = `${event}: ${JSON.stringify(last)}`
    const { code, out, err } = await resume()
    // An intended commit that was never sent is not sent later, with an owner session or without (docs/fault-model.md row 4).
    const isIntendedOnly = last?.type === 'ActIntended' && last.act === 'arm'
    expect(code, `${where}\n${out}${err}`).toBe(isIntendedOnly ? 6 : 0)
    const leaf1 = lab.fabric.device('leaf1')
    expect([whereIs(leaf1), isSaved(leaf1)], where).toEqual([isIntendedOnly ? 'BEFORE' : 'AFTER', true])
    expect(leaf1.counters().commits, where).toEqual(
      isIntendedOnly ? { plain: 0, timed: 0, confirms: 0 } : { plain: 0, timed: 1, confirms: 1 },
    )
    expect(openOn(killed), where).toEqual([])
    const refused = (await historyOf(killed)).filter(isRefused)
    expect(refused, where).toEqual([])
    expect(out + err, where).not.toContain('its owner session')
  }
  expect([...acts]).toEqual(expect.arrayContaining(extent([], ['hold', 'release'])))
})
