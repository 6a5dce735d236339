import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Tree, TreeEntry } from '../../../text/source/tree.ts'
import { readRegular } from './regular-file.ts'

export function diskTree(root: string): Tree {
  return {
    file(path) {
      try {
        return readRegular(resolve(root, path))
      } catch {
        return undefined
      }
    },
    folder(path) {
      try {
        const folder = resolve(root, path)
        return readdirSync(folder, { withFileTypes: true })
          .map((entry): TreeEntry => ({ name: entry.name, kind: kindOf(folder, entry.name, entry) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1))
      } catch {
        return undefined
      }
    },
  }
}

function kindOf(folder: string, name: string, entry: { isDirectory(): boolean; isSymbolicLink(): boolean }) {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : 'file'
  return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true ? 'folder' : 'file'
}
