import type { z } from 'zod'
import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { LazyMap } from '../../../model/once.ts'
import type { LocatedValue } from '../../../text/source/located.ts'

/** A key of a workflow file that a feature brings, with the member of a plan that is made of it. */
export interface WorkflowKey<Value = unknown, Calls = unknown, Part = unknown> {
  /** Of the key, and of the member of a plan. */
  readonly name: string
  /** The step that has it. */
  readonly in: string
  /** The key of the step that it is listed before. */
  readonly before?: string
  readonly schema: z.ZodType
  /** The key of the settings that it refers to. */
  readonly setting?: string
  /** Says if a change is good: `verify` needs nothing else then. */
  readonly judges?: true
  read(value: Value, reading: KeyReading): { readonly calls: Calls; readonly problems: readonly Problem[] }
  /** The names of the verdicts that come of it. */
  checks(calls: Calls): readonly string[]
  /** The shape of the member of a plan. */
  readonly part: z.ZodType
  /** Makes the member of a plan of files and parameters. */
  fill(calls: Calls, params: JsonObject, switches: readonly FilledSwitch[]): ValueOrProblems<Part>
  /** What of it would be sent elsewhere, and why no secret may be in there. */
  sent(part: Part): readonly { readonly one: unknown; readonly message: string; readonly hint: string }[]
}

export interface KeyReading {
  /** The step, as it was written and as it was read. */
  readonly located: LocatedValue
  readonly input: object
  /** The value of the key of the settings. */
  readonly setting: unknown
  /** The names that a template may use. */
  readonly names: readonly string[]
}

/** A switch as templates see it, with its address. */
export interface FilledSwitch {
  readonly name: string
  readonly host: string
  readonly device: LazyMap
  readonly fabric: LazyMap
}

/** A key that a workflow has. */
export interface CalledKey {
  readonly key: WorkflowKey
  readonly calls: unknown
}

/** A member of a plan, and the key that it was made of. */
export interface FilledPart {
  readonly key: WorkflowKey
  readonly value: unknown
}

export function membersOf(parts: readonly FilledPart[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parts.map(({ key, value }) => [key.name, value]))
}
