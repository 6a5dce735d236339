import type { Frame } from './frame.ts'

/**
 * Frames as they leave the server: in bytes, and without any secret. One that many who watch are sent at once is made once for all of them; what
 * is sent later is made anew, because a secret may have been learnt meanwhile.
 */
export class SentBytes {
  readonly #scrub: (text: string) => string
  readonly #utf8 = new TextEncoder()
  readonly #made = new Map<Frame, Uint8Array>()

  constructor(scrub: (text: string) => string) {
    this.#scrub = scrub
  }

  /** The bytes of a frame. They are shared: nobody writes to them. */
  of(frame: Frame): Uint8Array {
    const known = this.#made.get(frame)
    if (known !== undefined) return known
    // Behind everything that is sent without a pause.
    if (this.#made.size === 0) queueMicrotask(() => this.#made.clear())
    const bytes = this.#utf8.encode(this.#scrub(frame))
    this.#made.set(frame, bytes)
    return bytes
  }
}

/** One for each front. */
const ofFronts = new WeakMap<object, SentBytes>()

/** What makes the bytes that a front sends. */
export function sentBytes(front: { scrub(text: string): string }): SentBytes {
  const known = ofFronts.get(front) ?? new SentBytes((text) => front.scrub(text))
  ofFronts.set(front, known)
  return known
}
