import type { ValueOrProblems } from '../../../model/problem.ts'
import { problemOf } from '../../../model/problem.ts'
import { refuse } from '../../../text/source/checked.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { ReadRoster, RosterReader, RosterSource } from './roster-reader.ts'

/** The kinds of inventories that `inventory read` prints, each with its reader, which is loaded when it is needed. */
const KINDS: Readonly<Record<string, () => Promise<RosterReader>>> = {
  ansible: async () => (await import('../../../change/roster/ansible/read-ansible.ts')).readAnsible,
  nornir: async () => (await import('./read-file-roster.ts')).nornirRoster,
  anta: async () =>
    (await import('./read-file-roster.ts')).ofOneFile(
      (await import('../../../change/roster/format/read-anta.ts')).readAnta,
    ),
  containerlab: async () =>
    (await import('./read-file-roster.ts')).ofOneFile(
      (await import('../../../change/roster/format/read-containerlab.ts')).readContainerlab,
    ),
  csv: async () => (await import('./read-file-roster.ts')).csvRoster,
}

/** Reads an inventory of a kind. */
export async function readRoster(kind: string, source: RosterSource): Promise<ValueOrProblems<ReadRoster>> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (load !== undefined) return (await load())(source)
  const kinds = Object.keys(KINDS)
  return refuse(
    problemOf('KIND', 'unknown-kind', `there is no kind of inventory ${JSON.stringify(kind)}`, didYouMean(kind, kinds)),
  )
}
