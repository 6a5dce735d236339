import { looksLikeCatalog } from '../../../eos/check/read-catalog.ts'
import { isJsonObject } from '../../../model/json.ts'
import { readDocument } from '../../../text/source/document.ts'

/** Whether a file is a catalog of checks, by what it holds. */
export function isCatalog(content: string | Uint8Array, path: string): boolean {
  const read = /^(?!workflows\/).*\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && looksLikeCatalog(read.value.value)
}

/** Whether a file is a state machine in Amazon States Language, by what it holds. */
export function isMachine(content: string | Uint8Array, path: string): boolean {
  const read = /\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && isJsonObject(read.value.value) && Object.hasOwn(read.value.value, 'States')
}
