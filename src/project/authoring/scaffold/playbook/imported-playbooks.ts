import { posix } from 'node:path'
import { folderOf, joined } from '../../../../change/roster/ansible/file-text.ts'
import { isMap } from '../../../../change/roster/ansible/tags.ts'
import type { Tree } from '../../../../text/source/tree.ts'
import { keyOf, listOf } from './members.ts'
import type { NotTaken } from './play.ts'
import { placeOf, readFile } from './read-file.ts'

export interface ImportedPlaybook {
  readonly path: string
  readonly notTaken?: NotTaken
}

export function importedPlaybooks(tree: Tree, file: string): readonly ImportedPlaybook[] {
  const read = mayBePlaybook(tree, file) ? readFile(tree, file) : undefined
  if (read === undefined || 'at' in read) return []
  const list = listOf(read.yaml.value) ?? []
  return list.flatMap((entry, index) => {
    const named = isMap(entry) ? keyOf(entry, 'import_playbook') : undefined
    if (!isMap(entry) || typeof named !== 'string') return []
    const path = posix.normalize(joined(folderOf(file), named))
    const others = Object.keys(entry).filter((key) => /^(?:when|vars)$/.test(key))
    const why =
      tree.file(path) === undefined
        ? 'there is no such file'
        : others.length > 0 && `its \`${others.join('`, `')}\` is not taken over`
    if (why === false) return [{ path }]
    return [{ path, notTaken: { at: placeOf(read, list, index), what: `import_playbook ${named}`, why } }]
  })
}

export function mayBePlaybook(tree: Tree, file: string): boolean {
  return /\bhosts\b|import_playbook/.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}

export function looksLikePlaybook(tree: Tree, file: string): boolean {
  return /^\s*-?\s*hosts\s*:/m.test(Buffer.from(tree.file(file) ?? []).toString('latin1'))
}
