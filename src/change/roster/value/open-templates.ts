import type { Place } from '../../../model/problem.ts'
import type { Variable } from '../hosts/roster.ts'
import { cycleFault, depthFault } from './value-problem.ts'

type Path = readonly (string | number)[]

/** Where a value is: the variable that it is a part of, and whether the whole of that is secret. */
export interface Spot {
  readonly name: string
  readonly path: Path
  readonly place: (path: Path) => Place
  readonly isSecret: boolean
}

/** The spot of a whole variable. */
export function spotOf(name: string, { at, placeOf = () => at, isSecret }: Variable): Spot {
  return { name, path: [], place: placeOf, isSecret: isSecret === true }
}

/** The spot of a member or an item. */
export function partOf(spot: Spot, step: string | number): Spot {
  return { ...spot, path: [...spot.path, step] }
}

/** How many templates may be rendered for one another. */
const DEPTH = 20

/** What is known of a value that was read. */
export interface ReadValue {
  /** Whether it is secret, or made of something that is. */
  readonly isSecret: boolean
  /** Through how many templates it was made. */
  readonly steps: number
}

interface OpenTemplate {
  readonly id: string
  readonly name: string
  readonly at: Place
  isSecret: boolean
  steps: number
}

/** The templates of a host that are being rendered, the one that reads before the one that is read. */
export class OpenTemplates {
  readonly #open: OpenTemplate[] = []
  #isCut = false

  /** Renders one more, which keeps what it reads; throws ValueFault where it is open already, or too many are. */
  during<Made>(spot: Spot, at: Place, render: (reading: ReadValue) => Made): Made {
    const id = JSON.stringify([spot.name, ...spot.path])
    const before = this.#open.findIndex((open) => open.id === id)
    this.#isCut = before >= 0
    if (before >= 0) throw cycleFault([...this.#names().slice(before), nameOf(spot)], at)
    this.#refuseDeep(1, [nameOf(spot)], at)
    const template = { id, name: nameOf(spot), at, isSecret: spot.isSecret, steps: 1 }
    this.#open.push(template)
    try {
      return render(template)
    } finally {
      this.#open.pop()
    }
  }

  /**
   * Keeps what the template that is rendered now has read. A value that was made before is as deep as when it was made: throws ValueFault
   * where that is too deep from here, so that it does not matter what is read first.
   */
  note(read: ReadValue | undefined, again: Spot | undefined): void {
    const reading = this.#open.at(-1)
    if (reading === undefined || read === undefined) return
    if (again !== undefined) this.#refuseDeep(read.steps, [nameOf(again), '…'], reading.at)
    reading.isSecret ||= read.isSecret
    reading.steps = Math.max(reading.steps, read.steps + 1)
  }

  #refuseDeep(steps: number, behind: readonly string[], at: Place): void {
    if (this.#open.length + steps <= DEPTH) return
    this.#isCut = true
    throw depthFault([...this.#names(), ...behind], DEPTH, at)
  }

  #names(): readonly string[] {
    return this.#open.map(({ name }) => name)
  }

  /** Whether the fault that is on its way out is of what was being rendered, and not of the value alone. */
  isCut(): boolean {
    return this.#isCut && this.#open.length > 0
  }
}

function nameOf({ name, path }: Spot): string {
  return path.reduce<string>((text, step) => text + (typeof step === 'number' ? `[${step}]` : `.${step}`), name)
}
