import { EosflowError } from '../../../model/error.ts'

interface Span {
  readonly first: number
  readonly last: number
}

/** Records are asked for that are sealed in a segment, and its file is not at its place, or cannot be read (`cause`). Kind `store`. */
export class MissingSegmentError extends EosflowError {
  constructor(path: string, { first, last }: Span, cause?: Error & { readonly code: string }) {
    const what = cause === undefined ? 'is missing' : `cannot be read (${cause.code})`
    super('store', `the segment ${path} ${what}: it has the records from ${first} to ${last}`, {
      hint:
        cause === undefined
          ? 'Put the file back from where it is kept: segments never change.'
          : 'Give this user the right to read it, or put the file back from where it is kept.',
      cause,
    })
    this.name = 'MissingSegmentError'
  }
}
