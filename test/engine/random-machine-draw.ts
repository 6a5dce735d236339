import type { Random } from '../../src/model/random.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'

/** Choices that a seed repeats. */
export interface Draw {
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T
}

/** Choices drawn from a source of randomness. */
export function drawFrom(random: Random): Draw {
  const between = (low: number, high: number): number => low + Math.floor(random.fraction() * (high - low + 1))
  return {
    between,
    chance: (probability) => random.fraction() < probability,
    pick: (list) => list[between(0, list.length - 1)] ?? list[0],
  }
}

/** Choices that depend on nothing but a seed and a text: the same whoever asks, in whatever order. */
export function drawOf(seed: number, text: string): Draw {
  return drawFrom(new SeededRandom(hashOf(`${seed}/${text}`)))
}

/** The 32 bit FNV-1a hash of a text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
