import {
  confirmedKinds,
  type KnownConfirmations,
  kindName,
  kindsOn,
  withFirstTimes,
} from '../../change/plan/first-time.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import type { Subscriber } from '../../change/record/store/journal.ts'
import { type Notes, noNotes, TEN_YEARS } from '../../change/record/store/notes.ts'
import { messageOf } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import type { NotingParts } from '../switches/snapshot/read-versions.ts'
import { sealingOf } from './definition/definition-of.ts'

const NOTE = 'confirmed-kinds'
// What was noted behind it is there for longer, so that nothing is claimed of what is over.
const BEGUN = 'begun'
const owed = new WeakMap<Notes, Set<string>>()

/** Which kinds of lines of a plan were confirmed before on such switches: one read of the notes. A store that cannot be asked is a reason, never an error. */
export async function confirmedBefore(
  { notes }: Pick<RecordApp, 'notes'>,
  { content: { devices }, evidence }: Plan,
): Promise<KnownConfirmations | undefined> {
  const asked = new Set(devices.flatMap((device) => kindsOn(device).map(kindName)))
  if (asked.size === 0 || notes === noNotes) return undefined
  const lacking = owed.get(notes)
  if (lacking !== undefined && [...asked].some((name) => lacking.has(name)))
    return { unread: 'a change that was confirmed is not noted yet' }
  try {
    const written = await notes.present(NOTE, [BEGUN, ...asked])
    const begun = written.get(BEGUN)
    if (begun === undefined) await notes.put(NOTE, BEGUN, '', TEN_YEARS)
    return { since: begun ?? Date.parse(evidence.createdAt), names: new Set(written.keys()) }
  } catch (error) {
    return { unread: messageOf(error) }
  }
}

// A plan with what is said of kinds of lines that were never confirmed before on such switches.
export async function sayingFirstTimes(app: RecordApp, plan: Plan) {
  const before = await confirmedBefore(app, plan)
  const scrub = (text: string) => app.scrubber.scrub(text)
  return before === undefined
    ? plan
    : withFirstTimes({ key: app.key.text, sealing: sealingOf(app), scrub }, plan, before)
}

// Throws as notes do.
async function noteKinds(notes: Notes, names: readonly string[]) {
  if (names.length === 0) return
  const written = await notes.present(NOTE, [BEGUN, ...names])
  const begun = written.get(BEGUN)
  if (begun === undefined) await notes.put(NOTE, BEGUN, '', TEN_YEARS)
  // What was noted before the beginning may be over before that is.
  const lacking = names.filter((name) => begun === undefined || (written.get(name) ?? 0) < begun)
  if (lacking.length > 0) await notes.setAll(NOTE, new Map(lacking.map((name) => [name, ''])), TEN_YEARS)
}

type Ended = Extract<EventBody, { type: 'ExecutionEnded' }>

/** Notes the kinds of the lines that an execution has confirmed, once its end is on record. */
export function notingKinds({ app: { notes }, execution, plan }: NotingParts): Subscriber {
  return ({ of, events }) => ({
    written: async () => {
      const end = events.find((event): event is Ended => event.type === 'ExecutionEnded')
      const { content } = plan() ?? {}
      if (of !== execution || end === undefined || content === undefined || notes === noNotes) return
      const owing = owed.get(notes) ?? new Set()
      owed.set(notes, owing)
      for (const name of confirmedKinds(content, end.devices)) owing.add(name)
      const names = [...owing]
      await noteKinds(notes, names).then(
        () => {
          for (const name of names) owing.delete(name)
        },
        () => undefined,
      )
    },
  })
}
