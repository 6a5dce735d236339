import type { LineDifference, SectionDifference } from '../../../eos/config/section-differences.ts'
import type { InventoryDevice } from '../../inventory/inventory.ts'
import type { ComplyException } from './comply-file.ts'

export interface JudgedLine extends LineDifference {
  readonly excuse?: ComplyException
}

export interface JudgedSection {
  readonly section: string
  readonly lines: readonly JudgedLine[]
}

export interface IdleException {
  readonly exception: ComplyException
  readonly because: 'expired' | 'unused'
  readonly lines: number
}

/** What is excused on the day on which it is judged, `2026-12-31` in UTC, over all switches of a comparison. */
export class Excuses {
  readonly #exceptions: readonly ComplyException[]
  readonly #today: string
  // How many lines each exception means; absent where none of its switches was compared.
  readonly #meant = new Map<ComplyException, number>()

  constructor(exceptions: readonly ComplyException[], today: string) {
    this.#exceptions = exceptions
    this.#today = today
  }

  judged(device: InventoryDevice, sections: readonly SectionDifference[]): readonly JudgedSection[] {
    const own = this.#exceptions.filter((one) => one.isFor(device))
    for (const one of own) this.#meant.set(one, this.#meant.get(one) ?? 0)
    return sections.map(({ section, lines }) => ({
      section,
      lines: lines.map((line): JudgedLine => {
        const { path, line: text } = line.change
        const meaning = own.filter((one) => one.means(section, [...path, text]))
        for (const one of meaning) this.#meant.set(one, (this.#meant.get(one) ?? 0) + 1)
        const excuse = meaning.find((one) => !this.#isOver(one))
        return excuse === undefined ? line : { ...line, excuse }
      }),
    }))
  }

  idle(): readonly IdleException[] {
    return this.#exceptions.flatMap((exception): readonly IdleException[] => {
      const lines = this.#meant.get(exception)
      if (lines === undefined) return []
      if (this.#isOver(exception)) return [{ exception, because: 'expired', lines }]
      return lines === 0 ? [{ exception, because: 'unused', lines }] : []
    })
  }

  #isOver({ until }: ComplyException): boolean {
    return until < this.#today
  }
}
