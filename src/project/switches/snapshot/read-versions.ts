import type { PlannedDevice } from '../../../change/plan/plan.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import { type Notes, noNotes, TEN_YEARS } from '../../../change/record/store/notes.ts'
import type { App } from '../../app/app.ts'
import { heardJournal, type NotingParts } from '../../history/watch/heard-journal.ts'

const NOTE = 'eos-versions'

/** The version of EOS that was last read of each switch, as plans, changes and snapshots have noted it: one question. Throws as notes do. */
export async function versionsRead({ notes }: Pick<App, 'notes'>): Promise<ReadonlyMap<string, string>> {
  if (notes === noNotes) return new Map()
  return new Map((await notes.all(NOTE)).map((text) => JSON.parse(text) as [string, string]))
}

/** Notes the versions that were read of switches, where they are others than before. */
export async function noteVersions(notes: Notes, read: ReadonlyMap<string, string>): Promise<void> {
  if (notes === noNotes) return
  try {
    const known = await versionsRead({ notes })
    const others = [...read].filter(([name, eos]) => eos !== '' && known.get(name) !== eos)
    if (others.length === 0) return
    await notes.setAll(NOTE, new Map(others.map((one) => [one[0], JSON.stringify(one)])), TEN_YEARS)
  } catch {
    // The next plan notes them.
  }
}

/** The journal of an execution that notes which version of EOS its plan has read of each switch, and those that it has changed by a plan from elsewhere. */
export function notingVersions(journal: Journal, { app: { notes }, execution, plan }: NotingParts): Journal {
  return heardJournal(journal, async ({ of, events }) => {
    if (of !== execution) return
    for (const event of events) {
      const devices = switchesReadBy(event, plan)
      if (devices.length > 0)
        await noteVersions(notes, new Map(devices.map(({ name, identity: { eos } }) => [name, eos])))
    }
  })
}

function switchesReadBy(event: EventBody, plan: NotingParts['plan']): readonly PlannedDevice[] {
  if (event.type !== 'PlanMade' && event.type !== 'ExecutionEnded') return []
  const devices = plan()?.content.devices ?? []
  return event.type === 'PlanMade' ? devices : devices.filter(({ name }) => event.devices[name] === 'changed')
}
