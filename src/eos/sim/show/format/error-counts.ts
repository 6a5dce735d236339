import type { JsonObject } from '../../../../model/json.ts'
import type { ErrorCounts } from '../../converge/faults.ts'

export interface ErrorTotals {
  readonly detail: Readonly<
    Record<'runtFrames' | 'giantFrames' | 'fcsErrors' | 'alignmentErrors' | 'symbolErrors', number>
  >
  readonly inErrors: number
  readonly outErrors: number
  readonly inDiscards: number
  readonly outDiscards: number
}

export function errorTotals(errors: ErrorCounts): ErrorTotals {
  const detail = {
    runtFrames: errors.runtFrames ?? 0,
    giantFrames: errors.giantFrames ?? 0,
    fcsErrors: errors.fcsErrors ?? 0,
    alignmentErrors: errors.alignmentErrors ?? 0,
    symbolErrors: errors.symbolErrors ?? 0,
  }
  return {
    detail,
    inErrors: Object.values(detail).reduce((sum, count) => sum + count, 0),
    outErrors: errors.outErrors ?? 0,
    inDiscards: errors.inDiscards ?? 0,
    outDiscards: errors.outDiscards ?? 0,
  }
}

/** One element of `show interfaces counters errors`. */
export function errorsJson({ detail, inErrors, outErrors }: ErrorTotals): JsonObject {
  return {
    inErrors,
    outErrors,
    fcsErrors: detail.fcsErrors,
    alignmentErrors: detail.alignmentErrors,
    symbolErrors: detail.symbolErrors,
    frameTooShorts: detail.runtFrames,
    frameTooLongs: detail.giantFrames,
  }
}
