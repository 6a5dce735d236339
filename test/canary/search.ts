import type { Canary } from './canaries.ts'

/** The encodings in which bytes are searched for a canary. */
export const ENCODINGS: Readonly<Record<string, (value: string) => readonly string[]>> = {
  plain: (value) => [value],
  URL: (value) => [encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+')],
  JSON: (value) => [JSON.stringify(value).slice(1, -1)],
  base64: (value) => [0, 1, 2].map((shift) => middleOfBase64(value, shift)),
  base64url: (value) =>
    [0, 1, 2].map((shift) => middleOfBase64(value, shift).replaceAll('+', '-').replaceAll('/', '_')),
  hex: (value) => [Buffer.from(value).toString('hex'), Buffer.from(value).toString('hex').toUpperCase()],
}

/** The characters of base64 that a text alone decides when `shift` bytes stand before it. */
function middleOfBase64(value: string, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift, 'x'), Buffer.from(value)]).toString('base64')
  const bytes = shift + Buffer.byteLength(value)
  return text.slice(Math.ceil((shift * 4) / 3), Math.floor((bytes * 4) / 3))
}

/** Where a canary was found. */
export interface Finding {
  readonly canary: string
  readonly encoding: string
  readonly place: string
  /** What stands around it. */
  readonly around: string
}

/** A canary as it is in one encoding. */
interface Needle {
  readonly canary: string
  readonly encoding: string
  readonly form: Buffer
}

/** Every canary in every place, in every encoding. A place is the bytes of a file, or what a command has printed. */
export function search(places: ReadonlyMap<string, Buffer>, canaries: readonly Canary[]): readonly Finding[] {
  const needles = canaries.flatMap(({ name, value }) =>
    Object.entries(ENCODINGS).flatMap(([encoding, forms]) =>
      [...new Set(forms(value))].map((form) => ({ canary: name, encoding, form: Buffer.from(form) })),
    ),
  )
  const firstIn = finder(needles)
  return [...places].flatMap(([place, bytes]) => {
    const found = firstIn(bytes)
    return needles.flatMap((needle) => {
      const at = found.get(needle)
      if (at === undefined) return []
      const around = bytes.subarray(Math.max(0, at - 80), at + 80).toString()
      return [{ canary: needle.canary, encoding: needle.encoding, place, around }]
    })
  })
}

/**
 * Gives where each needle begins first in bytes. There are a thousand needles, and some megabytes: all of them are looked for at once, by the
 * two bytes that they begin with, which few places of the bytes have.
 */
function finder(needles: readonly Needle[]): (bytes: Buffer) => ReadonlyMap<Needle, number> {
  const byStart: Needle[][] = []
  for (const needle of needles) {
    if (needle.form.length < 2) throw new Error(`${needle.canary} is too short to be looked for`)
    const start = needle.form.readUInt16LE(0)
    byStart[start] = [...(byStart[start] ?? []), needle]
  }
  const isStart = Uint8Array.from({ length: 2 ** 16 }, (_, start) => (byStart[start] === undefined ? 0 : 1))
  return (bytes) => {
    const found = new Map<Needle, number>()
    for (let at = 0; at + 1 < bytes.length; at += 1) {
      const start = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
      if (isStart[start] === 0) continue
      const here = byStart[start]?.filter((needle) => !found.has(needle) && isAt(bytes, at, needle.form))
      for (const needle of here ?? []) found.set(needle, at)
    }
    return found
  }
}

function isAt(bytes: Buffer, at: number, form: Buffer): boolean {
  for (let i = 2; i < form.length; i += 1) if (bytes[at + i] !== form[i]) return false
  return true
}
