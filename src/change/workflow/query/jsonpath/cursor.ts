/** `position` counts from 0. */
export class QuerySyntaxError extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.name = 'QuerySyntaxError'
    this.position = position
  }
}

const MAX_DEPTH = 32

/** Every pattern given to it is sticky (`/…/y`). */
export class PathCursor {
  readonly text: string
  at = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  get next(): string {
    return this.text.charAt(this.at)
  }

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected '${token}'`)
  }

  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found
  }

  spaces(): void {
    this.match(/\s*/y)
  }

  /** Reads something that may contain itself, 32 levels deep at most. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) this.fail('nested too deep')
    this.#depth += 1
    const value = read()
    this.#depth -= 1
    return value
  }

  /** Throws QuerySyntaxError about what comes next. */
  fail(message: string): never {
    const found = this.done ? 'the end' : `'${this.next}'`
    throw new QuerySyntaxError(`${message}, found ${found} at position ${this.at}`, this.at)
  }
}
