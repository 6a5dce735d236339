import { notesIn } from './signed-note.ts'

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
