import { matchesWhole } from './whole-match.ts'

const PART = /(\[(?:\\.|[^\]\\])+\]|\\[dwsA-Za-z.\-/]|[^\\[\](){}|?*+^$])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?/y

// What is tried for a class of characters.
const LETTERS = ['A', 'a', '1', '-', '_', '.', ':', ' ', '/']

// How often a part is written that may stand any number of times, so that the example reads like a name.
const USUAL = 4

export function fittingText(pattern: string, given = ''): string | undefined {
  const joined = (by: string) => given.trim().replace(/\s+/g, by)
  const near = [joined('-'), joined('_'), joined('')].flatMap((one) => [one, one.toUpperCase(), one.toLowerCase()])
  const tried = [...near, 'PROD', 'prod', 'x1', 'X1', '1', madeFrom(pattern)]
  return tried.find((one) => one !== undefined && one !== '' && one !== given && matchesWhole(pattern, one) === true)
}

function madeFrom(pattern: string) {
  let made = ''
  let at = 0
  const bare = pattern.replace(/^\^|\$$/g, '')
  while (at < bare.length) {
    PART.lastIndex = at
    const found = PART.exec(bare)
    if (found === null) return undefined
    const [whole, part = '', least, sign] = found
    const letter = letterOf(part)
    if (letter === undefined) return undefined
    made += letter.repeat(least === undefined ? (sign === undefined ? 1 : sign === '+' ? USUAL : 0) : Number(least))
    at += whole.length
  }
  return made.slice(0, LONGEST)
}

const LONGEST = 64

function letterOf(part: string) {
  if (part.length === 1) return part === '.' ? 'a' : part
  if (/^\\[^a-zA-Z]$/.test(part)) return part.slice(1)
  const one = new RegExp(`^${part}$`)
  return LETTERS.find((letter) => one.test(letter))
}
