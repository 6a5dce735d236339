export interface NoteSignature {
  readonly name: string
  /** Four bytes that distinguish the keys of one name. */
  readonly keyId: Buffer
  readonly bytes: Buffer
}

export interface SignedNote {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export interface SignedText {
  readonly text: string
  readonly note: string
  /** When it was signed, ISO 8601 in UTC; undefined where only the text was signed. */
  readonly at: string | undefined
  /** Its key is lost, so nobody can judge its signature: what it says is compared, and it vouches for nothing. */
  readonly lost?: true
}

const KEY_ID_BYTES = 4
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/

/** The note as it is written: its text, an empty line, and a line for each signature. */
export function writeNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyId, bytes }) => `— ${name} ${Buffer.concat([keyId, bytes]).toString('base64')}\n`,
  )
  return `${text}\n${lines.join('')}`
}

/** Reads a note; undefined when it is none: a damaged store gives anything. */
export function readNote(note: unknown): SignedNote | undefined {
  if (typeof note !== 'string') return undefined
  const foot = note.lastIndexOf('\n\n')
  if (foot < 0 || !note.endsWith('\n')) return undefined
  const lines = note.slice(foot + 2, -1).split('\n')
  const signatures = lines.flatMap(signatureOf)
  if (signatures.length === 0 || signatures.length !== lines.length) return undefined
  return { text: note.slice(0, foot + 1), signatures }
}

function signatureOf(line: string): readonly NoteSignature[] {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? []
  if (name === undefined || base64 === undefined) return []
  const blob = Buffer.from(base64, 'base64')
  if (blob.length <= KEY_ID_BYTES) return []
  return [{ name, keyId: blob.subarray(0, KEY_ID_BYTES), bytes: blob.subarray(KEY_ID_BYTES) }]
}

/** The notes in a text that holds one after the other, with or without an empty line between them. */
export function notesIn(text: string): readonly string[] {
  const notes: string[] = []
  let head: string[] = []
  let foot: string[] = []
  for (const line of `${text}\n`.split('\n')) {
    if (SIGNATURE_LINE.test(line)) {
      foot.push(line)
      continue
    }
    if (foot.length > 0) {
      notes.push(`${[...head, ...foot].join('\n')}\n`)
      head = []
      foot = []
    }
    if (line !== '' || head.length > 0) head.push(line)
  }
  return notes
}

/** Every note in a text: as such, or as the JSON member `checkpoint` in a line of a log or of an export. */
export function checkpointNotesIn(text: string): readonly string[] {
  const wrapped = [...text.matchAll(/\{"checkpoint":("(?:[^"\\\n]|\\.)*")\}/g)].flatMap(([, json = '""']) =>
    notesIn(unwrapped(json)),
  )
  return [...notesIn(text).filter((note) => !note.includes('{"checkpoint":')), ...wrapped].flatMap(withoutHalves)
}

function unwrapped(json: string) {
  try {
    return String(JSON.parse(json))
  } catch {
    return ''
  }
}

// A signature that is shorter than a key id and an Ed25519 signature, in base64.
const HALF = /^— [^\s+]+ [A-Za-z0-9+/]{1,90}={0,2}\n/gm

function withoutHalves(note: string) {
  const whole = note.replace(HALF, '')
  return whole.includes('\n\n— ') ? [whole] : []
}

/** A note of a store, from the last line on that names it: what comes before was begun and not ended. */
export function noteOf(origin: string, note: string): string | undefined {
  const at = `\n${note}`.lastIndexOf(`\n${origin}\n`)
  return at < 0 ? undefined : note.slice(at)
}

export function wrappedNote(note: string): string {
  return JSON.stringify({ checkpoint: note }).replaceAll('—', '\\u2014')
}

export function checkpointLine(note: string): string {
  return `${wrappedNote(note)}\n`
}
