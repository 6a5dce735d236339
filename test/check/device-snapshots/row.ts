import type { JsonObject } from '../../../src/model/json.ts'
import type { CheckResult } from '../../../src/trial/judge-check.ts'

/** One check on one recorded switch, and what it must say: read from the recording by a person, never from the check. */
export interface SnapshotRow extends CheckResult {
  readonly snapshot: string
  readonly check: string
  readonly inputs: JsonObject
}

type Expected = (check: string, inputs?: JsonObject, ...messages: readonly string[]) => SnapshotRow

/** The rows of one switch: what passes on it, what fails and with which messages, what is skipped, what cannot be judged. */
export function on(snapshot: string): Readonly<Record<'passes' | 'fails' | 'skips' | 'errs', Expected>> {
  const expected =
    (result: CheckResult['result']): Expected =>
    (check, inputs = {}, ...messages) => ({ snapshot, check, inputs, result, messages })
  return {
    passes: expected('success'),
    fails: expected('failure'),
    skips: expected('skipped'),
    errs: expected('error'),
  }
}
