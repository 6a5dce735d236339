import type { Tree, TreeEntry } from '../../../text/source/tree.ts'
import { compareText } from '../hosts/compare-text.ts'
import { broken } from './fault.ts'
import { folderOf, joined } from './paths.ts'

/** The endings that a file of variables may have; without one too. */
const ENDINGS = ['', '.yml', '.yaml', '.json']

/** The folders `group_vars` or `host_vars` of an inventory: each is listed once, for all groups or hosts. */
export class VarsFolders {
  private readonly tree: Tree
  private readonly listed = new Map<string, ReadonlyMap<string, TreeEntry['kind']>>()

  constructor(tree: Tree) {
    this.tree = tree
  }

  /**
   * The files that hold the variables of a group or a host, by the rules of Ansible: of `group_vars/DC1` (a file or a folder),
   * `DC1.yml`, `DC1.yaml` and `DC1.json` the first that is there counts alone. A folder is read with the folders in it, by names. Throws
   * InventoryFault for a folder that is there and cannot be read: hosts would be without its variables, in silence.
   */
  filesOf(folder: string, name: string): readonly string[] {
    if (name.startsWith('/') || name.split('/').includes('..')) return []
    const slash = name.lastIndexOf('/')
    const entries = this.entries(slash < 0 ? folder : joined(folder, name.slice(0, slash)))
    if (entries.size === 0) return []
    for (const ending of ENDINGS) {
      const kind = entries.get(name.slice(slash + 1) + ending)
      if (kind === undefined) continue
      const path = joined(folder, name + ending)
      return kind === 'folder' ? filesWithin(this.tree, path) : [path]
    }
    return []
  }

  private entries(folder: string): ReadonlyMap<string, TreeEntry['kind']> {
    let entries = this.listed.get(folder)
    if (entries === undefined) {
      const found = this.tree.folder(folder)
      if (found === undefined && this.isNamed(folder)) throw unreadable(folder)
      entries = new Map((found ?? []).map(({ name, kind }) => [name, kind]))
      this.listed.set(folder, entries)
    }
    return entries
  }

  /** Whether the folder around it has this name, as anything: a link that leads nowhere is no folder, and not missing either. */
  private isNamed(path: string): boolean {
    const around = folderOf(path)
    const own = path.slice(path.lastIndexOf('/') + 1)
    return this.tree.folder(around)?.some(({ name }) => name === own) === true
  }
}

function unreadable(folder: string): Error {
  const at = { file: folder, line: 1, column: 1 }
  return broken(`${folder} is no folder, or may not be read`, at, 'check it, and where it leads to if it is a link')
}

function filesWithin(tree: Tree, folder: string): readonly string[] {
  const entries = tree.folder(folder)
  if (entries === undefined) throw unreadable(folder)
  return [...entries]
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
