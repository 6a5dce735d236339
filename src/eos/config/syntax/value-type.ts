export type ValueType = keyof typeof FORMS

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`
const ADDRESS6 = '(?=[^/]*:[^/]*:)[\\da-fA-F:]+(?:\\d+(?:\\.\\d+){3})?'

const FORMS = {
  int: /^\d+$/,
  ip: new RegExp(`^${ADDRESS}$`),
  prefix: new RegExp(`^${ADDRESS}/(?:3[0-2]|[12]?\\d)$`),
  mac: /^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^(?:[\da-f]{1,2}:){5}[\da-f]{1,2}$/i,
  pair: /^[\d.]+:\d+(?::\d+)?$/,
  ip6: new RegExp(`^${ADDRESS6}$`),
  prefix6: new RegExp(`^${ADDRESS6}/\\d{1,3}$`),
  list: /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/,
  number: /^-?\d+(?:\.\d+)?$/,
  interface: /^[a-z-]+\d[\d/.,:-]*(?:,[a-z-]*\d[\d/.,:-]*)*\$?$/i,
  word: /^/,
} as const

export const VALUE_TYPES = Object.keys(FORMS) as readonly ValueType[]

export function isOfType(type: ValueType, word: string): boolean {
  return FORMS[type].test(word)
}

/** The narrowest type of a word: `word` for a name. */
export function typeOf(word: string): ValueType {
  return VALUE_TYPES.find((type) => isOfType(type, word)) ?? 'word'
}

export function typedWords(words: readonly string[]): string {
  return words.map((word) => (typeOf(word) === 'word' ? word : `<${typeOf(word)}>`)).join(' ')
}

/** The type that a name is of; undefined for any other name. */
export function typeNamed(name: string): ValueType | undefined {
  return VALUE_TYPES.find((type) => type === name)
}
