import { isSecretMember, redact } from '../../eos/config/secrets/secrets.ts'
import { hmac } from '../../model/digest.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

// What a secret keeps: the quote, the method of a crypt hash (`$6$`, `$6$rounds=5000$`), the algorithm of a public key and the base64 of its
// name, the two digits of salt before a type 7 in hexadecimal (docs/eos.md 4.10).
const KEPT = [
  /^"?\$[0-9a-z]{1,8}\$(?:rounds=\d+\$)?/,
  /^(?:ssh|ecdsa|sk)-\S{1,60} (?:AAAA\S{0,21})?/,
  /^(?:0\d|1[0-5])(?=(?:[0-9A-F]{2}){2,}$)/,
] as const

const DIGITS = '0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'

/**
 * Puts an invented secret in the place of each one: the same for the same, another for another, of the same form and length,
 * so that what compares or parses secrets goes on as before. The key makes them repeatable, and nobody without it can
 * test a guess.
 */
export class InventedSecrets {
  readonly #key: string
  readonly #invented = new Map<string, string>()
  readonly #used = new Set<string>()

  constructor(key: string) {
    this.#key = key
  }

  get all(): ReadonlyMap<string, string> {
    return this.#invented
  }

  /** Configuration text without its secrets, by the forms of EOS lines. */
  config(text: string): string {
    return redact(text, (secret) => this.of(secret))
  }

  model(json: Json): Json {
    if (typeof json === 'string') return this.#invented.get(json) ?? this.config(json)
    if (Array.isArray(json)) return json.map((one) => this.model(one))
    if (!isJsonObject(json)) return json
    return Object.fromEntries(Object.entries(json).map(([name, value]) => this.#member(name, value)))
  }

  #member(name: string, value: Json): [string, Json] {
    const secret = typeof value === 'string' && value !== '' && isSecretMember(name)
    return [this.#invented.get(name) ?? this.config(name), secret ? this.of(value) : this.model(value)]
  }

  of(secret: string): string {
    const known = this.#invented.get(secret)
    if (known !== undefined) return known
    let made = secret
    for (let attempt = 0; attempt < 100 && (made === secret || this.#used.has(made)); attempt += 1) {
      made = this.#invent(secret, attempt)
    }
    this.#used.add(made)
    this.#invented.set(secret, made)
    for (const part of partsOf(secret)) {
      const [from, to] = [secret.indexOf(part), secret.indexOf(part) + part.length]
      if (!this.#invented.has(part)) this.#invented.set(part, made.slice(from, to))
    }
    return made
  }

  #invent(secret: string, attempt: number) {
    const kept = KEPT.flatMap((pattern) => pattern.exec(secret)?.[0] ?? [])[0] ?? ''
    const body = secret.slice(kept.length)
    const hex = /^(?:[0-9a-f]{6,}|[0-9A-F]{6,})$/.test(body)
    const bytes = this.#bytes(secret, attempt, body.length)
    return kept + [...body].map((character, at) => likeIt(character, bytes[at] ?? 0, hex)).join('')
  }

  #bytes(secret: string, attempt: number, count: number): Uint8Array {
    let digits = ''
    for (let block = 0; digits.length < count * 2; block += 1) {
      digits += hmac(this.#key, `${attempt} ${block} ${secret}`).slice('hmac:'.length)
    }
    return Buffer.from(digits, 'hex')
  }
}

function partsOf(secret: string) {
  const quoted = /^"(.+)"$/.exec(secret)?.[1]
  const key = /^\S+ (AAAA\S+)/.exec(secret)?.[1]
  return [quoted, key].filter((part) => part !== undefined)
}

function likeIt(character: string, byte: number, hex: boolean) {
  const alphabet = [DIGITS, UPPER, LOWER].find((one) => one.includes(character))
  if (alphabet === undefined) return character
  const letters = hex && alphabet !== DIGITS ? 6 : alphabet.length
  return alphabet[byte % letters] ?? character
}

/** A shorter one is replaced only where its place says that it is a secret (docs/security.md#values-that-are-no-secrets). */
export function isDistinctive(value: string): boolean {
  const kinds = [/\d/, /[A-Za-z]/, /[^\dA-Za-z]/].filter((kind) => kind.test(value)).length
  return value.length >= 8 || (value.length >= 5 && kinds > 1)
}

export function withoutValues(text: string, values: ReadonlyMap<string, string>): string {
  const found = anyOf([...values.keys()].filter(isDistinctive))
  return found === undefined ? text : text.replace(new RegExp(found, 'g'), (value) => values.get(value) ?? '')
}

/** A pattern for any of some texts, the longest that is there; undefined for none. */
export function anyOf(texts: readonly string[]): string | undefined {
  const escaped = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return escaped.length === 0 ? undefined : escaped.toSorted((a, b) => b.length - a.length).join('|')
}

export function wordsLeft(text: string, values: Iterable<string>): readonly string[] {
  const words = new Set(text.match(/\w+/g))
  return [...values].filter((value) => !isDistinctive(value) && words.has(value))
}
