import { isTerminator } from '../text/heredoc.ts'
import { BODY, COMMAND, commandEnd, commandStart, type Outline, rawRow, rowEnd } from '../text/outline.ts'

/**
 * Gives equal lines equal numbers, counting from 0: commands by themselves, trivia and heredoc lines as they are
 * written. A hash table over the texts themselves, because cutting a string out of the text for every row and
 * hashing it would be most of the cost of a comparison.
 */
export class LineNumbers {
  /** How many different lines there are so far. */
  distinct = 0
  /** Number plus 1 by hash, 0 where free. */
  private slots = new Int32Array(1024)
  /** By number: the text a line was first seen in, where, whether as a command, and its hash. */
  private readonly texts: string[] = []
  private readonly froms: number[] = []
  private readonly tos: number[] = []
  private readonly commands: boolean[] = []
  private readonly hashes: number[] = []

  /** The number of the line of a row. */
  of(outline: Outline, row: number): number {
    const command = outline.kind[row] === COMMAND
    const trimmed = command || (outline.kind[row] === BODY && isTerminator(rawRow(outline, row)))
    const from = trimmed ? commandStart(outline, row) : (outline.start[row] ?? 0)
    const to = trimmed ? commandEnd(outline.text, from, rowEnd(outline, row)) : rowEnd(outline, row)
    return this.number(outline.text, from, to, command)
  }

  private number(text: string, from: number, to: number, command: boolean): number {
    const hash = hashOf(text, from, to)
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (let known = this.slots[slot] ?? 0; known !== 0; known = this.slots[slot] ?? 0) {
      if (this.hashes[known - 1] === hash && this.equals(known - 1, text, from, to, command)) return known - 1
      slot = (slot + 1) & mask
    }
    this.texts.push(text)
    this.froms.push(from)
    this.tos.push(to)
    this.commands.push(command)
    this.hashes.push(hash)
    this.slots[slot] = ++this.distinct
    if (this.distinct * 2 > this.slots.length) this.grow()
    return this.distinct - 1
  }

  private equals(number: number, text: string, from: number, to: number, command: boolean): boolean {
    const other = this.texts[number] ?? ''
    const start = this.froms[number] ?? 0
    if (this.commands[number] !== command || (this.tos[number] ?? 0) - start !== to - from) return false
    const shift = start - from
    for (let at = from; at < to; at++) if (text.charCodeAt(at) !== other.charCodeAt(at + shift)) return false
    return true
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 4)
    const mask = slots.length - 1
    for (let number = 0; number < this.distinct; number++) {
      let slot = (this.hashes[number] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.slots = slots
  }
}

function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 1
}
