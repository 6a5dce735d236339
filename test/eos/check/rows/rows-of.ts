import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { linesOf } from '../../../table.ts'

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

/** The answers of a row: one, or a list with one per command. */
type Answers = Json | readonly Json[]

const listed = (answers: Answers) => (Array.isArray(answers) ? answers : [answers as Json])

const own = (inputs: JsonObject | undefined) => (inputs === undefined ? {} : { inputs })

interface Asked {
  readonly command: string
  readonly inputs?: JsonObject
  /** What the check says of an empty answer to the command, where it cannot judge one. */
  readonly empty?: string
}

/**
 * The rows of one check. All have its inputs unless they have their own. To these comes the row `absent`, in which the
 * first command is not answered.
 */
export function rowsOf(check: string, { command, inputs = {}, empty }: Asked, cases: readonly Case[]): readonly Row[] {
  return [
    ...cases,
    ...(empty === undefined ? [] : [errs('empty', {}, `\`${command}\` ${empty}`)]),
    errs('absent', [], `\`${command}\` was not answered`),
  ].map((one) => ({ check, inputs, ...one }))
}

/** Further rows of a check. */
export const moreOf = (check: string, cases: readonly Case[]): readonly Row[] => cases.map((one) => ({ check, ...one }))

/** A row that succeeds. */
export function passes(name: string, answers: Answers, inputs?: JsonObject): Case {
  return { name, outputs: listed(answers), result: 'success', ...own(inputs) }
}

/** A row that fails with these messages: a list, or a text with one in a line. */
export function fails(name: string, answers: Answers, says: string | readonly string[], inputs?: JsonObject): Case {
  const messages = typeof says === 'string' ? linesOf(says) : says
  return { name, outputs: listed(answers), result: 'failure', messages, ...own(inputs) }
}

/** A row that cannot be judged. */
export function errs(name: string, answers: Answers, message: string, inputs?: JsonObject): Case {
  return { name, outputs: listed(answers), result: 'error', messages: [message], ...own(inputs) }
}

/** A row that is skipped for that reason. */
export function skips(name: string, answers: Answers, reason: string, inputs?: JsonObject): Case {
  return { name, outputs: listed(answers), result: 'skipped', messages: [reason], ...own(inputs) }
}
