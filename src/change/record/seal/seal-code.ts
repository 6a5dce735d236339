import { hash as digestOf } from 'node:crypto'
import { setDigest } from './chain.ts'

const [BLOCK, DIGEST] = [64, 32]
/** Texts of so many bytes are written over each other. */
const ROOM = 2_000

/**
 * The code of a text under a key of at most 64 bytes: HMAC-SHA256 (RFC 2104), in hexadecimal. By two digests in one call each: the object that `createHmac`
 * makes for each text takes as long again, and every row that is written or listed has a seal.
 */
export function sealCode(key: Uint8Array): (text: string) => string {
  const [inner, outer] = [Buffer.alloc(BLOCK + ROOM), Buffer.alloc(BLOCK + DIGEST)]
  for (let at = 0; at < BLOCK; at += 1) {
    inner[at] = (key[at] ?? 0) ^ 0x36
    outer[at] = (key[at] ?? 0) ^ 0x5c
  }
  return (text) => {
    const end = BLOCK + Buffer.byteLength(text)
    const message = end <= inner.length ? inner : Buffer.concat([inner.subarray(0, BLOCK)], end)
    message.write(text, BLOCK)
    setDigest(outer, BLOCK, digestOf('sha256', message.subarray(0, end), 'binary'))
    return digestOf('sha256', outer, 'hex')
  }
}
