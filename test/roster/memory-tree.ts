import type { Tree, TreeEntry } from '../../src/source/tree.ts'

/** A tree of texts by their paths. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const paths = Object.keys(files)
  return {
    file: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    folder(path) {
      const prefix = path === '' ? '' : `${path}/`
      const below = paths.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length))
      if (below.length === 0) return undefined
      const names = [...new Set(below.map((one) => one.split('/')[0] ?? ''))].sort()
      return names.map((name): TreeEntry => ({ name, kind: below.includes(name) ? 'file' : 'folder' }))
    },
  }
}
