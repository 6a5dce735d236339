import { createHmac, hash as digestOf, hkdfSync } from 'node:crypto'

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
