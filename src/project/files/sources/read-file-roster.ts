import { readNornir } from '../../../change/roster/format/read-nornir.ts'
import { readCsv, readTable } from '../../../change/roster/format/read-table.ts'
import type { SourceText } from '../../../change/roster/hosts/part.ts'
import type { Roster } from '../../../change/roster/hosts/roster.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { problemOf, type ValueOrProblems } from '../../../model/problem.ts'
import { accept, refuse } from '../../../text/source/checked.ts'
import type { Tree } from '../../../text/source/tree.ts'
import type { ReadRoster, RosterReader } from './roster-reader.ts'

export function ofOneFile(read: (source: SourceText) => ValueOrProblems<Roster>): RosterReader {
  return ({ tree, paths: [path = '', second] }) =>
    second === undefined
      ? quiet(textAt(tree, path), read)
      : refuse(problemOf(second, 'inventory-source', 'such an inventory is one file', `leave ${second} out`))
}

/** Reads a table whose hosts are in the column `name`, else in its first. */
export const csvRoster: RosterReader = ofOneFile((source) => {
  const table = readTable(source)
  if (!table.ok) return table
  const columns = table.value.columns.map(({ text }) => text)
  return readCsv(source, { name: columns.includes('name') ? 'name' : (columns[0] ?? 'name') })
})

export const nornirRoster: RosterReader = ({ tree, paths }) => {
  const [folder = ''] = paths
  const isFolder = paths.length === 1 && tree.folder(folder) !== undefined
  const names = isFolder ? namesIn(tree, folder) : paths
  const texts = names.map((path) => (path === undefined ? undefined : textAt(tree, path)))
  for (const text of texts) if (text?.ok === false) return text
  const [hosts, groups, defaults] = texts.map((text) => (text?.ok === true ? text.value : undefined))
  if (hosts === undefined)
    return refuse(
      problemOf(folder, 'inventory-source', 'there is no hosts.yaml in this folder', 'name the file of the hosts'),
    )
  return quiet(accept(hosts), () => readNornir({ hosts, ...definedMembers({ groups, defaults }) }))
}

function namesIn(tree: Tree, folder: string) {
  const there = new Set((tree.folder(folder) ?? []).map(({ name }) => name))
  return ['hosts', 'groups', 'defaults'].map((name) => {
    const file = [`${name}.yaml`, `${name}.yml`].find((one) => there.has(one))
    return file === undefined ? undefined : `${folder}/${file}`
  })
}

function textAt(tree: Tree, path: string): ValueOrProblems<SourceText> {
  const content = tree.file(path)
  if (content === undefined) return refuse(problemOf(path, 'no-such-file', `${path} is not there, or may not be read`))
  return accept({ file: path, content })
}

function quiet(
  source: ValueOrProblems<SourceText>,
  read: (source: SourceText) => ValueOrProblems<Roster>,
): ValueOrProblems<ReadRoster> {
  if (!source.ok) return source
  const roster = read(source.value)
  return roster.ok ? accept({ roster: roster.value, notes: [] }) : roster
}
