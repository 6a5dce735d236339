export interface ListedNote {
  readonly name: string
  /** When it was written, by the store's clock, in milliseconds since the epoch: later than any other of its kind before. */
  readonly made: number
  readonly until: number
}

/** Which notes of a kind there are, the oldest first. */
export interface NoteList {
  readonly version: number
  readonly notes: ReadonlyMap<string, ListedNote>
}

export const NO_NOTES: NoteList = { version: 0, notes: new Map() }

/** How many bytes the digest of a name has. */
export const NAME_BYTES = 16
const TIME_BYTES = 6
const ENTRY = NAME_BYTES + 2 * TIME_BYTES

/** A list as bytes. */
export function bytesOfList({ version, notes }: NoteList): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES + notes.size * ENTRY)
  bytes.writeUIntBE(version, 0, TIME_BYTES)
  let at = TIME_BYTES
  for (const { name, made, until } of notes.values()) {
    bytes.write(name, at, 'hex')
    bytes.writeUIntBE(made, at + NAME_BYTES, TIME_BYTES)
    bytes.writeUIntBE(until, at + NAME_BYTES + TIME_BYTES, TIME_BYTES)
    at += ENTRY
  }
  return bytes
}

/** The list in such bytes. */
export function listIn(bytes: Buffer): NoteList {
  const notes = new Map<string, ListedNote>()
  for (let at = TIME_BYTES; at < bytes.length; at += ENTRY) {
    const name = bytes.toString('hex', at, at + NAME_BYTES)
    const made = bytes.readUIntBE(at + NAME_BYTES, TIME_BYTES)
    notes.set(name, { name, made, until: bytes.readUIntBE(at + NAME_BYTES + TIME_BYTES, TIME_BYTES) })
  }
  return { version: bytes.readUIntBE(0, TIME_BYTES), notes }
}
