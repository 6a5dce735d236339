import { gathered } from '../../model/map-keys.ts'
import { type Advisory, switchedOn } from './advisories.ts'
import type { ComparedEvidence } from './comparison.ts'
import type { PlanEvidence, PlanNote } from './plan-evidence.ts'
import type { PlanRedactor } from './redaction.ts'

export type KnownAdvisories = readonly Advisory[] | { readonly unread: string }

/** The notes of a plan, each once with all of its switches. */
export function notesOf(
  known: KnownAdvisories | undefined,
  shown: readonly ComparedEvidence[],
  clean: PlanRedactor,
): Pick<PlanEvidence, 'notes'> {
  const notes = advisoryNotes(known, shown)
  return notes.length === 0 ? {} : { notes: notes.map((note) => ({ ...note, message: clean(note.message) })) }
}

function advisoryNotes(known: KnownAdvisories | undefined, shown: readonly ComparedEvidence[]): readonly PlanNote[] {
  const advisories = known ?? []
  if ('unread' in advisories)
    return [{ code: 'advisory', devices: [], message: `security advisories were not looked at: ${advisories.unread}` }]
  const switches = shown.flatMap(({ device, identity, comparison }) =>
    switchedOn(advisories, { eos: identity.eos, ...comparison }).map(({ advisory, line }) => {
      const { id, about, url } = advisory
      return [`\`${line}\` switches on what ${id} is about on EOS ${identity.eos}: ${about} (${url})`, device] as const
    }),
  )
  return [...gathered(switches)].map(([message, devices]) => ({ code: 'advisory', devices, message }))
}
