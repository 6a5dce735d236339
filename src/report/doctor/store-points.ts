import { BrokenChainError } from '../../change/record/seal/chain.ts'
import type { EosflowError } from '../../model/error.ts'
import { count, short } from '../text/count.ts'
import { failed, good, type Point, warning } from './point.ts'

export function unwritablePoint(folder: string): Point {
  return failed(`${folder} cannot be written`, `chmod u+wx ${folder}, or name another store with --store.`)
}

/** The store has no key any more. */
export function keyGonePoint(): Point {
  return failed(
    'the store is there and its install.key is not',
    'Restore install.key from a backup: the store is sealed with it.',
  )
}

export function chainPoint(records: number): Point {
  return good(`opens, and its chain of ${count(records, 'record')} verifies`)
}

export function databasePoint(record: number): Point {
  return good(`opens, at record ${record}`)
}

export function serverKeyPoints(fault: string | undefined): readonly Point[] {
  if (fault === undefined) return []
  return [warning(fault, 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY.')]
}

export function storeFaultPoint(error: EosflowError): Point {
  const evidence = 'Keep it as evidence, and go on with a copy from before the damage or with a new one.'
  return failed(error.message, error.hint ?? (error instanceof BrokenChainError ? evidence : 'Look at the file.'))
}

/** The store was used under a policy that is gone; `digest` is its digest. */
export function policyGonePoint(file: string, digest: string): Point {
  return failed(
    `this store needs the policy ${file} (${short(digest)}), and the file is gone: every command that the policy would judge is refused`,
    `Put ${file} back, or: eosflow policy retire --reason TEXT`,
  )
}

const MOST_OPEN = 3

/** The executions that have not ended, newest first: beyond three the rest is counted. */
export function openPoints(executions: readonly string[]): readonly Point[] {
  const rest = executions.length - MOST_OPEN
  const told = executions
    .slice(0, MOST_OPEN)
    .map((execution) => warning(`execution ${execution} has not ended`, `eosflow show ${execution}`))
  return rest <= 0
    ? told
    : [
        ...told,
        warning(
          `${count(rest, 'more execution')} ${rest === 1 ? 'has' : 'have'} not ended`,
          'eosflow executions --state open',
        ),
      ]
}
