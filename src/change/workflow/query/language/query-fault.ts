export type QueryError =
  | 'States.QueryEvaluationError'
  | 'States.Runtime'
  | 'States.ResultPathMatchFailure'
  | 'States.ParameterPathFailure'
  | 'States.IntrinsicFailure'
  | 'States.DataLimitExceeded'

/** The longest cause of a failure, in UTF-16 code units (API EvaluationFailedEventDetails, `cause`). */
export const LONGEST_CAUSE = 32_768

/** `location` is the field, with the way into it: `Output/result`. */
export class QueryFault extends Error {
  readonly error: QueryError
  readonly location: string | undefined

  constructor(error: QueryError, cause: string, location?: string) {
    super(cause)
    this.name = 'QueryFault'
    this.error = error
    this.location = location
  }
}
