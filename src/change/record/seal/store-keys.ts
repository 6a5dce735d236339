import {
  type Cipher,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type Decipher,
  hash as digestOf,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey, InstallKeys } from '../../../model/install-keys.ts'

/** The code of a text under a key of at most 64 bytes: HMAC-SHA256 (RFC 2104), in hexadecimal, by two digests: what `createHmac` makes for each text takes longer. */
export function sealCode(key: Uint8Array): (text: string) => string {
  const padded = (pad: number) => Buffer.alloc(64, pad).map((byte, at) => byte ^ (key[at] ?? 0))
  const [inner, outer] = [padded(0x36), padded(0x5c)]
  return (text) => {
    const within = digestOf('sha256', Buffer.concat([inner, Buffer.from(text)]), 'binary')
    return digestOf('sha256', Buffer.concat([outer, Buffer.from(within, 'latin1')]), 'hex')
  }
}

export interface StoreKeys {
  readonly check: string
  seal(text: string): string
  /** Whether a text was sealed by the key that the store is under. */
  isSeal(text: string, seal: string): boolean
  name(content: Uint8Array): string
  readonly blob: Uint8Array
  readonly note: { name(text: string): string; readonly key: Uint8Array }
  /** What the key of the checkpoints was made of before it was a key by itself: Ed25519. */
  readonly checkpoint: Uint8Array
  /** The keys that the store was under before: what was made under them is read, and nothing that they seal counts. */
  readonly former: readonly StoreKeys[]
  readonly lacking: readonly string[]
}

/** How a key is called wherever people read it, and on record: the first eight hex digits of its check. */
export function keyId(check: string): string {
  return check.slice(0, 8)
}

/** Derives the keys of a store from one install key (HKDF-SHA256, RFC 5869). */
export function storeKeys(installKey: string): StoreKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', installKey, '', `eosflow-store-v1/${purpose}`, 32))
  const name = derive('blob-name')
  const noteName = sealCode(derive('note-name'))
  const seal = sealCode(derive('seal'))
  return {
    check: derive('check').toString('hex'),
    seal,
    isSeal: (text, given) => seal(text) === given,
    name: (content) => createHmac('sha256', name).update(content).digest('hex'),
    blob: derive('blob'),
    note: { name: noteName, key: derive('note') },
    checkpoint: derive('checkpoint'),
    former: [],
    lacking: [],
  }
}

// Apart: whoever is given keys does not get the install key with them.
interface Held {
  readonly text: string
  readonly keys: StoreKeys
}

/** The keys of a store whose install key may be rotated. It seals by the one that the store is under, and goes on to the next one once the store has; it never goes back. */
export class KeyRing implements StoreKeys {
  /** The install key in use, for what is keyed outside of the store. */
  readonly installKey: InstallKey
  /** The checks of the present key and of the next one, as they were given. */
  readonly given: { readonly key: string; readonly next: string | undefined }
  /** The ids of the keys that the store was under before, by its record, and that are not here. */
  lacking: readonly string[] = []
  #current: Held
  #next: Held | undefined
  #former: readonly Held[]

