import { BrokenChainError } from '../../change/record/seal/chain.ts'
import type { EosflowError } from '../../model/error.ts'
import { count, short } from '../text/count.ts'
import { failed, good, type Point, warning } from './point.ts'

/** The folder of the store, or the nearest above it that is there, takes no files. */
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

/** The chain of so many records is as it was written. */
export function chainPoint(records: number): Point {
  return good(`opens, and its chain of ${count(records, 'record')} verifies`)
}

/** The database opens, and its newest record has this number. */
export function databasePoint(record: number): Point {
  return good(`opens, at record ${record}`)
}

/** Why what the servers of a store sign counts for nothing on this machine; none where it counts. */
export function serverKeyPoints(fault: string | undefined): readonly Point[] {
  if (fault === undefined) return []
  return [warning(fault, 'Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY.')]
}

/** The store cannot be opened, or is not what was written. */
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

/** So many open executions are named one by one. */
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
