import { hash } from 'node:crypto'

const ROW = /^(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s

/** The body of the record that a line of an excerpt has; undefined where it has a digest alone, or no record. */
export function bodyIn(line: string) {
  return ROW.exec(line)?.[2]
}

/** The line with another body. */
export function withBody(line: string, body: string) {
  const [, place, , digest] = ROW.exec(line) ?? []
  if (place === undefined) throw new RangeError('a line without a body')
  return `${place},"body":${body},"hash":"${digest}"}`
}

/** The line with the digest in place of its body, as those of others are there. */
export function withDigest(line: string) {
  const [, place = '', body = '', digest] = ROW.exec(line) ?? []
  const shown = place.replace(',"mirror":true', '')
  return `${shown},"digest":"${hash('sha256', body, 'hex')}","hash":"${digest}"}`
}
