import { readTable } from '../../../change/roster/format/read-table.ts'
import { problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { accept, refuse, type Tree } from '../../../text/source/located.ts'
import { kindOf, type NamedFiles, textAt } from './read-file-source.ts'
import type { RosterReader } from './read-source.ts'

export type FileKind = 'nornir' | 'anta' | 'containerlab' | 'csv'

export function fileRoster(kind: FileKind): RosterReader {
  return ({ tree, paths }) => {
    const named = kind === 'nornir' ? nornirFiles(tree, paths) : oneFile(kind, tree, paths)
    if (!named.ok) return named
    const { roster } = kindOf(named.value, (file) => textAt(tree, file))
    return roster.ok ? accept({ roster: roster.value, notes: [] }) : roster
  }
}

function oneFile(
  kind: Exclude<FileKind, 'nornir'>,
  tree: Tree,
  [file = '', second]: readonly string[],
): ValueOrProblems<NamedFiles> {
  if (second !== undefined)
    return refuse(problemOf(second, 'inventory-source', 'such an inventory is one file', `leave ${second} out`))
  if (kind !== 'csv') return accept(kind === 'anta' ? { anta: file } : { containerlab: file })
  const text = textAt(tree, file)
  if (!text.ok) return text
  const table = readTable(text.value)
  if (!table.ok) return table
  const columns = table.value.columns.map((column) => column.text)
  // Hosts are in the column `name`, else in the first.
  return accept({ csv: { file, columns: { name: columns.includes('name') ? 'name' : (columns[0] ?? 'name') } } })
}

function nornirFiles(tree: Tree, paths: readonly string[]): ValueOrProblems<NamedFiles> {
  const [folder = ''] = paths
  const there = paths.length === 1 ? tree.folder(folder)?.map(({ name }) => name) : undefined
  const [hosts, groups, defaults] =
    there === undefined
      ? paths
      : ['hosts', 'groups', 'defaults'].map((name) => {
          const file = [`${name}.yaml`, `${name}.yml`].find((one) => there.includes(one))
          return file === undefined ? undefined : `${folder}/${file}`
        })
  if (hosts !== undefined) return accept({ nornir: { hosts, ...definedMembers({ groups, defaults }) } })
  return refuse(
    problemOf(folder, 'inventory-source', 'there is no hosts.yaml in this folder', 'name the file of the hosts'),
  )
}
