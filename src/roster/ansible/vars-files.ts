import type { Tree } from '../../source/tree.ts'
import { compareText } from '../compare-text.ts'
import { joined } from './paths.ts'

/** The endings that a file of variables may have; without one too. */
const ENDINGS = ['', '.yml', '.yaml', '.json']

/**
 * The files that hold the variables of a group or a host, by the rules of Ansible: of `group_vars/DC1` (a file or a folder),
 * `DC1.yml`, `DC1.yaml` and `DC1.json` the first that is there counts alone. A folder is read with the folders in it, by names.
 */
export function varsFiles(tree: Tree, folder: string, name: string): readonly string[] {
  if (name.startsWith('/') || name.split('/').includes('..')) return []
  const entries = tree.folder(name.includes('/') ? joined(folder, name.slice(0, name.lastIndexOf('/'))) : folder)
  if (entries === undefined) return []
  const base = name.slice(name.lastIndexOf('/') + 1)
  for (const ending of ENDINGS) {
    const found = entries.find((entry) => entry.name === base + ending)
    if (found === undefined) continue
    const path = joined(folder, name + ending)
    return found.kind === 'folder' ? filesWithin(tree, path) : [path]
  }
  return []
}

function filesWithin(tree: Tree, folder: string): readonly string[] {
  return [...(tree.folder(folder) ?? [])]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap(({ name, kind }) => {
      if (name.startsWith('.') || name.endsWith('~')) return []
      const dot = name.lastIndexOf('.')
      const ending = dot > 0 ? name.slice(dot) : ''
      const path = joined(folder, name)
      if (kind === 'folder') return ending === '' ? filesWithin(tree, path) : []
      return ENDINGS.includes(ending) ? [path] : []
    })
}
