import { TemplateFault } from './fault.ts'

/** How many steps one rendering may take; a loop that never ends stops here. */
export const FUEL = 1_000_000

// How many characters all values of one rendering may have together; an item of a list counts as {@link PLACE}.
const SIZE = 64n * 1024n * 1024n

// How many characters one number may have in the widest sense: larger ones only cost time.
const DIGITS = 20_000n

// What a place of a list takes, in characters.
const PLACE = 8n

const ROW = 64n

/** Counts what one rendering costs, so that no template takes the process with it. */
export class Budget {
  #steps = FUEL
  #left = SIZE

  spend(steps = 1): void {
    this.#steps -= steps
    if (this.#steps >= 0) return
    const message = `the template takes more than ${FUEL} steps`
    throw new TemplateFault('template-fuel', message, 'look for a loop that is far too long here')
  }

  grow(size: number | bigint): void {
    this.#left -= BigInt(size)
    if (this.#left < 0n) throw tooLarge()
    this.spend(Math.floor(Number(size) / 256))
  }

  items(count: number | bigint): void {
    this.grow(BigInt(count) * PLACE)
  }

  rows(count: number | bigint, width: number): void {
    this.grow(BigInt(count) * (ROW + BigInt(width) * PLACE))
  }

  text(made: string): string {
    this.grow(made.length)
    return made
  }

  changed(text: string, change: (text: string) => string): string {
    this.grow(text.length)
    const made = change(text)
    this.grow(Math.max(0, made.length - text.length))
    return made
  }

  /** Throws for a number that has too many digits. */
  digits(count: bigint): void {
    if (count > DIGITS) throw tooLarge()
  }
}

export function tooLarge(): TemplateFault {
  const hint = 'look for a text or a list that grows with itself, or a long chain'
  return new TemplateFault('template-size', `the template makes more than ${SIZE / 1_048_576n} MiB of text`, hint)
}
