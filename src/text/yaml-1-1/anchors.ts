import { type Mark, YamlFault } from './fault.ts'
import type { Token } from './token.ts'

/** How many values all aliases of a text may mean together: a few lines can mean billions. */
const ALIASED = 2_000_000

const PENDING = Symbol('an anchor whose value is not read yet')

/** The anchors of a text, and what its aliases mean. */
export class Anchors {
  private readonly values = new Map<string, unknown>()
  private readonly sizes = new Map<object, number>()
  private aliased = 0

  /** An anchor is met, and its value follows. Throws YamlFault for one that is there already, as libyaml does. */
  declare(anchor: string, mark: Mark): void {
    if (this.values.has(anchor))
      throw new YamlFault(`there is an anchor &${anchor} before this`, mark, 'give it another name')
    this.values.set(anchor, PENDING)
  }

  settle(anchor: string, value: unknown): void {
    this.values.set(anchor, value)
  }

  /** What an alias means. Throws YamlFault. */
  meant(alias: Token): unknown {
    const value = this.values.get(alias.text)
    if (value === undefined && !this.values.has(alias.text))
      throw new YamlFault(`there is no anchor &${alias.text} before this`, alias)
    if (value === PENDING) throw new YamlFault(`&${alias.text} is within itself`, alias)
    this.aliased += this.sizeOf(value)
    if (this.aliased > ALIASED) throw new YamlFault('the aliases of this file mean too many values', alias)
    return value
  }

  private sizeOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 1
    const known = this.sizes.get(value)
    if (known !== undefined) return known
    let size = 1
    for (const part of Object.values(value)) size += this.sizeOf(part)
    this.sizes.set(value, size)
    return size
  }
}
