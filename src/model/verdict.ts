/** `error` means the check could not be judged, which is never a pass. */
export type Verdict =
  | { readonly status: 'pass'; readonly facts: readonly string[] }
  | { readonly status: 'fail'; readonly reasons: readonly [string, ...string[]] }
  | { readonly status: 'skip'; readonly reason: string }
  | { readonly status: 'error'; readonly reason: string }

/** Passes with the given facts unless there is a reason against it. */
export function passUnless(reasons: readonly string[], facts: readonly string[] = []): Verdict {
  const [first, ...rest] = reasons
  return first === undefined ? { status: 'pass', facts } : { status: 'fail', reasons: [first, ...rest] }
}
