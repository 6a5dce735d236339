import { doubtedForm, type KnownForm, readKnownForms } from '../../eos/config/guard/guard.ts'
import { typedLines } from '../../eos/config/rules/typed-lines.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { scanOutline } from '../../eos/config/text/tree.ts'
import type { ValueOrProblems } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { TextMemory } from '../../model/text-memory.ts'
import { readText } from '../../text/source/located.ts'
import { isLoopback } from '../inventory/switch/secret-settings.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import type { Files, SourceText } from '../workflow/template/files.ts'
import type { PlanContent, PlannedDevice } from './plan.ts'

/** Where a project lists the forms of lines that it vouches for (docs/syntax.md). */
export const KNOWN_FORMS_FILE = 'syntax/known.txt'

export interface VouchedForms {
  readonly forms: readonly KnownForm[]
  readonly sources: readonly SourceText[]
}

export function vouchedForms(files: Files): ValueOrProblems<VouchedForms> {
  const content = files(KNOWN_FORMS_FILE)
  if (content === undefined) return { ok: true, value: NONE }
  const text = readText(content, KNOWN_FORMS_FILE)
  if (!text.ok) return text
  const before = known.get(text.value)
  if (before !== undefined) return { ok: true, value: before }
  const read = readKnownForms(text.value, KNOWN_FORMS_FILE)
  if (!read.ok) return read
  const forms = { forms: read.value, sources: [{ file: KNOWN_FORMS_FILE, text: text.value }] }
  return { ok: true, value: known.keep(text.value, forms) }
}

const NONE: VouchedForms = { forms: [], sources: [] }
const known = new TextMemory<VouchedForms>()

/** The versions of EOS on which a form was taken, by the form. */
export type TakenForms = ReadonlyMap<string, readonly string[]>

export interface TakenEvidence {
  readonly forms: TakenForms
  /** The version of EOS that was last read of each switch. */
  readonly versions: ReadonlyMap<string, string>
}

export const NOTHING_TAKEN: TakenEvidence = { forms: new Map(), versions: new Map() }

export type IsTaken = (device: string, form: string) => boolean

/** A switch whose version nobody has read has none of them; `unread` hears its name then. */
export function isTakenBy({ forms, versions }: TakenEvidence, unread: (device: string) => void): IsTaken {
  return (device, form) => {
    const taken = forms.get(form)
    const version = versions.get(device)
    if (taken !== undefined && version === undefined) unread(device)
    return version !== undefined && taken?.includes(version) === true
  }
}

export function takenForms(
  { devices }: Pick<PlanContent, 'devices'>,
  ends: Readonly<Record<string, string>>,
): TakenForms {
  const taken = new Map<string, readonly string[]>()
  for (const device of devices) {
    if (ends[device.name] !== 'changed' || isSimulated(device)) continue
    const { eos } = device.identity
    for (const form of doubtedForms(device)) taken.set(form, [...new Set([...(taken.get(form) ?? []), eos])])
  }
  return taken
}

function isSimulated({ inventory }: PlannedDevice) {
  return isLoopback(inventory.address.host)
}

function doubtedForms({ diff }: PlannedDevice) {
  const shown = diff.filter(({ sign }) => sign !== '-')
  const outline = scanOutline(shown.map(({ text }) => text).join('\n'))
  return typedLines(outline, 'replace').flatMap(({ row, line, above }) =>
    shown[row]?.sign === '+' ? (doubtedForm(above, line) ?? []) : [],
  )
}

export function doubtedIn({ doubtful = [], unsettled = [] }: RenderedChange): readonly string[] {
  const misspelt = unsettled.flatMap((one) => (one.because === 'misspelt' ? [one.whole] : []))
  return [...new Set([...doubtful.map(({ form }) => form), ...misspelt])]
}

export function formsOfCommand({ lines, mode }: RenderedChange, command: string): readonly string[] {
  return typedLines(scanOutline(lines.join('\n')), mode).flatMap(({ line, above }) =>
    redact(line) === command.trim() ? (doubtedForm(above, line) ?? []) : [],
  )
}

export function withoutTaken(
  { doubtful, unsettled, ...change }: RenderedChange,
  isTaken: (form: string) => boolean,
): RenderedChange {
  const doubted = doubtful?.filter(({ form }) => !isTaken(form)) ?? []
  const left = unsettled?.filter((one) => one.because !== 'misspelt' || !isTaken(one.whole)) ?? []
  return {
    ...change,
    ...definedMembers({ doubtful: unlessEmpty(doubted), unsettled: unlessEmpty(left) }),
  }
}

/** The change with the versions of EOS on which switches have taken what is doubted in it. */
export function withTaken(change: RenderedChange, taken: TakenForms): RenderedChange {
  if (taken.size === 0) return change
  const on = (form: string) => definedMembers({ taken: taken.get(form) })
  const { doubtful, unsettled } = change
  return {
    ...change,
    ...definedMembers({
      doubtful: doubtful?.map((one) => ({ ...one, ...on(one.form) })),
      unsettled: unsettled?.map((one) => (one.because === 'misspelt' ? { ...one, ...on(one.whole) } : one)),
    }),
  }
}
