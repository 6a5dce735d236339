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

/** One row of a check whose name and inputs are said once for all its rows. */
type Case = Omit<Row, 'check'>

/**
 * The rows of one check. All have its inputs unless they have their own. To these comes the row `absent`, in which the
 * first command is not answered.
 */
export function rowsOf(
  check: string,
  asked: { readonly command: string; readonly inputs?: JsonObject },
  cases: readonly Case[],
): readonly Row[] {
  const absent: Case = {
    name: 'absent',
    outputs: [],
    result: 'error',
    messages: [`\`${asked.command}\` was not answered`],
  }
  const { inputs = {} } = asked
  return [...cases, absent].map((one) => ({ check, inputs, ...one }))
}

/** Further rows of a check. */
export const moreOf = (check: string, cases: readonly Case[]): readonly Row[] => cases.map((one) => ({ check, ...one }))

/** A row that succeeds. */
export function passes(name: string, outputs: readonly Json[], inputs?: JsonObject): Case {
  return { name, outputs, result: 'success', ...(inputs === undefined ? {} : { inputs }) }
}

/** A row that fails with these messages. */
export function fails(name: string, outputs: readonly Json[], messages: readonly string[], inputs?: JsonObject): Case {
  return { name, outputs, result: 'failure', messages, ...(inputs === undefined ? {} : { inputs }) }
}

/** A row that cannot be judged. */
export function errs(name: string, outputs: readonly Json[], message: string, inputs?: JsonObject): Case {
  return { name, outputs, result: 'error', messages: [message], ...(inputs === undefined ? {} : { inputs }) }
}

/** A row that is skipped for that reason. */
export function skips(name: string, outputs: readonly Json[], reason: string, inputs?: JsonObject): Case {
  return { name, outputs, result: 'skipped', messages: [reason], ...(inputs === undefined ? {} : { inputs }) }
}
