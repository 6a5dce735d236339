import type { Place } from '../../../model/error.ts'
import { broken } from './fault.ts'

// A range is `[1:9]`, `[01:20:2]` or `[a:f]`, and may take the place of a part of an address or a name.
const STEP = '(?::[0-9]+)?'
const NUMERIC = `\\[(?:[0-9]+:[0-9]+)${STEP}\\]`
const HEXADECIMAL = `\\[(?:[0-9a-f]+:[0-9a-f]+)${STEP}\\]`
const ALPHANUMERIC = `\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)${STEP}\\]`
const SIX = `(?:[0-9a-f]{1,4}|${HEXADECIMAL})`
const FOUR = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC})`
const WORD = '[\\p{L}\\p{N}\\p{M}_]'
const LABEL = `(?:${WORD}|${ALPHANUMERIC})(?:[\\p{L}\\p{N}\\p{M}_-]|${ALPHANUMERIC})*(?<![_-])`

const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/
const IPV4 = new RegExp(`^(?:${FOUR}\\.){3}${FOUR}$`, 'i')
const IPV6 = new RegExp(
  `^(?:(?:${SIX}:){7}${SIX}|(?:${SIX}:){1,6}:|(?:${SIX}:)(?::${SIX}){1,6}|(?:${SIX}:){2}(?::${SIX}){1,5}|` +
    `(?:${SIX}:){3}(?::${SIX}){1,4}|(?:${SIX}:){4}(?::${SIX}){1,3}|(?:${SIX}:){5}(?::${SIX}){1,2}|(?:${SIX}:){6}(?::${SIX})|` +
    `:(?::${SIX}){1,6}|${SIX}?::|(?:0:){6}(?:${SIX}\\.){3}${SIX}|::(?:ffff:)?(?:${SIX}\\.){3}${SIX}|` +
    `(?:0:){5}ffff:(?:${SIX}\\.){3}${SIX})$`,
  'i',
)
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu')

/** The host and the port of a pattern; undefined where it is neither a name nor an address, with ranges or without. */
export function parsedAddress(
  pattern: string,
): { readonly host: string; readonly port: number | undefined } | undefined {
  let [host, port]: [string, number | undefined] = [pattern, undefined]
  for (const matching of [BRACKETED_PORT, PORT]) {
    const [, inner, digits] = matching.exec(host) ?? []
    if (inner !== undefined) [host, port] = [inner, Number(digits)]
  }
  return isAddress(host) || HOSTNAME.test(host) ? { host, port } : undefined
}

export function isAddress(name: string): boolean {
  return IPV4.test(name) || IPV6.test(name)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

const MOST_HOSTS = 100_000

/** The hosts that a pattern of an inventory names, `leaf[01:10].example:8080`, and their port. */
export function expandHosts(
  pattern: string,
  at: Place,
): { readonly names: readonly string[]; readonly port: number | undefined } {
  // Most names have neither a port nor a range.
  if (!/[:[]/.test(pattern)) return { names: [pattern], port: undefined }
  const { host, port } = parsedAddress(pattern) ?? { host: pattern, port: undefined }
  return { names: host.includes('[') ? expandRange(host, at) : [host], port }
}

function expandRange(pattern: string, at: Place): readonly string[] {
  const parts = pattern.replace('[', '|').replace(']', '|').split('|')
  const [head = '', range = '', tail = ''] = parts
  const bounds = range.split(':')
  if (parts.length !== 3 || bounds.length < 2 || bounds.length > 3)
    throw broken(`the range in ${pattern} is not [begin:end] or [begin:end:step]`, at)
  const middles = sequence(bounds[0] || '0', bounds[1] ?? '', bounds[2] ?? '1', at)
  const names = middles.map((middle) => head + middle + tail)
  if (!tail.includes('[') && !head.includes('[')) return names
  const expanded: string[] = []
  for (const name of names) {
    for (const one of expandRange(name, at)) expanded.push(one)
    if (expanded.length > MOST_HOSTS) throw broken(`${pattern} names more than ${MOST_HOSTS} hosts`, at)
  }
  return expanded
}

function sequence(begin: string, end: string, step: string, at: Place) {
  if (end === '') throw broken('the range of hosts has no end', at)
  const isPadded = begin.startsWith('0') && begin.length > 1
  if (isPadded && begin.length !== end.length)
    throw broken(
      'begin and end of a range of hosts must have as many digits',
      at,
      `write [${begin}:${end.padStart(begin.length, '0')}]`,
    )
  const [first, last] = [LETTERS.indexOf(begin), LETTERS.indexOf(end)]
  const by = whole(step, at)
  if (by < 1) throw broken('the step of a range of hosts must be at least 1', at)
  if (first >= 0 && last >= 0) {
    if (first > last) throw broken('a range of hosts must not begin behind its end', at)
    return [...LETTERS.slice(first, last + 1)].filter((_, index) => index % by === 0)
  }
  const [from, to] = [whole(begin, at), whole(end, at)]
  if ((to - from) / by > MOST_HOSTS) throw broken(`a range of hosts names more than ${MOST_HOSTS}`, at)
  const names: string[] = []
  for (let number = from; number <= to; number += by)
    names.push(isPadded ? String(number).padStart(begin.length, '0') : String(number))
  return names
}

function whole(digits: string, at: Place) {
  if (!/^\s*[-+]?\d+(?:_\d+)*\s*$/.test(digits))
    throw broken(`${JSON.stringify(digits)} in a range of hosts is no number`, at)
  return Number(digits.replaceAll('_', ''))
}
