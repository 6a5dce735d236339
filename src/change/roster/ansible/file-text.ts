import { messageOf, type Place } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { decodeText, GENERATED_LIMIT, type Tree } from '../../../text/source/located.ts'
import { broken, InventoryFault } from './fault.ts'

/** Throws an Error whose message says why it cannot. */
export type Opener = (envelope: string, at: Place) => string

export interface FileText {
  readonly text: string
  readonly isSecret: boolean
}

/** Throws InventoryFault. */
export function fileText(tree: Tree, path: string, open: Opener | undefined): FileText {
  const at = { file: path, line: 1, column: 1 }
  const bytes = tree.file(path)
  if (bytes === undefined) throw broken(`${path} is not there, or may not be read`, at)
  const decoded = decodeText(bytes, path, GENERATED_LIMIT)
  if (!decoded.ok) throw new InventoryFault(decoded.problems[0])
  if (!decoded.value.startsWith('$ANSIBLE_VAULT')) return { text: decoded.value, isSecret: false }
  if (open === undefined)
    throw vault(`${path} is encrypted, and there is no password`, at, 'give --vault-password-file')
  try {
    return { text: open(decoded.value, at), isSecret: true }
  } catch (error) {
    throw vault(`${path}: ${messageOf(error)}`, at)
  }
}

function vault(message: string, at: Place, hint?: string) {
  return new InventoryFault({ code: 'inventory-vault', message, at, ...definedMembers({ hint }) })
}

export function joined(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : folder === '/' ? `/${name}` : `${folder}/${name}`
}

/** The folder that a path is in; empty at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : ''
}

/** A path without `./` before it and `/` behind it. */
export function plainPath(path: string): string {
  const plain = path.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
  return plain === '' ? (path.startsWith('/') ? '/' : '') : plain === '.' ? '' : plain
}

/** The ending of a file's name, with its dot; empty where it has none. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot) : ''
}
