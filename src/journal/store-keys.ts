import { createHmac, hkdfSync } from 'node:crypto'

/** The keys of a store, each derived from the install key for one purpose. */
export interface StoreKeys {
  /** Tells one install key from another without showing either. */
  readonly check: string
  /** Seals the marks of the chain. */
  seal(text: string): string
  /** Names a blob after its content. */
  name(content: Uint8Array): string
  /** Encrypts blobs: AES-256. */
  readonly blob: Uint8Array
  /** Names notes by a keyed digest, and encrypts them: AES-256. */
  readonly note: { name(text: string): string; readonly key: Uint8Array }
  /** What the key of the checkpoints was made of before it was a key by itself: Ed25519. */
  readonly checkpoint: Uint8Array
}

/** Derives the keys of a store from the install key (HKDF-SHA256, RFC 5869). */
export function storeKeys(installKey: string): StoreKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', installKey, '', `eosflow-store-v1/${purpose}`, 32))
  const seal = derive('seal')
  const name = derive('blob-name')
  const noteName = derive('note-name')
  return {
    check: derive('check').toString('hex'),
    seal: (text) => createHmac('sha256', seal).update(text).digest('hex'),
    name: (content) => createHmac('sha256', name).update(content).digest('hex'),
    blob: derive('blob'),
    note: {
      name: (text) => createHmac('sha256', noteName).update(text).digest('hex'),
      key: derive('note'),
    },
    checkpoint: derive('checkpoint'),
  }
}
