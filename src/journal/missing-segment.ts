import { EosflowError } from '../model/error.ts'

/** Which records a segment has. */
interface Span {
  readonly first: number
  readonly last: number
}

/** Records are asked for that are sealed in a segment, and its file is not at its place. Kind `store`. */
export class MissingSegmentError extends EosflowError {
  constructor(path: string, { first, last }: Span) {
    super('store', `the segment ${path} is missing: it has the records from ${first} to ${last}`, {
      hint: 'Put the file back from where it is kept: segments never change.',
    })
    this.name = 'MissingSegmentError'
  }
}
