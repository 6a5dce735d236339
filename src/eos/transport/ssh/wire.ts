/** The data types of SSH messages (RFC 4251 5), as far as keys and certificates need them. */

/** Reads values one after the other. Throws RangeError where the bytes end too early. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** How far it has read, in bytes. */
  get offset(): number {
    return this.#at
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  uint64(): bigint {
    const value = this.#bytes.readBigUInt64BE(this.#at)
    this.#at += 8
    return value
  }

  /** A `string`, which is bytes. */
  string(): Buffer {
    const length = this.uint32()
    if (length > this.#bytes.length - this.#at) throw new RangeError('a string is longer than its message')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  text(): string {
    return this.string().toString('latin1')
  }
}

/** A `uint32`. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A `string`. */
export function string(content: Uint8Array | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  return Buffer.concat([uint32(bytes.length), bytes])
}
