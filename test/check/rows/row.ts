import type { Json, JsonObject } from '../../../src/model/json.ts'

/** One check on answers of a switch, and what it must say. Written for the project: answers as short as the check can judge. */
export interface Row {
  readonly check: string
  /** What the row shows. Each check has one called `empty` (the switch answers with nothing in it) and one called `absent`. */
  readonly name: string
  readonly inputs?: JsonObject
  /** One answer per command, as eAPI gives it; text commands as text. Fewer: the others were not answered. */
  readonly outputs: readonly Json[]
  readonly result: 'success' | 'failure' | 'skipped' | 'error'
  /** All messages, whole. Absent: there is none. */
  readonly messages?: readonly string[]
  /** Of a row `empty` or `absent` that succeeds: why emptiness is good here. */
  readonly emptyIsGood?: string
}
