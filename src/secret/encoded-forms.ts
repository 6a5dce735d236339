/** A fragment of base64 shorter than this would stand in ordinary text by chance. */
const SHORTEST_FRAGMENT = 8

/**
 * The forms in which a value may turn up in output: as it is, as in a URL, a form, JSON, hex, base64 and base64url.
 * Of base64 also what the value looks like in the middle of a longer text (`Basic` credentials hold user and password).
 */
export function encodedForms(value: string): ReadonlySet<string> {
  const url = encodeURIComponent(value)
  const hex = Buffer.from(value).toString('hex')
  return new Set([
    value,
    url,
    url.replace(/%[0-9A-F]{2}/g, (percent) => percent.toLowerCase()),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...base64Forms(Buffer.from(value)),
  ])
}

function base64Forms(bytes: Buffer): readonly string[] {
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const fragments = [0, 1, 2]
    .map((offset) => fragment(bytes, offset))
    .filter((text) => text.length >= SHORTEST_FRAGMENT)
  return [whole, ...fragments].flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}

/** The base64 characters that depend on these bytes alone when `offset` bytes stand before them in their group of three. */
function fragment(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(first, last)
}