  constructor(given: string | InstallKeys) {
    const { key, next, old } = typeof given === 'string' ? { key: given, old: [] } : given
    const held = (text: string): Held => ({ text, keys: storeKeys(text) })
    this.#current = held(key)
    // What is given as an old key as well is an old one: nothing that it seals counts.
    this.#next = next === undefined || next === key || old.includes(next) ? undefined : held(next)
    this.#former = [...new Set(old)].filter((text) => text !== key).map(held)
    this.given = { key: this.check, next: this.#next?.keys.check }
    const own = () => this
    this.installKey = {
      get text() {
        return own().#current.text
      },
      get former() {
        return own().#former.map(({ text }) => text)
      },
      get next() {
        return own().#next?.text
      },
      get lacking() {
        return own().lacking
      },
    }
  }

  get check(): string {
    return this.#current.keys.check
  }

  get blob(): Uint8Array {
    return this.#current.keys.blob
  }

  get note(): StoreKeys['note'] {
    return this.#current.keys.note
  }

  get checkpoint(): Uint8Array {
    return this.#current.keys.checkpoint
  }

  get former(): readonly StoreKeys[] {
    return this.#former.map(({ keys }) => keys)
  }

  get next(): StoreKeys | undefined {
    return this.#next?.keys
  }

  seal(text: string): string {
    return this.#current.keys.seal(text)
  }

  name(content: Uint8Array): string {
    return this.#current.keys.name(content)
  }

  isSeal(text: string, seal: string): boolean {
    if (this.#current.keys.isSeal(text, seal)) return true
    if (this.#next?.keys.isSeal(text, seal) !== true) return false
    this.#goOn()
    return true
  }

  fits(check: string): boolean {
    if (check === this.#next?.keys.check) this.#goOn()
    return check === this.check
  }

  /** Throws `store`, naming the keys by their ids, where it is under another one. */
  require(where: string, check: string): void {
    if (this.fits(check)) return
    const id = keyId(check)
    if (this.former.some((one) => one.check === check))
      throw new EosflowError(
        'store',
        `${where} is under the key ${id}, which is given here as an old one, that only reads`,
        {
          hint: `Where the store was not rotated yet, give it as the present key, and the new one as the next. Where it was, somebody has put it back to before: it is an old backup, or the work of a thief of that key.`,
        },
      )
    const [first, ...others] = [this.#current, ...(this.#next === undefined ? [] : [this.#next])].map(({ keys }) =>
      keyId(keys.check),
    )
    const here = others.length === 0 ? `the one here is ${first}` : `the ones here are ${[first, ...others].join(', ')}`
    throw new EosflowError('store', `${where} was written under another key: under ${id}, and ${here}`, {
      hint: `Give the install key ${id}: in EOSFLOW_KEY, as install.key, or as what \`key:\` in eosflow.yaml names. Where it is lost nobody can read this store any more: keep it as evidence, and begin a new one.`,
    })
  }

  #goOn(): void {
    if (this.#next === undefined) return
    this.#former = [this.#current, ...this.#former]
    this.#current = this.#next
    this.#next = undefined
  }
}

/** A text was altered, or was made under an install key that the store was under before and that is not here. */
export class LackingKeyError extends EosflowError {
  constructor(ref: string, lacking: readonly string[]) {
    super('store', `${ref} in the store was altered, or made under ${lackingWords(lacking)}`, { hint: LACKING_HINT })
    this.name = 'LackingKeyError'
  }
}

export const LACKING_HINT =
  'Give it among the old ones: in EOSFLOW_OLD_KEYS, as a line of install.old.keys, or by `oldKeys:` in eosflow.yaml.'

export function lackingWords(lacking: readonly string[]): string {
  if (lacking.length === 0) return 'an install key that is not here'
  const keys = lacking.length === 1 ? `the install key ${lacking[0]}` : `one of the install keys ${lacking.join(', ')}`
  return `${keys}, which the store was under before and which is not here`
}

const IV_BYTES = 12
const TAG_BYTES = 16
const CONTENT_AT = IV_BYTES + TAG_BYTES
const PIECE = 1_048_576

/** Bytes under AES-256-GCM, with what they are as additional data: the 12-byte nonce, the 16-byte tag and the ciphertext. */
export function encrypted(key: Uint8Array, what: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(CONTENT_AT + content.length)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(what))
  passThrough(cipher, content, bytes.subarray(CONTENT_AT))
  bytes.set(iv)
  bytes.set(cipher.getAuthTag(), IV_BYTES)
  return bytes
}

/** Undefined where they were not encrypted by this key, or as something else. */
export function decrypted(key: Uint8Array, what: string, bytes: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(what)).setAuthTag(bytes.subarray(IV_BYTES, CONTENT_AT))
    const content = Buffer.alloc(Math.max(0, bytes.length - CONTENT_AT))
    passThrough(decipher, bytes.subarray(CONTENT_AT), content)
    return content
  } catch {
    return undefined
  }
}

export function nonceOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, IV_BYTES)
}

// Passes bytes through a cipher that gives as many, piece by piece: a plan may have 64 MiB, and is not there three times.
function passThrough(cipher: Cipher | Decipher, from: Uint8Array, to: Uint8Array) {
  for (let at = 0; at < from.length; at += PIECE) to.set(cipher.update(from.subarray(at, at + PIECE)), at)
  cipher.final()
}
