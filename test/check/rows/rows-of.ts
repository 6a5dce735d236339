import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { Row } from './row.ts'

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
