import { z } from 'zod'
import { definedMembers } from '../../../model/defined-members.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { Check } from '../area/define.ts'
import { checkNamed, knownChecks } from './known-checks.ts'

/** One check as a workflow asks for it: its name and its validated input, as plain data. */
export interface CheckSpec {
  readonly name: string
  readonly input: Json
  /** The input for each switch of the change, where it differs from one to the other; `input` is what any of them may have then. */
  readonly of?: Readonly<Record<string, Json>>
}

/** A fault in a list of checks. `path` leads from the list to it: `[1, 'vlans-present', 'vlans']`. */
export interface CheckFault {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
}

/** The checks that a list asks for, or everything that is wrong with it. */
export type CheckSpecs =
  | { readonly ok: true; readonly specs: readonly CheckSpec[] }
  | { readonly ok: false; readonly faults: readonly [CheckFault, ...CheckFault[]] }

/**
 * Reads `verify.checks` of a workflow: names, or one name with its inputs, for example
 * `['bgp-established', { 'vlans-present': { vlans: [10] } }]`. The specs hold the inputs with their defaults, and read
 * to themselves again.
 */
export function readCheckSpecs(list: Json): CheckSpecs {
  if (!Array.isArray(list)) return refused([{ path: [], message: 'the checks must be a list' }])
  const read = list.map((item: Json, index) => readItem(item, index))
  const faults = read.flatMap((one) => ('faults' in one ? one.faults : []))
  return faults.length > 0
    ? refused(faults)
    : { ok: true, specs: read.flatMap((one) => ('spec' in one ? [one.spec] : [])) }
}

type Item = { readonly spec: CheckSpec } | { readonly faults: readonly CheckFault[] }

function readItem(item: Json, index: number): Item {
  if (typeof item === 'string') return readInput(item, {}, [index])
  const [entry, ...more] = isJsonObject(item) ? Object.entries(item) : []
  if (entry !== undefined && more.length === 0) return readInput(entry[0], entry[1] ?? {}, [index, entry[0]])
  const message = 'a check must be its name, or its name with its inputs'
  return { faults: [{ path: [index], message, hint: 'for example `- vlans-present: { vlans: 10 }`' }] }
}

function readInput(name: string, written: Json, path: readonly (string | number)[]): Item {
  const check = checkNamed(name)
  if (check === undefined) {
    const hint = didYouMean(
      name,
      knownChecks.map((one) => one.name),
    )
    return { faults: [{ path, message: `there is no check \`${name}\``, hint }] }
  }
  const parsed = check.input.safeParse(written)
  if (parsed.success) return { spec: { name, input: parsed.data as Json } }
  return { faults: parsed.error.issues.flatMap((issue) => inputFaults(issue, check, path)) }
}

function inputFaults(issue: z.core.$ZodIssue, check: Check, path: readonly (string | number)[]): readonly CheckFault[] {
  const at = [...path, ...issue.path.filter((step) => typeof step !== 'symbol')]
  const known = check.input instanceof z.ZodObject ? Object.keys(check.input.shape) : []
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...at, key],
      message: `the check \`${check.name}\` has no input \`${key}\``,
      hint: didYouMean(key, known),
    }))
  }
  const [key] = issue.path
  const about = check.input instanceof z.ZodObject ? check.input.shape[String(key)]?.description : undefined
  const what = key === undefined ? 'its inputs' : `\`${String(key)}\``
  return [
    {
      path: at,
      message: `the check \`${check.name}\` does not accept ${what}: ${issue.message}`,
      ...definedMembers({ hint: about }),
    },
  ]
}

function refused(faults: readonly CheckFault[]): CheckSpecs {
  const [first = { path: [], message: 'the checks cannot be read' }, ...rest] = faults
  return { ok: false, faults: [first, ...rest] }
}
