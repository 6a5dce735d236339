import { createHash } from 'node:crypto'

/** A serial number made from a switch's name: the same each time, and in the form EOS prints. */
export function madeSerial(name: string): string {
  return `SIM${digest(name).slice(0, 8).toUpperCase()}`
}

export function madeMac(name: string): string {
  const [a, b, c] = digest(name).match(/../g) ?? []
  return `00:1c:73:${a}:${b}:${c}`
}

function digest(name: string) {
  return createHash('sha256').update(name).digest('hex')
}
