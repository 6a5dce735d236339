/** The kinds of values in the lines of a configuration: `word` is any word. */
export type ValueType = keyof typeof FORMS

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`
const ADDRESS6 = '(?=[^/]*:[^/]*:)[\\da-fA-F:]+(?:\\d+(?:\\.\\d+){3})?'

const FORMS = {
  /** A number without a fraction. */
  int: /^\d+$/,
  /** An IPv4 address, or a mask. */
  ip: new RegExp(`^${ADDRESS}$`),
  /** An IPv4 address with the length of its prefix. */
  prefix: new RegExp(`^${ADDRESS}/(?:3[0-2]|[12]?\\d)$`),
  /** A MAC address, in either notation. */
  mac: /^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^(?:[\da-f]{1,2}:){5}[\da-f]{1,2}$/i,
  /** A route distinguisher, a route target or a community: two numbers, or an address and a number. */
  pair: /^[\d.]+:\d+(?::\d+)?$/,
  ip6: new RegExp(`^${ADDRESS6}$`),
  prefix6: new RegExp(`^${ADDRESS6}/\\d{1,3}$`),
  /** Numbers and ranges of them: `1,3-5`. */
  list: /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/,
  /** A number that may have a fraction. */
  number: /^-?\d+(?:\.\d+)?$/,
  /** An interface, or several: `Ethernet1/1`, `Et1-4`, `Vlan10,20`. */
  interface: /^[a-z-]+\d[\d/.,:-]*(?:,[a-z-]*\d[\d/.,:-]*)*\$?$/i,
  word: /^/,
} as const

/** All of them, the narrowest first. */
export const VALUE_TYPES = Object.keys(FORMS) as readonly ValueType[]

/** Whether a word is a value of a type. */
export function isOfType(type: ValueType, word: string): boolean {
  return FORMS[type].test(word)
}

/** The narrowest type of a word: `word` for a name. */
export function typeOf(word: string): ValueType {
  return VALUE_TYPES.find((type) => isOfType(type, word)) ?? 'word'
}

/** Words of a line with the type in place of each value: what lines of one form share. */
export function typedWords(words: readonly string[]): string {
  return words.map((word) => (typeOf(word) === 'word' ? word : `<${typeOf(word)}>`)).join(' ')
}

/** The type that a name is of; undefined for any other name. */
export function typeNamed(name: string): ValueType | undefined {
  return VALUE_TYPES.find((type) => type === name)
}
