import { TemplateFault } from './fault.ts'

/** How many steps one rendering may take; a loop that never ends stops here. */
export const FUEL = 1_000_000

/** How many characters all values of one rendering may have together; an item of a list counts as {@link PLACE}. */
const SIZE = 64n * 1024n * 1024n

/** How many characters one number may have in the widest sense: larger ones only cost time. */
const DIGITS = 20_000n

/** What a place of a list takes, in characters. */
const PLACE = 8n

/** What a list or a mapping takes besides its places. */
const ROW = 64n

/** Counts what one rendering costs, so that no template takes the process with it. */
export class Budget {
  #steps = FUEL
  #left = SIZE

  /** Takes steps; throws when there are none left. */
  spend(steps = 1): void {
    this.#steps -= steps
    if (this.#steps >= 0) return
    const message = `the template takes more than ${FUEL} steps`
    throw new TemplateFault('template-fuel', message, 'look for a loop that is far too long here')
  }

  /** Takes room for new characters or items, and steps for making them; throws when there is none left. */
  grow(size: number | bigint): void {
    this.#left -= BigInt(size)
    if (this.#left < 0n) throw tooLarge()
    this.spend(Math.floor(Number(size) / 256))
  }

  /** Takes room for the places of a list, before it is made. */
  items(count: number | bigint): void {
    this.grow(BigInt(count) * PLACE)
  }

  /** Takes room for so many lists of their own, each with so many places, before they are made. */
  rows(count: number | bigint, width: number): void {
    this.grow(BigInt(count) * (ROW + BigInt(width) * PLACE))
  }

  /** Takes room for a text and returns it. */
  text(made: string): string {
    this.grow(made.length)
    return made
  }

  /** Takes room for a text before it is changed, and then for what it has become longer by: a letter in its other case can be several. */
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

/** The fault of a template whose values are too large. */
export function tooLarge(): TemplateFault {
  const hint = 'look for a text or a list that grows with itself, or a long chain'
  return new TemplateFault('template-size', `the template makes more than ${SIZE / 1_048_576n} MiB of text`, hint)
}
