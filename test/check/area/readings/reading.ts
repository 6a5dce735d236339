import type { Json } from '../../../../src/model/json.ts'

/** Numbers that move on a switch while nothing changes. */
export interface Moving {
  readonly count: number
  readonly time: number
}

/** One thing that becomes another: where in which answer, what stands there then (undefined: nothing), and the line that tells it. */
export interface Planted {
  readonly at: readonly [answer: number, ...path: readonly (string | number)[]]
  readonly is: Json | undefined
  readonly line: string
}

/** What a switch answers to the commands of an area, its counters and times at these values, the state in it, and what may become of it. */
export interface AreaReading {
  readonly replies: (moving: Moving) => readonly Json[]
  readonly state: Json
  readonly planted: readonly [Planted, ...Planted[]]
}
