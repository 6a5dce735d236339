/** Pieces of ASN.1 in DER, the distinguished encoding that certificates are written in (ITU-T X.690). */

/** A value of any type: its tag, its length and its content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

/** Values in an order. */
export const sequence = (...content: readonly Uint8Array[]): Buffer => element(0x30, ...content)
/** Values without an order. */
export const set = (...content: readonly Uint8Array[]): Buffer => element(0x31, ...content)
/** True or false. */
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]))
/** Bytes that stand for themselves. */
export const octets = (...content: readonly Uint8Array[]): Buffer => element(0x04, ...content)
/** A text. */
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'))

/** A value that is not negative, from its bytes, highest first. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first))
  return (digits[0] ?? 0) < 0x80 ? element(0x02, digits) : element(0x02, Buffer.from([0]), digits)
}

/** Bits in whole bytes, of which the last `unused` do not count. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return element(0x03, Buffer.from([unused]), bytes)
}

/** A value under a number of its own: `[n]` around what it holds, or in place of the tag of a text. */
export function tagged(number: number, content: Uint8Array, form: 'around' | 'in place'): Buffer {
  return element((form === 'around' ? 0xa0 : 0x80) + number, content)
}

/** An object identifier such as `1.2.840.10045.4.3.2`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A time of the years 1950 to 2049, to the second and in UTC. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '').slice(2)
  return element(0x17, Buffer.from(digits, 'ascii'))
}

/** Seven bits a byte, highest first; all but the last say that more follow. */
function base128(value: number): number[] {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(128 + (rest % 128))
  return digits
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 + bytes.length, ...bytes])
}
