import type { Room } from '../../change/record/room.ts'
import { EosflowError } from '../../model/error.ts'

export interface FullDiskPorts {
  /** Milliseconds since the beginning. */
  now(): number
  areOn(): boolean
  meet(what: string): void
}

export class FullDisk implements Room {
  readonly #ports: FullDiskPorts
  #until = 0
  #hasBallast = true
  #reserve = 0
  #spare = 0

  constructor(ports: FullDiskPorts) {
    this.#ports = ports
  }

  /** Fills it, for so many milliseconds; its ballast is worth so many writes. */
  fill(milliseconds: number, reserve: number): void {
    this.#until = this.#ports.now() + milliseconds
    this.#reserve = reserve
    this.#spare = 0
  }

  /** Throws `store` while it is full, as SQLite does when something is written. */
  write(): void {
    if (!this.#isFull()) return
    if (this.#spare > 0) {
      this.#spare -= 1
      return
    }
    this.#ports.meet('full disk refuses')
    throw new EosflowError('store', 'the disk is full')
  }

  opened(): this {
    if (!this.#isFull()) this.#hasBallast = true
    return this
  }

  require(): void {
    if (!this.#isFull()) {
      this.#hasBallast = true
      return
    }
    this.#ports.meet('full disk refuses a change')
    throw new EosflowError('guard', 'the disk of the store has nothing to give')
  }

  release(): boolean {
    if (!this.#hasBallast) return false
    this.#hasBallast = false
    this.#spare = this.#isFull() ? this.#reserve : 0
    this.#ports.meet('ballast given up')
    return true
  }

  #isFull(): boolean {
    return this.#ports.now() < this.#until && this.#ports.areOn()
  }
}
