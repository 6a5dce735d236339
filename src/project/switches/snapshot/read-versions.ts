import type { Plan, PlannedDevice } from '../../../change/plan/plan.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Subscriber } from '../../../change/record/store/journal.ts'
import { type Notes, noNotes, TEN_YEARS } from '../../../change/record/store/notes.ts'

const NOTE = 'eos-versions'

/** The version of EOS that was last read of each switch, as plans, changes and snapshots have noted it: one question. Throws as notes do. */
export async function versionsRead({ notes }: NotingParts['app']): Promise<ReadonlyMap<string, string>> {
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

export interface NotingParts {
  readonly app: { readonly notes: Notes }
  readonly execution: string
  plan(): Plan | undefined
}

/** Notes which version of EOS the plan of an execution has read of each switch, and those that it has changed by a plan from elsewhere. */
export function notingVersions({ app: { notes }, execution, plan }: NotingParts): Subscriber {
  return ({ of, events }) =>
    of === execution
      ? {
          written: async () => {
            for (const event of events) {
              const devices = switchesReadBy(event, plan)
              if (devices.length > 0)
                await noteVersions(notes, new Map(devices.map(({ name, identity: { eos } }) => [name, eos])))
            }
          },
        }
      : undefined
}

function switchesReadBy(event: EventBody, plan: NotingParts['plan']): readonly PlannedDevice[] {
  if (event.type !== 'PlanMade' && event.type !== 'ExecutionEnded') return []
  const devices = plan()?.content.devices ?? []
  return event.type === 'PlanMade' ? devices : devices.filter(({ name }) => event.devices[name] === 'changed')
}
