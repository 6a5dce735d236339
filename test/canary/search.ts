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

/** Every canary in every place, in every encoding. A place is the bytes of a file, or what a command has printed. */
export function search(places: ReadonlyMap<string, Buffer>, canaries: readonly Canary[]): readonly Finding[] {
  const needles = canaries.flatMap(({ name, value }) =>
    Object.entries(ENCODINGS).flatMap(([encoding, forms]) =>
      [...new Set(forms(value))].map((form) => ({ canary: name, encoding, form: Buffer.from(form) })),
    ),
  )
  return [...places].flatMap(([place, bytes]) =>
    needles.flatMap(({ canary, encoding, form }) => {
      const at = bytes.indexOf(form)
      if (at < 0) return []
      return [{ canary, encoding, place, around: bytes.subarray(Math.max(0, at - 80), at + 80).toString() }]
    }),
  )
}
