import type { Checked, Place, Problem } from '../../model/problem.ts'
import { problemOf } from '../../model/problem.ts'
import type { Roster } from '../../roster/roster.ts'
import { accept, refuse } from '../../source/checked.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { Tree } from '../../source/tree.ts'

/** What an inventory of another tool is read from. */
export interface RosterSource {
  readonly tree: Tree
  readonly paths: readonly string[]
  /** Opens a file that is encrypted as a whole. Throws an Error that says why it cannot. */
  readonly open?: (envelope: string, at: Place) => string
}

/** A roster, and what is odd in it though it can be read. */
export interface ReadRoster {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

type RosterReader = (source: RosterSource) => Checked<ReadRoster>

/** The kinds of inventories that `inventory read` prints, each with its reader, which is loaded when it is needed. */
const KINDS: Readonly<Record<string, () => Promise<RosterReader>>> = {
  ansible: async () => (await import('../../roster/ansible/read-ansible.ts')).readAnsible,
}

/** Reads an inventory of a kind. */
export async function readRoster(kind: string, source: RosterSource): Promise<Checked<ReadRoster>> {
  const load = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (load !== undefined) return (await load())(source)
  const kinds = Object.keys(KINDS)
  return refuse(
    problemOf('KIND', 'unknown-kind', `there is no kind of inventory ${JSON.stringify(kind)}`, didYouMean(kind, kinds)),
  )
}

/** A reader that has nothing odd to tell. */
export function quiet(read: (source: RosterSource) => Checked<Roster>): RosterReader {
  return (source) => {
    const checked = read(source)
    return checked.ok ? accept({ roster: checked.value, notes: [] }) : checked
  }
}
