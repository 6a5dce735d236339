import type { DeviceIdentity } from '../../eos/device/device.ts'
import { definedMembers } from '../../model/json.ts'
import { kindsInDiff } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import { sealedPlan } from './make-plan.ts'
import type { Plan, PlanContent, PlanNote, PlannedDevice } from './plan.ts'

/** What a switch may be asked for the first time: lines of a kind, on its model with its version of EOS. */
export interface KindOnModel extends Pick<DeviceIdentity, 'model' | 'eos'> {
  readonly kind?: string
}

export type KnownConfirmations =
  | {
      /** From when on all of them are known, in milliseconds since the epoch. */
      readonly since: number
      readonly names: ReadonlySet<string>
    }
  | { readonly unread: string }

const MOST_NOTES = 8

export function kindName({ model, eos, kind }: KindOnModel): string {
  return JSON.stringify(kind === undefined ? [model, eos] : [model, eos, kind])
}

export function kindsOn({ identity: { model, eos }, diff }: PlannedDevice): readonly KindOnModel[] {
  return [...kindsInDiff(diff)].map((kind) => ({ model, eos, ...definedMembers({ kind }) }))
}

export function confirmedKinds(
  { devices }: Pick<PlanContent, 'devices'>,
  ends: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  return new Set(devices.flatMap((device) => (ends[device.name] === 'changed' ? kindsOn(device).map(kindName) : [])))
}

/** The plan with a note of the kinds of lines that were not confirmed before on the model and the version of a switch: one for the kinds that have the same switches. */
export function withFirstTimes(
  definition: Pick<PlanDefinition, 'key' | 'sealing' | 'scrub'>,
  { seal: _, ...plan }: Plan,
  before: KnownConfirmations,
): Plan {
  const clean = definition.scrub ?? ((text: string) => text)
  const found = firstTimeNotes(plan.content, before).map((note) => ({ ...note, message: clean(note.message) }))
  const notes = [...(plan.evidence.notes ?? []), ...found]
  return sealedPlan(definition, notes.length === 0 ? plan : { ...plan, evidence: { ...plan.evidence, notes } })
}

/** The notes themselves, the kinds in the order of the plan. */
export function firstTimeNotes(
  { devices, canary }: Pick<PlanContent, 'devices' | 'canary'>,
  before: KnownConfirmations,
): readonly PlanNote[] {
  if ('unread' in before)
    return [note([], `whether lines of these kinds were confirmed here before is not known: ${before.unread}`)]
  const first = new Map<string | undefined, FirstTime>()
  for (const device of devices) {
    for (const one of kindsOn(device)) {
      if (before.names.has(kindName(one))) continue
      const known = first.get(one.kind) ?? { devices: [], on: new Set() }
      known.devices.push(device.name)
      known.on.add(`${one.model} ${one.eos}`)
      first.set(one.kind, known)
    }
  }
  const since = new Date(before.since).toISOString().slice(0, 'yyyy-mm-dd'.length)
  const all = [...alike(first)]
  const shown = all.length > MOST_NOTES + 1 ? all.slice(0, MOST_NOTES) : all
  const rest = all.slice(shown.length)
  const notes = shown.map(({ kinds, devices: names, on }) => {
    const isTried = names.length < 2 || names.some((name) => canary?.switches.includes(name))
    return note(
      names,
      `${kindWords(kinds)} never confirmed on ${[...on].join(', ')} here (since ${since})${isTried ? '' : '; make one of them a canary'}`,
    )
  })
  if (rest.length === 0) return notes
  const others = rest
    .flatMap(({ kinds }) => kinds.map((kind) => (kind === undefined ? 'lines of no known kind' : `\`${kind}\``)))
    .join(', ')
  const names = new Set(rest.flatMap((one) => one.devices))
  return [
    ...notes,
    note(
      devices.flatMap(({ name }) => (names.has(name) ? [name] : [])),
      `never confirmed here either: ${others}`,
    ),
  ]
}

interface FirstTime {
  readonly devices: string[]
  readonly on: Set<string>
}

function alike(
  first: ReadonlyMap<string | undefined, FirstTime>,
): Iterable<FirstTime & { readonly kinds: (string | undefined)[] }> {
  const groups = new Map<string, FirstTime & { readonly kinds: (string | undefined)[] }>()
  for (const [kind, { devices, on }] of first) {
    const key = JSON.stringify([devices, [...on]])
    const group = groups.get(key) ?? { kinds: [], devices, on }
    group.kinds.push(kind)
    groups.set(key, group)
  }
  return groups.values()
}

function kindWords(kinds: readonly (string | undefined)[]) {
  if (kinds.length === 1 && kinds[0] === undefined) return 'a line of no known kind was'
  const known = kinds.flatMap((kind) => (kind === undefined ? [] : [`\`${kind}\``]))
  const other = known.length < kinds.length ? ' and of no known kind' : ''
  return `lines of ${known.length === 1 ? 'kind' : 'the kinds'} ${known.join(', ')}${other} were`
}

function note(devices: readonly string[], message: string): PlanNote {
  return { code: 'first-time', devices, message }
}
