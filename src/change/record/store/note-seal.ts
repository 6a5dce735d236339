import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { StoreKeys } from '../seal/store-keys.ts'
import { bytesOfList, type ListedNote, listIn, NAME_BYTES, type NoteList } from './note-list.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

export interface NoteSealing {
  readonly keys: Pick<StoreKeys, 'note'>
  readonly origin: string
}

/** What a note is kept by: nobody without the key knows of which name. */
export function noteName({ note }: Pick<StoreKeys, 'note'>, kind: string, name: string): string {
  return note.name(`${kind} ${name}`).slice(0, 2 * NAME_BYTES)
}

export function sealedList(by: NoteSealing, kind: string, list: NoteList): Buffer {
  return sealed(by, kind, bytesOfList(list))
}

/** The same, opened; undefined where no key of these has sealed it for this kind. */
export function openedList(by: NoteSealing, kind: string, bytes: Uint8Array): NoteList | undefined {
  const opened = openedBytes(by, kind, bytes)
  return opened === undefined ? undefined : listIn(opened)
}

export function markOf(list: Uint8Array): Uint8Array {
  return list.subarray(0, IV_BYTES)
}

export function sealedText(
  by: NoteSealing,
  kind: string,
  place: Pick<ListedNote, 'name' | 'made'>,
  text: string,
): Buffer {
  return sealed(by, placeText(kind, place), Buffer.from(text))
}

/** The same, opened; undefined where it is not what was sealed for this place. */
export function openedText(
  by: NoteSealing,
  kind: string,
  place: Pick<ListedNote, 'name' | 'made'>,
  bytes: Uint8Array,
): string | undefined {
  return openedBytes(by, placeText(kind, place), bytes)?.toString()
}

const placeText = (kind: string, { name, made }: Pick<ListedNote, 'name' | 'made'>) => `${kind} ${name} ${made}`

function sealed({ keys, origin }: NoteSealing, place: string, content: Buffer) {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keys.note.key, iv).setAAD(Buffer.from(`${origin} ${place}`))
  const bytes = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), bytes])
}

function openedBytes({ keys, origin }: NoteSealing, place: string, bytes: Uint8Array) {
  try {
    const options = { authTagLength: TAG_BYTES }
    const decipher = createDecipheriv('aes-256-gcm', keys.note.key, bytes.subarray(0, IV_BYTES), options)
    decipher.setAAD(Buffer.from(`${origin} ${place}`)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}
